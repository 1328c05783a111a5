// What a bad line, a second look and a moment's absence must not take away, in a real browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { PASSWORD, composer, inside, open, said, say, signIn, window } from './house.mjs';

let house;
let moderator;
before(async () => {
  house = await open();
  moderator = await window(house, 'moderator.region');
});
after(async () => { await house.close(); });

/** A request in the name of whoever is signed in on the page. */
const call = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const init = body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(path, init);
      const text = await answer.text();
      return text ? JSON.parse(text) : null;
    },
    [method, path, body],
  );
const me = async (page) => (await call(page, 'GET', '/api/session')).id;

/** A fresh channel with these people in it. */
async function room(kind, ...pages) {
  const { id } = await call(moderator, 'POST', '/api/channels', { kind, name: { en: `Room ${Math.random()}` } });
  for (const page of pages) await call(moderator, 'PUT', `/api/channels/${id}/members/${await me(page)}`);
  return id;
}

/** Posts by request, so that no page has to be open there; the last message. */
const post = (page, id, bodies, more = {}) =>
  page.evaluate(
    async ([id, bodies, more]) => {
      let last = null;
      for (const body of bodies) {
        const draft = { ref: `00000000-0000-4000-8000-${Math.random().toString(16).slice(2, 14).padEnd(12, '0')}`, topic: null, new_topic: null, marking: null, attachments: [], body, ...more };
        const answer = await fetch(`/api/channels/${id}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(draft) });
        last = await answer.json();
      }
      return fetch(`/api/messages/${last.id}`).then((answer) => answer.json());
    },
    [id, bodies, more],
  );
const numbered = (count, word = 'Line') => Array.from({ length: count }, (_, n) => `${word} ${n + 1}`);

async function goOffline(page) {
  await page.context().setOffline(true);
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
}
async function comeBack(page) {
  await page.context().setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
}
const banner = (page) => page.getByText('No connection.', { exact: false });
async function visit(page, path) {
  await page.goto(house.url + path);
  await inside(page);
}
/** Nothing is on its way any more. */
const sent = (page) => page.getByRole('article', { name: 'Your message on its way' }).waitFor({ state: 'detached' });
const unread = async (page, id) => (await call(page, 'GET', `/api/channels/${id}`)).unread;

test('who was put out while away finds the door closed, and the new conversation beside it', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.gr');
  const account = await me(ana);
  const id = await room('closed', ana);
  await visit(ana, `/c/${id}`);
  await say(ana, 'Said while I belonged here');
  await said(ana, 'Said while I belonged here').waitFor();
  await goOffline(ana);
  await banner(ana).waitFor();
  await say(ana, 'Written after the door was closed');
  await call(moderator, 'DELETE', `/api/channels/${id}/members/${account}`);
  const direct = await call(bo, 'POST', '/api/channels', { kind: 'direct', people: [account] });
  await post(bo, direct.id, ['Only between us']);
  await comeBack(ana);
  await ana.getByText('This channel isn’t there').waitFor({ timeout: 10000 });
  assert.equal(await said(ana, 'Said while I belonged here').count(), 0);
  assert.equal(await composer(ana).count(), 0);
  await ana.getByRole('navigation', { name: 'Channels and pages' }).locator(`a[href="/c/${direct.id}"]`).waitFor({ timeout: 10000 });
  assert.equal(await ana.locator(`nav a[href="/c/${id}"]`).count(), 0);

  // What could not be sent is not lost with the channel.
  await ana.getByText('1 message could not be sent.').waitFor();
  await ana.getByRole('button', { name: 'Show' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Messages not sent' });
  await dialog.getByText('Written after the door was closed').waitFor();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await ana.getByText('1 message could not be sent.').count(), 0);
  ana.quiet();
  await ana.context().close();
  await bo.context().close();
});

test('a message that comes while the page is on its way is not lost', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.rs');
  const id = await room('open', ana, bo);
  await post(bo, id, ['Before']);
  await ana.route('**/messages?*', async (route) => {
    const answer = await route.fetch();
    await pause(1500);
    await route.fulfill({ response: answer });
  });
  const asked = ana.waitForRequest('**/messages?*');
  await visit(ana, `/c/${id}`);
  await asked;
  await pause(500);
  await post(bo, id, ['Overtook the page']);
  await said(ana, 'Before').waitFor({ timeout: 10000 });
  await said(ana, 'Overtook the page').waitFor({ timeout: 2000 });
  await ana.context().close();
  await bo.context().close();
});

test('a look at an old message leaves what was read read', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.rs');
  const id = await room('open', ana, bo);
  const first = await post(bo, id, ['The oldest of all']);
  await post(bo, id, numbered(70));
  const { head_seq } = await call(ana, 'GET', `/api/channels/${id}`);
  await call(ana, 'PUT', `/api/channels/${id}/read`, { seq: head_seq });
  const marks = [];
  ana.on('request', (request) => { if (request.method() === 'PUT' && request.url().endsWith('/read')) marks.push(request.postData()); });
  await visit(ana, `/m/${first.id}`);
  await said(ana, 'The oldest of all').waitFor();
  await pause(1500);
  assert.equal(await unread(ana, id), 0);
  assert.deepEqual(marks, []);
  // In so many words it still goes.
  await ana.getByRole('article').filter({ hasText: 'The oldest of all' }).press('u');
  await ana.getByText('New', { exact: true }).waitFor();
  await ana.context().close();
  await bo.context().close();
});

test('what comes while nobody looks stays unread, behind a line', async () => {
  const ana = await window(house, 'member.ro', { viewport: { width: 1000, height: 560 } });
  const bo = await window(house, 'member.rs');
  const id = await room('open', ana, bo);
  await post(bo, id, ['Seen']);
  await ana.addInitScript(() => {
    let focused = true;
    Document.prototype.hasFocus = () => focused;
    globalThis.look = (yes) => {
      focused = yes;
      dispatchEvent(new Event(yes ? 'focus' : 'blur'));
    };
  });
  await visit(ana, `/c/${id}`);
  await said(ana, 'Seen').waitFor();
  await pause(1200);
  assert.equal(await unread(ana, id), 0);
  await ana.evaluate(() => look(false));
  await post(bo, id, numbered(40));
  await said(ana, 'Line 40').waitFor({ state: 'attached' });
  const line = ana.getByRole('heading', { name: 'New', exact: true });
  await line.waitFor();
  assert.equal(await unread(ana, id), 40);
  await ana.evaluate(() => look(true));
  await pause(1500);
  const left = await unread(ana, id);
  assert.ok(left > 0 && left < 40, `${left} unread: only what is on screen was read`);
  assert.ok(await inSight(ana, line), 'the line stays where reading begins');

  // The same after a break: all of it comes in one go.
  await ana.getByRole('button', { name: /new messages|Jump to the newest/ }).click();
  await pause(1500);
  assert.equal(await unread(ana, id), 0);
  await goOffline(ana);
  await post(bo, id, numbered(40, 'Meanwhile'));
  await comeBack(ana);
  await said(ana, 'Meanwhile 40').waitFor({ state: 'attached', timeout: 20000 });
  await pause(1500);
  assert.ok((await unread(ana, id)) > 0, 'what poured in was not read');
  assert.ok(await inSight(ana, line));
  await ana.context().close();
  await bo.context().close();
});

const inSight = async (page, what) => {
  const [box, log] = [await what.boundingBox(), await page.getByRole('log').boundingBox()];
  return box && box.y + box.height > log.y && box.y < log.y + log.height;
};

test('a page of the past that failed can be asked for again', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.rs');
  const id = await room('open', ana, bo);
  await post(bo, id, numbered(120));
  await call(ana, 'PUT', `/api/channels/${id}/read`, { seq: 120 });
  let broken = true;
  await ana.route('**/messages?before=*', (route) => (broken ? route.abort() : route.continue()));
  await visit(ana, `/c/${id}`);
  await said(ana, 'Line 120').waitFor();
  const again = ana.getByRole('button', { name: 'Try again' });
  await ana.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
  await again.waitFor();
  broken = false;
  await again.click();
  await again.waitFor({ state: 'detached' });
  // What comes above keeps the place of what was in sight: one goes on upwards.
  const first = ana.getByText('Line 1', { exact: true });
  for (let turn = 0; turn < 20 && !(await first.count()); turn += 1) {
    await ana.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
    await ana.waitForTimeout(300);
  }
  await first.waitFor({ state: 'attached', timeout: 10000 });
  await ana.context().close();
  await bo.context().close();
});

test('what was opened without a line comes when it is back', async () => {
  const ana = await window(house, 'member.ro');
  const [id, other] = [await room('open', ana), await room('open', ana)];
  await post(ana, id, ['Worth the wait']);
  // Before the pieces of the other pages come ahead.
  let broken = true;
  await ana.route('**/assets/{Directory,Missed}Page*', (route) => (broken ? route.abort() : route.continue()));
  await visit(ana, `/c/${other}`);
  await composer(ana).waitFor();
  await ana.locator('nav a[href="/directory"]').click();
  await ana.getByText('This page could not be loaded.', { exact: false }).waitFor();
  broken = false;
  await ana.getByRole('button', { name: 'Load again' }).click();
  await ana.getByRole('searchbox').first().waitFor();
  // A browser that remembers failed modules has begun the page anew: the conversation's piece comes once more.
  await ana.locator(`nav a[href="/c/${other}"]`).click();
  await composer(ana).waitFor();
  broken = true;
  await goOffline(ana);
  await banner(ana).waitFor();
  await ana.locator('nav a[href="/missed"]').click();
  await ana.getByText('This page could not be loaded.', { exact: false }).waitFor();
  broken = false;
  await ana.locator(`nav a[href="/c/${id}"]`).click();
  await ana.getByText('The messages could not be loaded').waitFor();
  await comeBack(ana);
  await said(ana, 'Worth the wait').waitFor({ timeout: 20000 });
  await ana.context().close();
});

test('an office without TLS can write too', async () => {
  const ana = await window(house);
  await signIn({ ...house, url: house.url.replace('127.0.0.1', 'office.test') }, ana, 'member.ro');
  assert.deepEqual(await ana.evaluate(() => [isSecureContext, typeof crypto.randomUUID, location.hostname]), [false, 'undefined', 'office.test']);
  const id = await room('open', ana);
  await ana.locator(`nav a[href="/c/${id}"]`).click();
  await composer(ana).waitFor();
  await say(ana, 'From the office network');
  await said(ana, 'From the office network').waitFor();
  await sent(ana);
  const { items } = await call(ana, 'GET', `/api/channels/${id}/messages`);
  assert.deepEqual(items.map(({ body }) => body), ['From the office network']);
  await ana.context().close();
});

test('a draft is kept whole: the person, the topic, what it answers', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.rs');
  const id = await room('open', ana, bo);
  const name = (await call(bo, 'GET', '/api/session')).name;
  const asked = await post(bo, id, ['Who **knows** this?'], { new_topic: 'A question' });
  await visit(ana, `/c/${id}`);
  await ana.getByRole('article').filter({ hasText: 'this?' }).press('q');
  await ana.getByText(`Replying to ${name}: Who knows this?`).waitFor();
  await composer(ana).pressSequentially(`@${name.split(' ')[0]}`);
  await ana.getByRole('option', { name }).first().click();
  await composer(ana).pressSequentially('does');
  assert.equal(await composer(ana).inputValue(), `@${name} does`);
  await ana.reload();
  await composer(ana).waitFor();
  assert.equal(await composer(ana).inputValue(), `@${name} does`);
  await ana.getByText(`Replying to ${name}: Who knows this?`).waitFor();
  assert.equal(await ana.locator('form select').inputValue(), asked.topic);
  await composer(ana).press('Enter');
  await said(ana, `@${name} does`).waitFor();
  await sent(ana);
  const { items } = await call(ana, 'GET', `/api/channels/${id}/messages`);
  const last = items.at(-1);
  assert.deepEqual([last.body, last.topic, last.quote?.id], [`@[${name}](person:${await me(bo)}) does`, asked.topic, asked.id]);

  // An empty one says why it doesn't go.
  await composer(ana).press('Enter');
  await ana.getByRole('alert').filter({ hasText: 'Write something first.' }).waitFor();

  await composer(ana).fill('Not sent yet');
  await ana.locator('nav .me button').first().click();
  await ana.getByRole('menuitem', { name: 'Sign out' }).click();
  const question = ana.getByRole('dialog', { name: 'Sign out and delete what was not sent?' });
  await question.getByText('1 draft').waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await composer(ana).inputValue(), 'Not sent yet');
  await ana.context().close();
  await bo.context().close();
});

test('a session that ends under an edit loses nothing', async () => {
  const ana = await window(house, 'member.rs');
  const id = await room('open', ana);
  await post(ana, id, ['The seminar is on Munday']);
  await visit(ana, `/c/${id}`);
  await composer(ana).press('ArrowUp');
  const box = ana.getByRole('textbox', { name: 'Edit the message' });
  await box.fill('The seminar is on Monday');
  await ana.evaluate(async () => {
    const { items } = await fetch('/api/sessions').then((answer) => answer.json());
    const own = items.find((item) => item.current);
    await fetch(`/api/sessions/${own.id}`, { method: 'DELETE' });
  });
  await ana.getByText('Your session has ended. What you wrote is kept', { exact: false }).waitFor({ timeout: 10000 });
  await ana.getByLabel('E-mail address').fill('member.rs@demo.egida.example');
  await ana.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await ana.keyboard.press('Enter');
  await box.waitFor();
  assert.equal(await box.inputValue(), 'The seminar is on Monday');
  await box.press('Enter');
  await said(ana, 'The seminar is on Monday').waitFor();
  await ana.reload();
  await said(ana, 'The seminar is on Monday').waitFor();
  assert.equal(await box.count(), 0);
  await ana.context().close();
});

test('who has a topic open goes along when it is moved, with what is being written', async () => {
  const ana = await window(house, 'member.ro');
  const [from, to, away] = [await room('open', ana), await room('open', ana), await room('closed')];
  const { topic } = await post(ana, from, ['On the move'], { new_topic: 'Caravan' });
  await visit(ana, `/c/${from}/t/${topic}`);
  await composer(ana).fill('Half an answer');
  await call(moderator, 'PATCH', `/api/topics/${topic}`, { channel: to });
  await ana.waitForURL(`${house.url}/c/${to}/t/${topic}`);
  assert.equal(await composer(ana).inputValue(), 'Half an answer');
  await composer(ana).press('Enter');
  await said(ana, 'Half an answer').waitFor();
  await sent(ana);
  assert.equal((await call(ana, 'GET', `/api/channels/${to}/messages`)).items.length, 2);

  await composer(ana).fill('Half another');
  await call(moderator, 'PATCH', `/api/topics/${topic}`, { channel: away });
  await ana.getByText('This topic isn’t there any more').waitFor();
  await ana.getByRole('link', { name: 'All topics' }).last().click();
  await composer(ana).waitFor();
  assert.equal(await composer(ana).inputValue(), 'Half another');
  await ana.context().close();
});

test('what is written at an old message is shown at once, also without a line', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.rs');
  const id = await room('open', ana, bo);
  const first = await post(bo, id, ['The very first']);
  await post(bo, id, numbered(120));
  await visit(ana, `/m/${first.id}`);
  await said(ana, 'The very first').waitFor();
  assert.equal(await ana.getByRole('heading', { name: 'New', exact: true }).count(), 0, 'the end is not loaded: nobody knows where new begins');
  await goOffline(ana);
  await banner(ana).waitFor();
  await say(ana, 'An answer from afar');
  await said(ana, 'An answer from afar').waitFor();
  await comeBack(ana);
  await ana.getByText('Waiting to send').waitFor({ state: 'detached', timeout: 20000 });
  await said(ana, 'An answer from afar').waitFor();
  await ana.context().close();
  await bo.context().close();
});

test('on glass Enter breaks the line, the button sends and the next sentence follows', async () => {
  const ana = await window(house, 'member.ro', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const id = await room('open', ana);
  await visit(ana, `/c/${id}`);
  await composer(ana).tap();
  await ana.keyboard.type('One line');
  await ana.keyboard.press('Enter');
  await ana.keyboard.type('and another');
  assert.equal(await composer(ana).inputValue(), 'One line\nand another');
  await ana.getByRole('button', { name: 'Send', exact: true }).tap();
  await sent(ana);
  await said(ana, 'and another').waitFor();
  await ana.keyboard.type('Next');
  assert.equal(await composer(ana).inputValue(), 'Next');
  await ana.context().close();
});

test('pins are never those of another channel', async () => {
  const ana = await window(house, 'member.ro');
  const [one, two] = [await room('open', ana), await room('open', ana)];
  const pinned = await post(ana, one, ['Pinned in the first']);
  await call(moderator, 'PUT', `/api/messages/${pinned.id}/pin`);
  await visit(ana, `/c/${one}`);
  await ana.getByRole('button', { name: 'Pinned messages' }).click();
  const panel = ana.getByRole('complementary', { name: 'Pinned messages' });
  await panel.getByText('Pinned in the first').waitFor();
  await ana.route(`**/channels/${two}/pins`, async (route) => {
    await pause(1500);
    await route.continue();
  });
  await ana.locator(`nav a[href="/c/${two}"]`).click();
  await ana.waitForURL(`**/c/${two}`);
  await pause(300);
  assert.equal(await panel.getByText('Pinned in the first').count(), 0);
  await panel.getByText('Nothing pinned').waitFor({ timeout: 5000 });
  await ana.context().close();
});
