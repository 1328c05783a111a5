// Somebody types a number, sees where it stands and why, says it otherwise or takes it to a closed room; and posts what is
// hard to read under a warning, which a reader lifts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, channel, composer, open, openChannel, said, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const NUMBER = '0101901710008';
const NEED = `A bed for a girl, 13 years old, from Subotica, a Serbian citizen, JMBG ${NUMBER}, tonight`;
const SCREENS = [
  ['wide and light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['small and dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
];

const note = (page, word) => page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Show “${word}” in the text` }) });
const chosen = (page) => composer(page).evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
/** Words under which a line is drawn, with the style of the line. */
const lines = (page) =>
  page.locator('.underlines span').evaluateAll((words) => words.map((word) => `${word.textContent}: ${getComputedStyle(word).textDecorationStyle}`));
const inCountry = (page) => page.getByRole('heading', { level: 1, name: 'Romania' });

for (const [name, screen] of SCREENS) {
  test(`a number is marked where it stands, and the need goes to a closed room, ${name}`, async () => {
    const page = await window(house, 'member.ro', screen);
    await openChannel(house, page, 'ro');
    await composer(page).fill(NEED);
    await note(page, NUMBER).getByText('may be a citizen number').waitFor();
    assert.deepEqual(await lines(page), ['13: dashed', 'Subotica: dashed', `${NUMBER}: wavy`]);
    await page.getByText('a moderator sees it first, covered').waitFor();
    await audit(page, `marks in the field, ${name}`);

    // By key from one to the next, and around; what is said of it is read out and stands out.
    await composer(page).press('Home');
    await composer(page).press('Control+Home');
    for (const word of ['13', 'Subotica', NUMBER, '13']) {
      await composer(page).press('F8');
      assert.equal(await chosen(page), word);
      assert.equal(await note(page, word).getAttribute('aria-current'), 'true');
    }
    await page.getByRole('status').filter({ hasText: /^1 of 3\. 13 tells an age/ }).waitFor({ state: 'attached' });
    await composer(page).press('Shift+F8');
    assert.equal(await chosen(page), NUMBER);
    // From a note to its place, and from a place to its note.
    await note(page, 'Subotica').getByRole('button', { name: /in the text/ }).click();
    assert.equal(await chosen(page), 'Subotica');
    await composer(page).evaluate((field, at) => field.setSelectionRange(at, at), NEED.indexOf(NUMBER) + 3);
    await page.locator('li[aria-current]', { hasText: NUMBER }).waitFor();

    // What is written before it moves the mark along at once; another word is never marked.
    await composer(page).press('Control+Home');
    await page.keyboard.type('Please: ');
    assert.ok((await lines(page)).includes(`${NUMBER}: wavy`));
    await note(page, '13').getByRole('button', { name: 'Write “10-13”' }).click();
    assert.match(await composer(page).inputValue(), /^Please: A bed for a girl, 10-13 years old, from/);

    await page.getByRole('button', { name: 'Take it to a closed room' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take it to a closed room' });
    assert.doesNotMatch(await dialog.innerText(), new RegExp(NUMBER));
    await dialog.getByRole('radio', { name: 'Police and judicial cooperation' }).check();
    await audit(page, `choosing a closed room, ${name}`);
    await dialog.getByRole('button', { name: 'Put it there and go' }).click();
    await page.getByRole('heading', { level: 1, name: 'Police and judicial cooperation' }).waitFor();
    await page.getByText('Nothing has been sent').waitFor();
    const draft = await composer(page).inputValue();
    assert.match(draft, /Please: A bed for a girl, 10-13 years old, from •+/);
    assert.ok(!draft.includes(NUMBER));

    // Once more: it stands below what is there, and stays where it was written if one says so.
    await openChannel(house, page, 'ro');
    assert.equal(await composer(page).inputValue(), '');
    await composer(page).fill(`Or ${NUMBER}`);
    await page.getByRole('button', { name: 'Take it to a closed room' }).click();
    await dialog.getByRole('radio', { name: 'Police and judicial cooperation' }).check();
    await dialog.getByLabel('And empty this field').uncheck();
    await dialog.getByRole('button', { name: 'Put it there and go' }).click();
    await page.getByRole('heading', { level: 1, name: 'Police and judicial cooperation' }).waitFor();
    await composer(page).waitFor();
    assert.match(await composer(page).inputValue(), /^Please: [^]*\n\nOr •+$/);
    await composer(page).fill('');
    await openChannel(house, page, 'ro');
    assert.equal(await composer(page).inputValue(), `Or ${NUMBER}`);
    await composer(page).fill('');
    page.quiet();
    await page.context().close();
  });

  test(`the lines lie under their words, ${name}`, async () => {
    const page = await window(house, 'member.ro', { ...screen, bypassCSP: true });
    await openChannel(house, page, 'ro');
    await page.addStyleTag({ content: 'textarea { caret-color: transparent } .underlines span { text-decoration: none !important }' });
    const texts = [
      `Who asks?\tThe JMBG is ${NUMBER} 👩‍👧, and averyverylongwordthatisbrokensomewhereinthefieldbecauseitistoolongforit ${NUMBER} ends.\n\nIBAN RO49AAAA1B31007593840000 and so on until it wraps`,
      `Колеге, ЈМБГ је ${NUMBER}, а телефон +381 64 555 0123. Пишите што пре, хвала вам унапред на помоћи.`,
      'Συνάδελφοι, το ΑΦΜ 123456783 της κοπέλας· τηλέφωνο +30 694 123 4567. Σας ευχαριστούμε εκ των προτέρων.',
      `${NUMBER}\n`.repeat(40),
    ];
    for (const text of texts) {
      await composer(page).fill(text);
      await page.locator('.underlines span').first().waitFor({ state: 'attached' });
      // Past the middle of what is scrolled, where there is something to scroll.
      await composer(page).evaluate((field) => field.scrollTo(0, field.scrollHeight / 2));
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      assert.ok((await strayed(page)) < 100, `${name}: ${text.slice(0, 40)}`);
    }
    await page.context().close();
  });

  test(`what is hard to read is covered until somebody wants it, ${name}`, async () => {
    const words = `The statement describes it in full (${name})`;
    const author = await window(house, 'member.ro', screen);
    const reader = await window(house, 'academia', screen);
    await openChannel(house, reader, 'lobby');
    await openChannel(house, author, 'lobby');
    await composer(author).fill(words);
    await author.getByRole('button', { name: 'More labels' }).click();
    await author.getByRole('button', { name: 'sexual abuse' }).click();
    const field = author.getByRole('textbox', { name: 'Content warning' });
    assert.equal(await field.inputValue(), 'sexual abuse');
    await field.fill('hard to read: violence against a child');
    await audit(author, `a warning is written, ${name}`);
    // Enter in the field of a label sends nothing.
    await field.press('Enter');
    await author.keyboard.press('Escape');
    assert.equal(await composer(author).inputValue(), words);
    await composer(author).press('Enter');

    const row = (page) => page.getByRole('article').filter({ hasText: 'Content warning: hard to read: violence against a child' }).last();
    const show = (page) => row(page).getByRole('button', { name: 'Show' });
    await show(reader).waitFor();
    assert.ok(!(await reader.content()).includes(words), 'nothing of it is in the page');
    assert.equal(await show(reader).getAttribute('aria-expanded'), 'false');
    await audit(reader, `a covered message, ${name}`);
    await show(reader).focus();
    await reader.keyboard.press('Enter');
    await said(reader, words).waitFor();
    assert.equal(await row(reader).getByRole('button', { name: 'Cover' }).getAttribute('aria-expanded'), 'true');
    await audit(reader, `an uncovered message, ${name}`);

    // A search shows the warning and nothing else; the session remembers what was uncovered.
    await reader.evaluate(() => { history.pushState(null, '', '/search?q=statement'); dispatchEvent(new PopStateEvent('popstate')); });
    await reader.getByText('Content warning: hard to read').first().waitFor();
    assert.ok(!(await reader.getByRole('main').innerText()).includes(words));
    await reader.goBack();
    await said(reader, words).waitFor();
    // A page begun anew covers it again, but for who wants all at once.
    await reader.reload();
    await show(reader).waitFor();
    await reader.goto(`${house.url}/me`);
    await reader.getByRole('switch', { name: 'Show what carries a content warning at once' }).click();
    await openChannel(house, reader, 'lobby');
    await said(reader, words).waitFor();
    // The warning was about this message: the next one has none.
    await composer(author).fill(`And what comes next (${name})`);
    await composer(author).press('Enter');
    await said(author, `And what comes next (${name})`).waitFor();
    for (const page of [author, reader]) page.quiet();
    for (const page of [author, reader]) await page.context().close();
  });
}

/** By how much (of 255) a letter of the layer differs at most from the field's own in the same place: a fraction of a pixel gives little, a whole one nearly everything. */
async function strayed(page) {
  const box = await composer(page).boundingBox();
  const clip = { x: box.x + 4, y: box.y + 4, width: box.width - 8, height: box.height - 8 };
  const own = await page.screenshot({ clip });
  await page.evaluate(() => {
    const [layer, field] = [document.querySelector('.underlines'), document.querySelector('.underlines + textarea')];
    layer.style.color = getComputedStyle(field).color;
    field.style.color = 'transparent';
  });
  const drawn = await page.screenshot({ clip });
  return page.evaluate(async (pictures) => {
    const [layer, field] = [document.querySelector('.underlines'), document.querySelector('.underlines + textarea')];
    layer.style.color = field.style.color = '';
    const [one, other] = await Promise.all(
      pictures.map(async (base64) => {
        const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
        const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
        canvas.drawImage(picture, 0, 0);
        return canvas.getImageData(0, 0, picture.width, picture.height).data;
      }),
    );
    return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at])), 0);
  }, [own.toString('base64'), drawn.toString('base64')]);
}
