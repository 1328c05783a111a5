// Signing in through an institution's identity provider: there and back, from one site to another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, code, inside, open, signIn, window } from './house.mjs';
import { startProvider } from './provider.mjs';

let house;
let provider;
before(async () => {
  provider = await startProvider();
  house = await open(provider);
});
after(async () => {
  await house?.close();
  await provider?.close();
});

const person = (handle) => ({ sub: `subject of ${handle}`, email: `${handle}@demo.egida.example`, email_verified: true });

async function goThrough(page) {
  await page.getByRole('button', { name: 'Sign in with Ministry of Invented Affairs' }).click();
  await page.getByRole('link', { name: 'It is me' }).click();
}

test('one comes back signed in, to the page that was asked for, and stays so', async () => {
  provider.says = person('judge.hr');
  const page = await window(house);
  await page.goto(`${house.url}/directory`);
  await page.getByRole('button', { name: /Ministry of Invented Affairs/ }).waitFor();
  await audit(page, 'sign-in with a provider');
  await goThrough(page);
  await inside(page);
  assert.equal(new URL(page.url()).pathname, '/directory');
  await page.reload();
  await inside(page);
  const cookies = await page.context().cookies(`${house.url}/api/session`);
  assert.equal(cookies.find((cookie) => cookie.name === 'egida_session')?.sameSite, 'Strict');
  assert.equal(cookies.find((cookie) => cookie.name === 'egida_entry')?.sameSite, 'Lax');
  await page.goto(`${house.url}/me/security`);
  await page.getByRole('heading', { name: 'Your institution’s sign-in' }).waitFor();
  await page.getByText('You were let in by your institution for the first time').waitFor();
  await audit(page, 'my security with a provider');
  page.quiet();
  await page.context().close();
});

test('who may not come in is told who can help, at 360 pixels too', async () => {
  provider.says = person('nobody.at.all');
  const page = await window(house, null, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await page.goto(`${house.url}/sign-in`);
  await goThrough(page);
  await page.getByText('You cannot be let in this way.').waitFor();
  await audit(page, 'refused by a provider');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await signIn(house, page, 'judge.hr');
  page.quiet();
  await page.context().close();
});

test('the second factor is asked for on the way back', async () => {
  const page = await window(house, 'social.xk');
  const ask = (method, wish) =>
    page.evaluate(
      async ([method, body]) => (await fetch('/api/me/authenticator', { method, headers: { 'content-type': 'application/json' }, body })).json(),
      [method, JSON.stringify(wish)],
    );
  const begun = await ask('POST', {});
  const { recovery_codes: codes } = await ask('PUT', { id: begun.id, code: code(begun.secret) });
  await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }));
  provider.says = person('social.xk');
  await page.goto(`${house.url}/sign-in`);
  await goThrough(page);
  await page.getByText('Your institution knows you.').waitFor();
  await audit(page, 'second factor after a provider');
  await page.getByLabel('Code').fill(codes[0]);
  await page.keyboard.press('Enter');
  await inside(page);
  page.quiet();
  await page.context().close();
});
