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

/** An invitation's link, made by a moderator of Romania. */
async function invitation(email) {
  const page = await window(house, 'moderator.ro');
  const made = await page.evaluate(async (wish) => {
    const answer = await fetch('/api/invitations', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) });
    return answer.json();
  }, { email, name: 'Neva Nova', country: 'RO', function: 'SOCIAL-WORKER', organisation: 'Centre' });
  await page.context().close();
  return `${house.url}/join#${made.token}`;
}

test('an invitation is used through the institution, and its end is told in time', async () => {
  const link = await invitation('neva.nova@demo.egida.example');
  const page = await window(house);
  await page.goto(link);
  await page.getByLabel('Your name').fill('Neva N.');
  await page.getByRole('button', { name: 'Continue with Ministry of Invented Affairs' }).waitFor();
  await audit(page, 'join with a provider');
  // A colleague who has got hold of the link.
  provider.says = person('another');
  await page.getByRole('button', { name: /^Continue with/ }).click();
  await page.getByRole('link', { name: 'It is me' }).click();
  await page.getByText('This link can no longer be used').waitFor();
  await audit(page, 'not for this address');
  provider.says = person('neva.nova');
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByLabel('Your name').fill('Neva N.');
  await page.getByRole('button', { name: /^Continue with/ }).click();
  await page.getByRole('link', { name: 'It is me' }).click();
  await inside(page);
  await page.goto(`${house.url}/me`);
  await page.getByText('You have none: your institution signs you in.').waitFor();
  await audit(page, 'my profile without a password');
  await page.getByLabel('New password').fill('four calm herons at noon');
  await page.getByRole('button', { name: 'Choose a password' }).click();
  await page.getByLabel('Current password').waitFor();

  const me = await page.evaluate(async () => (await (await fetch('/api/session')).json()).id);
  const second = await window(house, 'moderator.region');
  await second.evaluate(
    (id) => fetch(`/api/people/${id}/confirmation`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"how":"vouched"}' }),
    me,
  );
  await second.context().close();
  const ending = page.getByRole('status').filter({ hasText: 'Your accreditation ends on' });
  await page.goto(house.url);
  await inside(page);
  assert.equal(await ending.count(), 0, 'ten days before its end');
  // The page goes by its own clock, the server by its: six and a half days later the reminder is due.
  await page.clock.setSystemTime(new Date(Date.now() + 6.5 * 24 * 60 * 60 * 1000));
  await page.reload();
  await ending.waitFor();
  await audit(page, 'the end of an accreditation');
  page.quiet();
  await page.context().close();
});

test('an invitation is offered a provider at 360 pixels, in the dark and in French', async () => {
  const link = await invitation('autre.nova@demo.egida.example');
  const page = await window(house, null, { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'fr-FR' });
  await page.goto(link);
  await page.getByRole('button', { name: 'Continuer avec Ministry of Invented Affairs' }).waitFor();
  await audit(page, 'join with a provider, narrow and dark');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  page.quiet();
  await page.context().close();
});
