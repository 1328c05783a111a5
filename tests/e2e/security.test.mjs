// Proving who one is, in a real browser: a passkey, an authenticator app, a step-up.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { PASSWORD, audit, code, inside, open, plugIn, window } from './house.mjs';

let house;
/** Passkeys are bound to a name: the same server under the one it has here. */
let named;
before(async () => {
  house = await open();
  named = { ...house, url: house.url.replace('127.0.0.1', 'localhost') };
});
after(async () => { await house.close(); });

test('a passkey is added, and signs in without a password', async () => {
  const page = await window(named, 'judge.hr');
  await plugIn(page);
  await page.goto(`${named.url}/me/security`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name of the passkey').fill('Work laptop');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('dialog', { name: 'Recovery codes' }).waitFor();
  assert.equal(await page.getByRole('dialog').locator('li').count(), 10);
  await audit(page, 'recovery codes');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('Work laptop', { exact: true }).first().waitFor();
  await audit(page, 'my security');
  await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }));
  await page.goto(`${named.url}/sign-in`);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await inside(page);
  assert.equal(await page.evaluate(async () => (await (await fetch('/api/session')).json()).factor.strong), true);
  page.quiet();
  await page.context().close();
});

test('a security key that keeps no passkeys is not taken: it could not be found again', async () => {
  const page = await window(named, 'social.xk');
  await plugIn(page, { transport: 'usb', hasResidentKey: false });
  await page.goto(`${named.url}/me/security`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name of the passkey').fill('Old key');
  const answered = page.evaluate(() => {
    const make = navigator.credentials.create.bind(navigator.credentials);
    return new Promise((resolve) => {
      navigator.credentials.create = (wish) => make(wish).then((made) => (resolve('made'), made), (error) => { resolve(error.name); throw error; });
    });
  });
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.equal(await answered, 'NotAllowedError');
  const factors = await page.evaluate(() => fetch('/api/me/factors').then((answer) => answer.json()));
  assert.deepEqual(factors.passkeys, []);
  page.quiet();
  await page.context().close();
});

test('an app is set up, and its code is the second step of signing in', async () => {
  const page = await window(house, 'member.gr');
  await page.goto(`${house.url}/me/security`);
  await page.getByText('Passkeys work only when').first().waitFor();
  await page.getByRole('button', { name: 'Set up an app' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set up an app' });
  await dialog.getByRole('img', { name: 'QR code' }).waitFor();
  await audit(page, 'setting up an app');
  const secret = await dialog.locator('code').innerText();
  await dialog.getByLabel('Code that the app shows now').fill('000000');
  await page.keyboard.press('Enter');
  await dialog.getByText('This code is wrong').waitFor();
  await dialog.getByLabel('Code that the app shows now').fill(code(secret));
  await page.keyboard.press('Enter');
  const codes = page.getByRole('dialog', { name: 'Recovery codes' });
  await codes.waitFor();
  const recovery = await codes.locator('li').first().innerText();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  page.quiet();
  await page.context().close();

  const again = await window(house);
  await again.goto(house.url);
  await again.getByLabel('E-mail address').fill('member.gr@demo.egida.example');
  await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await again.keyboard.press('Enter');
  const box = again.getByLabel('Code', { exact: true });
  await box.waitFor();
  await audit(again, 'the second step');
  await box.fill('000000');
  await again.keyboard.press('Enter');
  await again.getByText('This code is wrong').waitFor();
  await box.fill(recovery.toUpperCase());
  await again.keyboard.press('Enter');
  await inside(again);
  again.quiet();
  await again.context().close();
});

test('a sensitive act asks for the password again and then happens', async () => {
  const page = await window(house, 'member.rs');
  await page.goto(`${house.url}/me/security`);
  await page.getByRole('button', { name: 'Set up an app' }).waitFor();
  // Ten minutes later: the server's word for it, once.
  let refused = false;
  await page.route('**/api/me/authenticator', async (route) => {
    if (refused) return route.continue();
    refused = true;
    await route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'step_up_required', status: 403 }) });
  });
  await page.getByRole('button', { name: 'Set up an app' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await dialog.waitFor();
  await audit(page, 'stepping up');
  await dialog.getByLabel('Password', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await dialog.getByText('This is not your password.').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  await page.context().close();
});

test('who holds a power is asked for a second factor', async () => {
  const page = await window(house, 'moderator.gr', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await page.getByText('Your role needs a second factor.').waitFor();
  await page.getByRole('link', { name: 'Set it up' }).click();
  await page.getByRole('heading', { name: 'My security' }).waitFor();
  await page.getByRole('button', { name: 'Set up an app' }).waitFor();
  await audit(page, 'my security at 360 px, dark');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing runs over the edge');
  page.quiet();
  await page.context().close();
});

test('a link sets a new password', async () => {
  const page = await window(house, 'moderator.ro');
  const person = await page.evaluate(async () => {
    const list = await (await fetch('/api/people?q=Ciocarlescu')).json();
    return list.items[0].id;
  });
  await page.goto(`${house.url}/people/${person}`);
  await page.getByRole('button', { name: 'Make a link to a new password' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a link to a new password' }).click();
  const link = await page.getByLabel('Link to a new password').inputValue();
  await audit(page, 'a link to a new password');
  const guest = await window(house);
  await guest.goto(link);
  await guest.getByLabel('New password', { exact: true }).fill('seven quiet lighthouses');
  await audit(guest, 'a new password');
  await guest.keyboard.press('Enter');
  await guest.getByText('Your new password is set.').waitFor();
  guest.quiet();
  page.quiet();
  await guest.context().close();
  await page.context().close();
});
