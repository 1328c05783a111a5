// Finding what was written in another language or script, keeping a search, and reading in the script one prefers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, composer, open, openChannel, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const box = (page) => page.getByRole('searchbox', { name: 'Search messages' });
const hits = (page) => page.locator('ol[data-said] > li');
const found = (page, text) => hits(page).filter({ hasText: text }).first();
const chips = (page, group) => page.getByRole('group', { name: group }).getByRole('button');
const query = (page) => new URL(page.url()).searchParams;

async function search(page, words, more = '') {
  await page.goto(`${house.url}/search?q=${encodeURIComponent(words)}${more}`);
}

test('what was written in Cyrillic is found by what is typed in Latin, without its accents', async () => {
  const page = await window(house, 'member.rs');
  await openChannel(house, page, 'lobby');
  await say(page, 'Жртве трговине децом препознаје школски психолог у Чачку');
  await said(page, 'школски психолог').waitFor();
  await page.goto(`${house.url}/search`);
  await box(page).fill('zrtve trgovine decom psiholog');
  await found(page, 'школски психолог').waitFor();
  assert.equal(query(page).get('q'), 'zrtve trgovine decom psiholog');
  const marked = await found(page, 'школски психолог').locator('mark').allTextContents();
  assert.ok(marked.includes('Жртве') && marked.includes('психолог'), marked.join());
  await audit(page, 'what was found');
  page.quiet();
  await page.context().close();
});

test('the order is in the address, and stays there', async () => {
  const page = await window(house, 'member.rs');
  await search(page, 'children');
  await hits(page).first().waitFor();
  const order = (name) => page.getByRole('group', { name: 'Order' }).getByRole('button', { name });
  assert.equal(await order('Newest').getAttribute('aria-pressed'), 'true');
  await order('Best match').click();
  await page.waitForURL(/sort=relevance/);
  await page.reload();
  await hits(page).first().waitFor();
  assert.equal(await order('Best match').getAttribute('aria-pressed'), 'true');
  await order('Newest').click();
  await page.waitForURL((url) => !url.search.includes('sort'));
  page.quiet();
  await page.context().close();
});

test('a search is narrowed down by pressing, and widened again', async () => {
  const page = await window(house, 'member.rs');
  await search(page, 'children');
  await hits(page).first().waitFor();
  for (const [group, operator] of [['Country', 'country'], ['Year', 'after'], ['Language', 'lang']]) {
    const chip = chips(page, group).first();
    await chip.click();
    await page.waitForURL((url) => url.searchParams.get('q').includes(`${operator}:`));
    await chips(page, group).and(page.locator('[aria-pressed=true]')).waitFor();
    assert.equal(await box(page).inputValue(), query(page).get('q'));
    await chips(page, group).and(page.locator('[aria-pressed=true]')).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'children');
  }
  await chips(page, 'Kind').filter({ hasText: 'Topics' }).click();
  await page.waitForURL(/kind/);
  await page.getByRole('heading', { name: 'Topics', exact: true }).waitFor();
  assert.equal(await hits(page).count(), 0);
  await page.goBack();
  await hits(page).first().waitFor();
  page.quiet();
  await page.context().close();
});

test('what else is found stands above the messages, and the arrows lead through all of it', async () => {
  const page = await window(house, 'member.rs');
  await search(page, 'Serbia');
  const country = page.getByRole('region', { name: 'Also found' }).getByRole('link', { name: /^Serbia/ });
  await country.first().waitFor();
  await box(page).focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.matches('[data-hit]')), true);
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate(() => document.activeElement.type), 'search');
  await country.and(page.locator('[href="/countries/RS"]')).click();
  await page.waitForURL(/countries\/RS/);
  page.quiet();
  await page.context().close();
});

test('words of the other languages are searched, said, and left out on one press', async () => {
  const page = await window(house, 'member.rs');
  await search(page, 'trgovina decom');
  const line = page.getByText('Also searched:');
  await line.waitFor();
  assert.equal(await line.locator('.word').count(), 4);
  await line.getByRole('button', { name: /more$/ }).click();
  assert.match(await line.textContent(), /трафик на деца \(bg\)/);
  assert.match(await line.textContent(), /εμπορία παιδιών \(el\)/);
  await audit(page, 'words of other languages');
  await line.getByRole('button', { name: 'Only my words' }).click();
  await page.waitForURL(/across=false/);
  await page.reload();
  await page.getByRole('button', { name: 'Search them, too' }).click();
  await page.waitForURL((url) => !url.search.includes('across'));
  await line.waitFor();
  page.quiet();
  await page.context().close();
});

test('nothing found: the page says what else to try, and whom to ask', async () => {
  const page = await window(house, 'member.rs');
  await search(page, 'xylofonische bathysphere country:RO', '&across=false');
  await page.getByRole('heading', { name: /^Nothing found/ }).waitFor();
  await audit(page, 'nothing found');
  assert.equal(await page.getByRole('link', { name: 'With the words of the other languages' }).getAttribute('href'), '/search?q=xylofonische+bathysphere+country%3ARO');
  await page.getByRole('link', { name: /^Without the filters/ }).click();
  await page.waitForURL((url) => url.searchParams.get('q') === 'xylofonische bathysphere');
  await page.getByRole('link', { name: 'Ask a focal point' }).click();
  await page.waitForURL((url) => url.pathname === '/directory' && url.searchParams.get('q') === 'xylofonische bathysphere');
  await page.context().close();
});

test('what can’t be understood is said', async () => {
  const page = await window(house, 'member.rs');
  for (const [typed, why] of [['lang:xx', 'not a language of the region'], ['kind:boat', 'not a kind of thing'], ['has:wings', 'a link, a mention or a quote'], ['marking:blue', 'not a marking']]) {
    await search(page, `children ${typed}`);
    await page.locator('#search-misunderstood').filter({ hasText: why }).waitFor();
    assert.match(await page.locator('#search-misunderstood').textContent(), new RegExp(typed));
  }
  await page.context().close();
});

test('a search is kept, tells of what is new, is named anew and dropped', async () => {
  const page = await window(house, 'member.gr');
  await search(page, 'children theme:forced-begging');
  await page.getByRole('button', { name: 'Save search' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this search' });
  await dialog.getByLabel('Name').fill('Begging children');
  await dialog.getByRole('switch', { name: 'Tell me of new results' }).click();
  await audit(page, 'keeping a search');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Saved' }).waitFor();
  await page.goto(`${house.url}/search`);
  const kept = page.getByRole('region', { name: 'Saved searches' }).getByRole('listitem');
  await kept.filter({ hasText: 'Begging children' }).waitFor();
  const bell = kept.getByRole('button', { name: /^Tell me/ });
  assert.equal(await bell.getAttribute('aria-pressed'), 'true');
  await bell.click();
  await bell.and(page.locator('[aria-pressed=false]')).waitFor();
  await kept.getByRole('button', { name: /^More on/ }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog', { name: 'Rename' }).getByLabel('Name').fill('Παιδιά');
  await page.keyboard.press('Enter');
  await kept.filter({ hasText: 'Παιδιά' }).waitFor();
  await page.reload();
  await kept.filter({ hasText: 'Παιδιά' }).waitFor();
  assert.equal(await bell.getAttribute('aria-pressed'), 'false');
  await audit(page, 'searches that are kept');
  await kept.getByRole('link').click();
  await page.waitForURL((url) => url.searchParams.get('q') === 'children theme:forced-begging');
  await page.goto(`${house.url}/search`);
  await kept.getByRole('button', { name: /^More on/ }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog', { name: 'Remove “Παιδιά”?' }).getByRole('button', { name: 'Remove' }).click();
  await kept.waitFor({ state: 'detached' });
  page.quiet();
  await page.context().close();
});

test('on a narrow screen what narrows a search down is behind one button', async () => {
  const page = await window(house, 'member.rs', { viewport: { width: 360, height: 740 } });
  await search(page, 'children');
  await hits(page).first().waitFor();
  assert.equal(await chips(page, 'Country').first().isVisible(), false);
  await page.getByRole('button', { name: 'Narrow down' }).click();
  await chips(page, 'Country').first().click();
  await page.getByRole('button', { name: 'Narrow down (1)' }).waitFor();
  await audit(page, 'a narrow screen');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  page.quiet();
  await page.context().close();
});

test('Serbian is read in the script that one prefers, and stays what was written', async () => {
  const page = await window(house, 'member.rs', { permissions: ['clipboard-read', 'clipboard-write'] });
  await openChannel(house, page, 'lobby');
  const written = 'Његова пријава стиже до THB тима: види https://primer.example/деца и `дете`';
  await say(page, written);
  await say(page, 'Децата са в училище, а учителите не знаят');
  await say(page, 'Žrtve često nadžive injekcije, javite se na ana.desk@centre.example ili u XIV okrug');
  await said(page, 'nadžive').waitFor();

  const read = async (script) => {
    await page.goto(`${house.url}/me`);
    await page.getByLabel(/^Serbian, Bosnian/).selectOption(script);
    await openChannel(house, page, 'lobby');
  };
  const row = (text) => page.getByRole('article').filter({ hasText: text });
  await read('latin');
  await said(page, 'Njegova prijava stiže do THB tima: vidi https://primer.example/деца i дете').waitFor();
  await said(page, 'Децата са в училище, а учителите не знаят').waitFor();
  // An abbreviation explains itself as before.
  assert.equal(await row('Njegova prijava').locator('abbr').textContent(), 'THB');
  await audit(page, 'a conversation in Latin');

  await said(page, 'Njegova prijava').evaluate((line) => getSelection().selectAllChildren(line));
  await page.keyboard.press('Control+C');
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('Његова пријава'));
  await said(page, 'Njegova prijava').waitFor();

  await row('Njegova prijava').hover();
  await row('Njegova prijava').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Show it as it was written' }).click();
  await said(page, 'Његова пријава').waitFor();
  await row('Његова пријава').hover();
  await row('Његова пријава').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Show it in the script I read' }).click();
  await said(page, 'Njegova prijava').waitFor();
  await row('Njegova prijava').hover();
  await row('Njegova prijava').getByRole('toolbar').getByRole('button', { name: 'Edit' }).click();
  assert.equal(await page.locator('article textarea').inputValue(), written);
  await page.keyboard.press('Escape');

  await read('cyrillic');
  await said(page, 'Жртве често надживе инјекције, јавите се на ana.desk@centre.example или у XIV округ').waitFor();
  await search(page, 'nadžive injekcije');
  await found(page, 'надживе инјекције').waitFor();
  await read('written');
  await said(page, 'nadžive injekcije').waitFor();
  assert.equal(await composer(page).inputValue(), '');
  page.quiet();
  await page.context().close();
});
