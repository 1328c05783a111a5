// Keys of case rooms that a passkey opens, by what it answers to a fixed question (WebAuthn's PRF): in a browser with an authenticator
// that knows how, and with one that doesn't.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { PASSWORD, audit, inside, open, plugIn, window } from './house.mjs';

let house;
/** Passkeys are bound to a name: the same server under the one it has here. */
let named;
before(async () => {
  house = await open();
  named = { ...house, url: house.url.replace('127.0.0.1', 'localhost') };
});
after(async () => { await house.close(); });

/** What a member of the demo's room has said in it. */
const SAID = 'Our street team tries on Thursday with somebody who speaks the language.';

async function addPasskey(page, name) {
  await page.goto(`${named.url}/me/security`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name of the passkey').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText(name, { exact: true }).first().waitFor();
}

/** Opens the keys of a page that asks for them. */
async function byPassword(page) {
  await page.getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByText('Opens your keys when you come to a sealed page.').waitFor();
}

/** The one room that somebody is in. */
async function talk(page) {
  const { items } = await page.evaluate(() => fetch('/api/cases').then((answer) => answer.json()));
  return `${named.url}/cases/${items[0].id}/talk`;
}

test('a passkey signs in and opens what is sealed, and no password is typed', async () => {
  const page = await window(named, 'ngo.ba');
  await plugIn(page, { hasPrf: true });
  await addPasskey(page, 'Work laptop');
  await page.goto(`${named.url}/me/keys`);
  await byPassword(page);
  await page.getByRole('button', { name: 'Let a passkey open them' }).click();
  await page.getByText('This passkey opens your keys now.').waitFor();
  await page.getByText('1 passkey', { exact: true }).waitFor();
  await audit(page, 'keys that a passkey opens');

  // Locked by hand, and opened again with it; an answer that isn't there is said.
  await page.getByRole('button', { name: 'Lock them now' }).click();
  await page.evaluate(() => {
    window.told = PublicKeyCredential.prototype.getClientExtensionResults;
    PublicKeyCredential.prototype.getClientExtensionResults = () => ({});
  });
  await page.getByRole('button', { name: 'Open with a passkey' }).click();
  await page.getByText('This passkey can’t open keys.').waitFor();
  await page.evaluate(() => { PublicKeyCredential.prototype.getClientExtensionResults = window.told; });
  await page.getByRole('button', { name: 'Open with a passkey' }).click();
  await page.getByRole('button', { name: 'Lock them now' }).waitFor();

  // Signed out, and in again: nothing but the passkey from here on.
  const { name } = await page.evaluate(() => fetch('/api/session').then((answer) => answer.json()));
  await page.getByRole('button', { name }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('egida.keys')), null, 'the secret of the tab is gone');
  const sent = [];
  page.on('request', (request) => request.method() !== 'GET' && sent.push([new URL(request.url()).pathname, request.postData() ?? '']));
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await inside(page);
  const room = await talk(page);
  await page.goto(room);
  await page.getByRole('heading', { name: 'Open your keys' }).waitFor();
  assert.ok(!(await page.locator('main').innerText()).includes(SAID));
  await audit(page, 'keys to be opened with a passkey');
  await page.getByRole('button', { name: 'Open with a passkey' }).click();
  await page.getByText(SAID).waitFor();
  const opened = sent.filter(([path]) => path === '/api/keys/opening');
  assert.deepEqual(opened.map(([, body]) => Object.keys(JSON.parse(body))), [['passkey']]);
  assert.ok(sent.every(([, body]) => !body.includes(PASSWORD)), 'no password was sent');

  // The page loaded anew asks for nothing; once the way in is taken away, only the password is left.
  await page.reload();
  await page.getByText(SAID).waitFor();
  await page.goto(`${named.url}/me/keys`);
  await page.getByRole('button', { name: 'Take their way in away' }).click();
  await page.getByRole('button', { name: 'Take their way in away' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Lock them now' }).click();
  await page.getByLabel('Your password', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Open with a passkey' }).count(), 0);
  await byPassword(page);
  page.quiet();
  await page.context().close();
});

test('a passkey that knows no such answer says so, and the password still opens', async () => {
  const page = await window(named, 'moderator.rs', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await plugIn(page, { hasPrf: false });
  await addPasskey(page, 'Old key');
  await page.goto(`${named.url}/me/keys`);
  await byPassword(page);
  await page.getByRole('button', { name: 'Let a passkey open them' }).click();
  await page.getByText('This passkey can’t open keys.').waitFor();
  await page.getByText('0 passkeys', { exact: true }).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await audit(page, 'keys on a telephone');
  page.quiet();
  await page.context().close();
});
