// Two hundred attempts to run a stranger's script or to call a stranger's host (vectors.txt), stored as everything that
// people can write and looked at on every screen that shows it (control 12 of the threat model).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { open, window as opened } from './house.mjs';

/** Messages of a channel: few enough that its page shows them all. */
const A_CHANNEL = 25;
/** So many of them at least must have come in: what is refused shows nothing. */
const STORED = 200;

const lines = readFileSync(new URL('vectors.txt', import.meta.url), 'utf8').split('\n');
const vectors = lines.filter((line) => line && !line.startsWith('## ')).map((line) => line.replaceAll('⏎', '\n'));

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

/** A window in which nothing may happen: no dialog, no script of another, no request elsewhere, nothing the policy stops. */
async function watched(handle) {
  const page = await opened(house, handle);
  const happened = [];
  const origin = new URL(house.url).origin;
  page.on('dialog', (dialog) => { happened.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && !['blob:', 'data:'].includes(protocol)) happened.push(`request: ${request.url()}`);
  });
  page.context().on('page', (other) => happened.push(`window: ${other.url()}`));
  page.on('framenavigated', (frame) => { if (frame !== page.mainFrame()) happened.push(`frame: ${frame.url()}`); });
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted ?Type|Refused to/i.test(message.text())) happened.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => happened.push(`error: ${error.message}`));
  await page.addInitScript(() => {
    const tell = (what) => console.error(`Refused to stay quiet: ${what}`);
    for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => tell(name);
    document.addEventListener('securitypolicyviolation', (event) => tell(`${event.violatedDirective} ${event.blockedURI}`));
  });
  page.nothingHappened = (where) => assert.deepEqual(happened, [], where);
  return page;
}

/** Asks the server as the page would: the status, and the answer. */
const ask = (page, method, path, body) =>
  page.evaluate(async ([method, path, body]) => {
    const headers = body ? { 'content-type': 'application/json' } : {};
    const answer = await fetch(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
    const text = await answer.text();
    return { status: answer.status, json: text ? JSON.parse(text) : null };
  }, [method, path, body]);

/** The text of a screen, and of what only shows under a pointer: every element is passed over, nothing is clicked. */
async function look(page, path) {
  await page.goto(house.url + path);
  await page.locator('#content').waitFor({ state: 'attached' });
  await page.waitForTimeout(300);
  const foreign = await page.evaluate(() => {
    const found = [];
    for (const element of document.querySelectorAll('#content *, header *, nav *')) {
      for (const kind of ['pointerenter', 'mouseover', 'mouseenter', 'focusin', 'animationstart']) {
        element.dispatchEvent(new Event(kind, { bubbles: true }));
      }
      for (const attribute of element.attributes) {
        if (/^on/i.test(attribute.name)) found.push(`${element.tagName} ${attribute.name}`);
        if (/^(src|srcset|data|action|formaction|ping|background|style)$/i.test(attribute.name) && /evil|alert/.test(attribute.value)) {
          found.push(`${element.tagName} ${attribute.name}=${attribute.value}`);
        }
        if (/^(xlink:)?href$/i.test(attribute.name) && !/^(https?:|mailto:|tel:\d|[/#?]|$)/i.test(attribute.value)) {
          found.push(`${element.tagName} ${attribute.name}=${attribute.value}`);
        }
      }
      if (/^(script|iframe|object|embed|base|meta|link|form\[action\]|portal|applet|style)$/i.test(element.tagName)) {
        found.push(element.tagName);
      }
    }
    return found;
  });
  assert.deepEqual(foreign, [], path);
  page.nothingHappened(path);
  return page.locator('#content').innerText();
}

test('what happens is noticed', async () => {
  for (const act of [() => alert(1), () => { new Image().src = '//evil.example/x.png'; }, () => { document.body.innerHTML = '<p onclick=alert(1)>'; }]) {
    const page = await watched('member.gr');
    page.nothingHappened('before');
    await page.reload();
    await page.evaluate(act).catch(() => {});
    await page.waitForTimeout(300);
    assert.throws(() => page.nothingHappened('after'), String(act));
    await page.context().close();
  }
});

test('two hundred stored attacks do nothing on any screen that shows them', { timeout: 600_000 }, async () => {
  const moderator = await watched('moderator.region');
  const admin = await watched('admin');
  const member = await watched('member.ro');
  const me = (await ask(member, 'GET', '/api/session')).json;
  const name = me.name;
  const rooms = [];
  let stored = 0;
  for (let from = 0; from < vectors.length; from += A_CHANNEL) {
    const some = vectors.slice(from, from + A_CHANNEL);
    const wish = { kind: 'open', name: { en: some[0].slice(0, 60) }, description: { en: some.slice(0, 6).join(' ') } };
    let made = await ask(moderator, 'POST', '/api/channels', wish);
    if (made.status !== 201) made = await ask(moderator, 'POST', '/api/channels', { kind: 'open', name: { en: `Room ${from}` } });
    assert.equal(made.status, 201, some[0]);
    const { id } = made.json;
    rooms.push(id);
    assert.ok((await ask(member, 'PUT', `/api/channels/${id}/members/me`)).status < 300);
    for (const body of some) {
      const title = body.replaceAll('\n', ' ').slice(0, 60);
      await ask(member, 'PATCH', '/api/me', { name: title });
      const draft = { ref: crypto.randomUUID(), topic: null, new_topic: title, body, marking: null, attachments: [] };
      let posted = await ask(member, 'POST', `/api/channels/${id}/messages`, draft);
      if (posted.status === 422) posted = await ask(member, 'POST', `/api/channels/${id}/messages`, { ...draft, new_topic: null });
      if (posted.status === 201) stored += 1;
    }
  }
  assert.ok(stored >= STORED, `${stored} of ${vectors.length} came in`);
  for (const [n, text] of vectors.entries()) {
    if (n % 4) continue;
    const wish = { name: `${text.replaceAll('\n', ' ').slice(0, 80)}`, kind: 'NGO-SERVICE', country: 'RO' };
    await ask(admin, 'POST', '/api/organisations', wish);
    await ask(moderator, 'POST', '/api/invitations', { email: `v${n}@new.egida.example`, name: wish.name.slice(0, 60), country: 'RO', function: 'SOCIAL-WORKER', organisation: wish.name.slice(0, 60) });
    await ask(member, 'PUT', '/api/me/directory-entry', { topics: [], languages: [], offer: wish.name });
  }
  // Where it is shown. What was written last is still there under every name.
  for (const [n, id] of rooms.entries()) {
    const text = await look(moderator, `/c/${id}`);
    assert.ok(n > 0 || text.includes('alert(1)'), 'the attacks are shown, as text');
    const list = (await ask(moderator, 'GET', `/api/channels/${id}/messages?limit=100`)).json.items;
    await look(moderator, `/c/${id}/t/${list[0].topic}`);
    await look(moderator, `/m/${list.at(-1).id}`);
  }
  await look(moderator, '/');
  for (const path of ['/missed', '/channels', '/directory', `/people/${me.id}`, '/grid/RO/forced-begging', '/countries/RO', '/admin', '/admin/invitations', '/admin/confirmations', '/me', '/me/directory', '/me/security']) {
    await look(moderator, path);
    await look(member, path);
  }
  for (const path of ['/admin', '/admin/accounts', '/admin/invitations', '/admin/channels', '/admin/organisations', '/directory']) await look(admin, path);
  const organisations = (await ask(moderator, 'GET', '/api/organisations?country=RO&limit=100')).json.items;
  for (const { id } of organisations.slice(-8)) await look(moderator, `/organisations/${id}`);
  // What is looked for stands in the address and on the page.
  const screens = ['/search?q=', '/directory?q=', '/channels?q=', '/people?q='];
  for (const [n, text] of vectors.entries()) {
    if (n % 3) continue;
    await look(member, screens[(n / 3) % screens.length] + encodeURIComponent(text));
  }
  const auditor = await watched('auditor.region');
  await look(auditor, '/record');
  await ask(member, 'PATCH', '/api/me', { name });
  for (const page of [moderator, admin, member, auditor]) await page.context().close();
});
