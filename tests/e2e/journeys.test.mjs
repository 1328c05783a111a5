// What a newcomer does on the first day, in a real browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { PASSWORD, audit, channel, composer, inside, open, openChannel, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

test('a wrong password is refused and the address stays', async () => {
  const page = await window(house);
  await page.goto(house.url);
  await page.getByLabel('E-mail address').fill('member.ro@demo.egida.example');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').first().waitFor();
  assert.equal(await page.getByLabel('E-mail address').inputValue(), 'member.ro@demo.egida.example');
  await page.context().close();
});

test('one writes, the other is told at once and answers', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.gr');
  await openChannel(house, ana, 'lobby');
  await openChannel(house, bo, 'lobby');
  await say(ana, 'Who has an interpreter for **Romani** on Thursday?');
  await said(bo, 'Who has an interpreter for Romani on Thursday?').waitFor({ timeout: 5000 });
  assert.equal(await bo.locator('strong', { hasText: 'Romani' }).count(), 1);
  await say(bo, 'We do, call me after ten.');
  await said(ana, 'We do, call me after ten.').waitFor({ timeout: 5000 });
  ana.quiet();
  bo.quiet();
  await ana.context().close();
  await bo.context().close();
});

test('a lost network is shown, what is typed waits and goes out once', async () => {
  const ana = await window(house, 'member.ro');
  const bo = await window(house, 'member.rs');
  await openChannel(house, ana, 'newcomers');
  await openChannel(house, bo, 'newcomers');
  await ana.context().setOffline(true);
  await ana.evaluate(() => window.dispatchEvent(new Event('offline')));
  await say(ana, 'Written in the tunnel');
  await said(ana, 'Written in the tunnel').waitFor();
  await say(bo, 'Said while you were away');
  await bo.waitForTimeout(1500);
  assert.equal(await said(bo, 'Written in the tunnel').count(), 0);
  await ana.context().setOffline(false);
  await ana.evaluate(() => window.dispatchEvent(new Event('online')));
  await said(bo, 'Written in the tunnel').waitFor({ timeout: 20000 });
  await said(ana, 'Said while you were away').waitFor({ timeout: 20000 });
  assert.equal(await said(bo, 'Written in the tunnel').count(), 1);
  const id = await channel(bo, 'newcomers');
  const found = await bo.evaluate((id) => fetch(`/api/channels/${id}/messages`).then((answer) => answer.json()), id);
  assert.equal(found.items.filter((message) => message.body === 'Written in the tunnel').length, 1);
  await ana.context().close();
  await bo.context().close();
});

test('a draft survives a reload', async () => {
  const page = await window(house, 'member.ro');
  await openChannel(house, page, 'ro');
  await composer(page).fill('Half a thought');
  await page.waitForTimeout(600);
  await page.reload();
  await composer(page).waitFor();
  assert.equal(await composer(page).inputValue(), 'Half a thought');
  await composer(page).fill('');
  await page.context().close();
});

test('a message is edited, reacted to and deleted', async () => {
  const page = await window(house, 'member.ro');
  const other = await window(house, 'moderator.ro');
  await openChannel(house, page, 'ro');
  await openChannel(house, other, 'ro');
  await say(page, 'The seminar is on Mundays');
  await said(other, 'The seminar is on Mundays').waitFor({ timeout: 5000 });
  await composer(page).press('ArrowUp');
  const editor = page.getByRole('textbox', { name: 'Edit the message' });
  await editor.fill('The seminar is on Mondays');
  await editor.press('Enter');
  await said(other, 'The seminar is on Mondays').waitFor({ timeout: 5000 });
  const id = await channel(page, 'ro');
  const message = await page.evaluate(async (id) => {
    const { items } = await fetch(`/api/channels/${id}/messages`).then((answer) => answer.json());
    const own = items.find((item) => item.body === 'The seminar is on Mondays');
    await fetch(`/api/messages/${own.id}/reactions/${encodeURIComponent('👍')}`, { method: 'PUT' });
    return own.id;
  }, id);
  await other.getByRole('button', { name: /👍/ }).last().waitFor({ timeout: 5000 });
  await page.evaluate((message) => fetch(`/api/messages/${message}`, { method: 'DELETE' }), message);
  await said(other, 'The seminar is on Mondays').waitFor({ state: 'detached', timeout: 5000 });
  await other.getByText('This message was deleted.').last().waitFor();
  await page.context().close();
  await other.context().close();
});

test('a person is invited and comes in', async () => {
  const page = await window(house, 'admin');
  const token = await page.evaluate(async () => {
    const wish = { email: 'new.colleague@demo.egida.example', name: 'Nova Koleginica', country: 'HR', function: 'SOCIAL-WORKER', organisation: 'Invented Centre' };
    const answer = await fetch('/api/invitations', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) });
    return (await answer.json()).token;
  });
  const guest = await window(house);
  await guest.goto(`${house.url}/join#${token}`);
  await guest.getByText('new.colleague@demo.egida.example').first().waitFor();
  await guest.getByText('Croatia', { exact: true }).waitFor();
  await guest.locator('input[type=password]').first().fill(PASSWORD);
  await guest.keyboard.press('Enter');
  await guest.getByRole('heading', { name: 'You are waiting to be confirmed' }).waitFor();
  await audit(guest, 'waiting');
  // A second person says how it is known who this is, and the house opens without a reload.
  const second = await window(house, 'moderator.hr');
  await second.goto(`${house.url}/admin/confirmations`);
  await second.getByRole('button', { name: 'Confirm Nova Koleginica' }).click();
  await second.getByLabel('How do you know?').selectOption('called_official_number');
  await audit(second, 'confirming');
  await second.getByRole('button', { name: 'I have checked this' }).click();
  await inside(guest);
  assert.equal(await guest.evaluate(async () => (await (await fetch('/api/session')).json()).country), 'HR');
  second.quiet();
  await second.context().close();
  await page.context().close();
  await guest.context().close();
});

test('what was said is found, without diacritics and in the other script', async () => {
  const page = await window(house, 'member.rs');
  await openChannel(house, page, 'rs');
  await say(page, 'Жртве трговине имају право на пратњу.');
  await page.getByText('Жртве трговине имају право').waitFor();
  await page.goto(`${house.url}/search?q=${encodeURIComponent('zrtve pratnju')}`);
  const hit = page.locator('mark', { hasText: 'Жртве' }).first();
  await hit.waitFor({ timeout: 5000 });
  page.quiet();
  await page.context().close();
});

test('the keyboard alone is enough', async () => {
  const page = await window(house, 'member.ro');
  await page.keyboard.press('Control+k');
  await page.locator('dialog[open] input[role=combobox]:focus').waitFor();
  await page.keyboard.type('lobby');
  await page.waitForTimeout(500);
  await page.keyboard.press('Enter');
  // Nothing but the keys brings the focus there.
  await page.waitForFunction(() => document.activeElement?.matches('main textarea'), undefined, { timeout: 5000 });
  await page.keyboard.type('Typed without a mouse');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Typed without a mouse').waitFor();
  await page.context().close();
});

test('whom to call is one key away, also while writing, without a line and before signing in', async () => {
  const page = await window(house, 'member.ro');
  await openChannel(house, page, 'lobby');
  await page.waitForFunction(() => localStorage.getItem('egida.numbers'));
  await page.waitForTimeout(1000);
  await page.context().setOffline(true);
  await composer(page).fill('A sentence that is not finished');
  await page.keyboard.press('F2');
  const panel = page.getByRole('dialog', { name: 'A child is in danger now' });
  await panel.getByRole('link', { name: '112' }).waitFor();
  assert.equal(await panel.getByRole('link', { name: '116 111' }).getAttribute('href'), 'tel:116111');
  await panel.getByLabel('Where the child is').selectOption({ label: 'Serbia' });
  await panel.getByRole('link', { name: '116 000' }).waitFor();
  await audit(page, 'whom to call');
  await page.keyboard.press('Escape');
  assert.equal(await composer(page).inputValue(), 'A sentence that is not finished');
  await page.context().close();
  const stranger = await window(house);
  await stranger.goto(house.url);
  await stranger.getByRole('button', { name: 'Numbers of all countries' }).click();
  await stranger.getByRole('dialog').getByRole('link', { name: '112' }).waitFor();
  await audit(stranger, 'whom to call, before signing in');
  await stranger.context().close();
});

test('an auditor narrows the record and takes it out, and a member sees who looked', async () => {
  const member = await window(house, 'member.ro');
  const other = await window(house, 'member.gr');
  const id = await member.evaluate(async () => (await (await fetch('/api/session')).json()).id);
  await other.goto(`${house.url}/people/${id}`);
  await other.getByRole('heading', { level: 1 }).first().waitFor();
  await member.goto(`${house.url}/me`);
  await member.getByText('looked at your profile').first().waitFor({ timeout: 5000 });
  member.quiet();
  const auditor = await window(house, 'auditor.region');
  // The demo's auditor reads French.
  await auditor.getByRole('link', { name: 'Registre des actes' }).click();
  await auditor.getByRole('rowheader', { name: /^Connexion de/ }).first().waitFor();
  await auditor.getByLabel('Type d’acte').selectOption({ label: 'Profils consultés' });
  await auditor.getByRole('rowheader', { name: /a consulté le profil de/ }).first().waitFor({ timeout: 5000 });
  await auditor.getByRole('rowheader', { name: /^Connexion de/ }).first().waitFor({ state: 'detached' });
  const [download] = await Promise.all([auditor.waitForEvent('download'), auditor.getByRole('link', { name: /CSV/ }).click()]);
  assert.equal(download.suggestedFilename(), 'egida-record.csv');
  auditor.quiet();
  for (const page of [member, other, auditor]) await page.context().close();
});

const pages = ['/', '/missed', '/search?q=copii', '/directory', '/channels', '/me', '/me/sessions', '/admin', '/admin/invitations', '/admin/channels'];

for (const [look, options] of [
  ['wide and light', { colorScheme: 'light' }],
  ['narrow and dark', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }],
]) {
  test(`axe finds nothing, ${look}`, async () => {
    const stranger = await window(house, undefined, options);
    await stranger.goto(house.url);
    await stranger.getByLabel('E-mail address').waitFor();
    await audit(stranger, 'sign-in');
    await stranger.goto(`${house.url}/join#nothing`);
    await stranger.waitForTimeout(500);
    await audit(stranger, 'join');
    await stranger.context().close();
    const page = await window(house, 'admin', options);
    for (const path of pages) {
      await page.goto(house.url + path);
      await page.waitForTimeout(700);
      await audit(page, path);
    }
    await openChannel(house, page, 'lobby');
    await page.waitForTimeout(700);
    await audit(page, 'channel');
    page.quiet();
    await page.context().close();
    const auditor = await window(house, 'auditor.region', options);
    await auditor.goto(`${house.url}/record`);
    await auditor.getByText('Connexion de Solveig Marchetti').first().waitFor();
    await audit(auditor, '/record');
    auditor.quiet();
    await auditor.context().close();
  });
}
