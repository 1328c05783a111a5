// Without a mouse, with other keyboards and narrow screens: nothing is lost under one's hands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, channel, composer, open, openChannel, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

/** What has the focus, in short. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return `${element.tagName}${element.id ? `#${element.id}` : ''} ${element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40)}`;
  });
const inComposer = (page) => page.waitForFunction(() => document.activeElement?.matches('form.composer textarea'), undefined, { timeout: 5000 });
const notLost = async (page, when) => assert.ok(!(await focused(page)).startsWith('BODY'), `the focus was lost ${when}`);
const inRow = (page) => page.waitForFunction(() => document.activeElement?.closest('article[data-seq]') !== null, undefined, { timeout: 5000 });

async function switchTo(page, typed, name) {
  await page.keyboard.press('Control+k');
  await page.locator('dialog[open] input[role=combobox]:focus').waitFor();
  await page.keyboard.type(typed);
  await page.getByRole('option', { name }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** The newest message by keyboard, as a reader comes to it: backwards from where one writes. */
async function toNewest(page) {
  await inComposer(page);
  for (let n = 0; n < 20; n += 1) {
    await page.keyboard.press('Shift+Tab');
    if (await page.evaluate(() => document.activeElement?.closest('article[data-seq]') !== null)) break;
  }
  // From a button of the message to the message itself; Escape there would lead back to writing.
  if (!(await page.evaluate(() => document.activeElement.matches('article')))) await page.keyboard.press('Escape');
}

/** A window of somebody whose own language is French, in English. */
async function english(handle, options) {
  const page = await window(house, handle, options);
  await page.evaluate(() => localStorage.setItem('egida.language', '"en"'));
  return page;
}

/** A room that its maker alone belongs to. */
async function room(page, kind, name) {
  return page.evaluate(async ([kind, name]) => {
    const wish = { kind, name: { en: name } };
    const answer = await fetch('/api/channels', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) });
    return (await answer.json()).id;
  }, [kind, name]);
}

test('from Ctrl+K to writing there is no Tab, and no focus that a script gave', async () => {
  const page = await window(house, 'member.ro');
  await switchTo(page, 'lobby', 'Lobby');
  await inComposer(page);
  await page.keyboard.type('Written with ten fingers');
  await page.keyboard.press('Enter');
  await said(page, 'Written with ten fingers').waitFor();
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForURL((url) => url.pathname.startsWith('/c/'));
  await inComposer(page);
  // To a page without a place to write: its heading has the focus.
  await switchTo(page, 'browse', 'Browse channels');
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  page.quiet();
  await page.context().close();
});

test('the messages cost the Tab key one stop, and C or Alt+C leads to writing from anywhere', async () => {
  const page = await window(house, 'member.ro');
  await openChannel(house, page, 'lobby');
  await page.locator('article[data-seq]').last().waitFor();
  const stops = await page.evaluate(() => [...document.querySelectorAll('[role=log] :is(a, button, article)')].filter((element) => element.tabIndex >= 0 && element.offsetParent).length);
  assert.equal(stops, 1);
  await page.locator('a[href="/missed"]').focus();
  await page.keyboard.press('c');
  await inComposer(page);
  assert.equal(await composer(page).inputValue(), '');
  await page.getByRole('searchbox', { name: 'Filter topics' }).focus();
  await page.keyboard.press('c');
  assert.equal(await page.getByRole('searchbox', { name: 'Filter topics' }).inputValue(), 'c');
  await page.keyboard.press('Alt+c');
  await inComposer(page);
  // The links of the message in hand are there once it has the focus.
  await toNewest(page);
  await inRow(page);
  await page.keyboard.press('Tab');
  await inRow(page);
  await page.context().close();
});

test('the focus comes back after the emoji picker, and stays when a reaction goes', async () => {
  const page = await window(house, 'member.ro');
  await openChannel(house, page, 'newcomers');
  await composer(page).click();
  await page.keyboard.type('Something to agree with');
  await page.keyboard.press('Enter');
  const row = page.locator('article[data-seq]', { hasText: 'Something to agree with' });
  await row.waitFor();
  await toNewest(page);
  await inRow(page);
  await page.keyboard.press('+');
  await page.locator('input[type=search]:focus').waitFor();
  await page.getByRole('button', { name: 'eyes' }).waitFor();
  await page.keyboard.type('thumbs');
  await page.keyboard.press('Enter');
  const reaction = row.getByRole('button', { name: /^👍, 1 person/, pressed: true });
  await reaction.waitFor();
  await page.waitForTimeout(300);
  await inRow(page);
  assert.equal(await page.locator(':popover-open').count(), 0);
  await reaction.focus();
  await page.keyboard.press('Enter');
  await reaction.waitFor({ state: 'detached' });
  await inRow(page);
  page.quiet();
  await page.context().close();
});

test('who reacted is told, and who may not react learns why', async () => {
  const author = await english('moderator.region');
  const id = await room(author, 'open', 'Room of reactions');
  await author.goto(`${house.url}/c/${id}`);
  await say(author, 'Seen by several');
  const row = author.locator('article[data-seq]', { hasText: 'Seen by several' });
  await row.waitFor();
  await row.hover();
  await row.getByRole('button', { name: 'React with ✅' }).click();
  await row.getByRole('button', { name: '✅, 1 person: you' }).waitFor();
  const stranger = await window(house, 'member.gr');
  await stranger.goto(`${house.url}/c/${id}`);
  const seen = stranger.locator('article[data-seq]', { hasText: 'Seen by several' });
  await seen.hover();
  const name = await stranger.evaluate(() => document.querySelector('article[data-seq]:last-of-type .author')?.textContent);
  const reaction = seen.getByRole('button', { name: `✅, 1 person: ${name}` });
  await reaction.waitFor();
  assert.equal(await reaction.getAttribute('aria-disabled'), 'true');
  assert.match(await reaction.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby')).textContent), /Join the channel/);
  await reaction.click({ force: true });
  await stranger.waitForTimeout(300);
  assert.equal(await reaction.count(), 1, 'nothing happened');
  // The menu has the whole list, and no mark as unread: only members have one.
  await seen.getByRole('button', { name: 'More actions' }).click();
  assert.equal(await stranger.getByRole('menuitem', { name: 'Mark as unread from here' }).count(), 0);
  await stranger.getByRole('menuitem', { name: 'Who reacted' }).click();
  await stranger.getByRole('dialog', { name: 'Who reacted' }).getByText(name).waitFor();
  await stranger.waitForTimeout(300);
  await audit(stranger, 'who reacted');
  author.quiet();
  stranger.quiet();
  await author.context().close();
  await stranger.context().close();
});

test('what lies over the page on a narrow screen takes the focus and gives it back', async () => {
  const page = await window(house, 'member.ro', { viewport: { width: 700, height: 740 } });
  await openChannel(house, page, 'lobby');
  const menu = page.getByRole('button', { name: 'Channels and pages' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.closest('.rail') !== null);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Channels and pages');
  const list = page.getByRole('button', { name: 'Topics', exact: true });
  await list.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.closest('nav.topics') !== null);
  await page.keyboard.press('Escape');
  await page.locator('nav.topics').waitFor({ state: 'hidden' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Topics');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.closest('nav.topics') !== null);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/t\//);
  await inComposer(page);
  // A step out of the drawer leads into the page.
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.locator('.rail a[href="/directory"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  page.quiet();
  await page.context().close();
});

test('Alt and an arrow belong to a list of choices that has the focus', async () => {
  const page = await window(house, 'member.ro');
  await openChannel(house, page, 'lobby');
  const before = page.url();
  await page.getByLabel('Topics shown').focus();
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Escape');
  assert.equal(page.url(), before);
  await composer(page).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForURL((url) => url.href !== before);
  await page.context().close();
});

test('J and K step through what was missed from the first moment, unless switched off', async () => {
  const writer = await window(house, 'moderator.ro');
  await openChannel(house, writer, 'lobby');
  await say(writer, 'Something to miss');
  await said(writer, 'Something to miss').waitFor();
  await writer.context().close();
  const page = await window(house, 'member.rs');
  await page.goto(`${house.url}/missed`);
  await page.locator('article').first().waitFor();
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.activeElement === document.querySelector('main article'));
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard' });
  await sheet.getByRole('switch', { name: 'Shortcuts of a single letter' }).click();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.goto(`${house.url}/missed`);
  await page.locator('article').first().waitFor();
  await page.keyboard.press('j');
  assert.ok((await focused(page)).startsWith('BODY'));
  await page.goto(`${house.url}/search`);
  await page.locator('input[type=search]').waitFor();
  await page.locator('a[href="/missed"]').first().focus();
  await page.keyboard.press('/');
  assert.equal(await page.locator('input[type=search]:focus').count(), 0);
  await page.context().close();
});

test('a search that failed is made again', async () => {
  const page = await window(house, 'member.ro');
  await page.route('**/api/search?**', (route) => route.abort());
  await page.goto(`${house.url}/search?q=children`);
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await page.unroute('**/api/search?**');
  await again.click();
  await page.locator('a[data-hit]').first().waitFor();
  assert.equal(await again.count(), 0);
  // Enter on the same words asks once more as well.
  const asked = page.waitForRequest('**/api/search?**');
  await page.getByRole('searchbox').press('Enter');
  await asked;
  await page.context().close();
});

test('a step back finds a list where it was left, a step on begins at the top', async () => {
  const page = await english('admin', { viewport: { width: 1000, height: 500 } });
  await page.goto(`${house.url}/channels`);
  const main = page.locator('main');
  const link = page.locator('main li a[href^="/c/"]').last();
  await link.scrollIntoViewIfNeeded();
  const left = await main.evaluate((element) => element.scrollTop);
  assert.ok(left > 300, `scrolled ${left}`);
  await link.click();
  await page.waitForURL(/\/c\//);
  await page.goBack();
  await page.waitForFunction((top) => Math.abs(document.querySelector('main').scrollTop - top) < 2, left, { timeout: 5000 });
  await page.locator('a[href="/directory"]').first().click();
  await page.locator('main h1', { hasText: 'Directory' }).waitFor();
  assert.equal(await main.evaluate((element) => element.scrollTop), 0);
  await page.context().close();
});

test('leaving a closed channel is asked about, leaving an open one is not', async () => {
  const page = await english('moderator.region');
  const closed = await room(page, 'closed', 'Room closed');
  await page.goto(`${house.url}/c/${closed}`);
  await page.getByRole('button', { name: 'Channel actions' }).click();
  await page.getByRole('menuitem', { name: 'Leave the channel' }).click();
  const question = page.getByRole('dialog', { name: 'Leave Room closed?' });
  await question.waitFor();
  await audit(page, 'leaving');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  const member = (id) => page.evaluate(async (id) => (await (await fetch(`/api/channels/${id}`)).json()).member, id);
  assert.equal(await member(closed), true);
  await page.getByRole('button', { name: 'Channel actions' }).click();
  await page.getByRole('menuitem', { name: 'Leave the channel' }).click();
  await question.getByRole('button', { name: 'Leave the channel' }).click();
  await question.waitFor({ state: 'hidden' });
  assert.notEqual(await member(closed), true);
  const free = await room(page, 'open', 'Room open');
  await page.goto(`${house.url}/channels`);
  await page.getByRole('button', { name: 'Leave the channel Room open' }).click();
  await page.getByRole('button', { name: 'Join Room open' }).waitFor();
  assert.equal(await member(free), false);
  await page.context().close();
});

test('a conversation of a few has no list of topics, and a filter looks beyond the first page', async () => {
  const page = await window(house, 'member.ro');
  const direct = await page.evaluate(async () => {
    const { items } = await (await fetch('/api/people?limit=5')).json();
    const me = await (await fetch('/api/session')).json();
    const people = [items.find((person) => person.id !== me.id).id];
    const answer = await fetch('/api/channels', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind: 'direct', people }) });
    return (await answer.json()).id;
  });
  await page.goto(`${house.url}/c/${direct}`);
  await composer(page).waitFor();
  assert.equal(await page.locator('nav.topics').count(), 0);
  assert.ok(await composer(page).evaluate((field) => field.getBoundingClientRect().width > 800));
  await audit(page, 'a direct conversation');
  const id = await channel(page, 'lobby');
  const last = await page.evaluate(async (id) => {
    for (let n = 0; n < 55; n += 1) {
      const post = { ref: crypto.randomUUID(), new_topic: n === 0 ? 'Жртве у покрету' : `Small talk ${n}`, body: 'x' };
      await fetch(`/api/channels/${id}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(post) });
    }
    return (await (await fetch(`/api/channels/${id}/topics?limit=1`)).json()).items[0].id;
  }, id);
  await page.goto(`${house.url}/c/${id}/t/${last}`);
  const topics = page.getByRole('navigation', { name: 'Topics' });
  await topics.getByText('Small talk 54').waitFor();
  assert.equal(await topics.getByText('Жртве у покрету').count(), 0);
  await topics.getByRole('searchbox').fill('zrtve');
  await topics.getByText('Жртве у покрету').waitFor({ timeout: 5000 });
  page.quiet();
  await page.context().close();
});

test('an address of no cell is a page that is not there', async () => {
  const page = await window(house, 'member.ro');
  await page.goto(`${house.url}/grid/ZZ/none`);
  await page.getByRole('heading', { name: 'Page not found', level: 1 }).waitFor();
  await page.goto(`${house.url}/grid/RO/forced-begging`);
  await page.getByRole('heading', { name: 'Romania × Forced begging', level: 1 }).waitFor();
  await page.context().close();
});

test('in French nothing of the house is in English', async () => {
  const page = await window(house, 'member.ro');
  await page.evaluate(() => localStorage.setItem('egida.language', '"fr"'));
  await page.goto(`${house.url}/grid/RO/forced-begging`);
  await page.getByText('Contraindre une personne, souvent un enfant').waitFor();
  await page.getByText('ligne publique contre la maltraitance').waitFor();
  await page.goto(`${house.url}/search?q=${encodeURIComponent('enfant after:banane')}`);
  await page.getByText('« after:banane » n’est pas une date.').waitFor();
  await page.goto(`${house.url}/c/${await channel(page, 'lobby')}`);
  await composer(page).waitFor();
  await page.keyboard.press('Control+/');
  const sheet = page.getByRole('dialog', { name: 'Clavier' });
  await sheet.locator('kbd', { hasText: 'Entrée' }).first().waitFor();
  assert.equal(await sheet.locator('kbd', { hasText: /^(Enter|Shift|Del|Home|End|Esc)$/ }).count(), 0);
  await page.keyboard.press('Escape');
  await composer(page).click();
  await page.keyboard.type(':pouce');
  await page.getByRole('option', { name: /pouce_levé/ }).waitFor();
  await page.context().close();
});

test('on a narrow screen notices leave free what one is writing, and long names have room', async () => {
  const page = await window(house, 'member.ro', { viewport: { width: 360, height: 740 } });
  await openChannel(house, page, 'lobby');
  await page.locator('article[data-seq]').last().waitFor();
  await page.context().grantPermissions(['clipboard-write']);
  await page.locator('article[data-seq]').last().focus();
  await page.getByRole('button', { name: 'More actions' }).last().click();
  await page.getByRole('menuitem', { name: 'Copy the link' }).click();
  const toast = page.locator('section[aria-live] .toast');
  await toast.waitFor();
  const [over, under] = [await toast.boundingBox(), await page.locator('form.composer').boundingBox()];
  assert.ok(over.y + over.height <= under.y, `a notice at ${over.y} over the composer at ${under.y}`);
  await page.keyboard.press('Control+k');
  const input = page.locator('dialog[open] input[role=combobox]');
  await input.waitFor();
  await input.fill('a');
  const widths = await page.getByRole('option').locator('.hint:not(:empty)').evaluateAll((hints) => hints.map((hint) => hint.getBoundingClientRect().width));
  assert.ok(widths.every((width) => width > 100), `hints ${widths}`);
  await page.context().close();
});
