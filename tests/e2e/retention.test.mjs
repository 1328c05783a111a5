// A channel says how long it keeps what is said, a message until when; what is taken back loses its topic's title.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, composer, open, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

/** A window in English of somebody who has chosen another language. */
async function inEnglish(handle) {
  const page = await window(house, handle);
  const body = JSON.stringify({ language: 'en' });
  const headers = { 'Content-Type': 'application/json' };
  await page.evaluate((wish) => fetch('/api/me', wish), { method: 'PATCH', headers, body });
  return page;
}

const message = (page, text) => page.getByRole('article').filter({ hasText: text }).last();

async function menu(page, text, item) {
  await message(page, text).hover();
  await message(page, text).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** The choices of a list. */
const choices = async (list) => {
  await list.waitFor();
  return (await list.locator('option').allTextContents()).map((text) => text.replace(/ \(.*/, ''));
};

test('a channel is opened for ninety days, and everybody in it sees that', async () => {
  const admin = await inEnglish('admin');
  await admin.goto(`${house.url}/admin/channels`);
  await admin.getByRole('button', { name: 'New channel' }).click();
  await admin.getByLabel('Name in English').fill('Harbour checks');
  await admin.getByLabel('Messages are erased after').selectOption({ label: '90 days' });
  await audit(admin, 'opening a channel');
  await admin.getByRole('button', { name: 'Open the channel' }).click();
  await admin.getByRole('row', { name: /Harbour checks/ }).waitFor();

  const author = await window(house, 'member.ro');
  const room = await author.evaluate(async () => {
    const { items } = await fetch('/api/channels').then((answer) => answer.json());
    const { id } = items.find((item) => item.name?.en === 'Harbour checks');
    await fetch(`/api/channels/${id}/members/me`, { method: 'PUT' });
    return id;
  });
  await author.goto(`${house.url}/c/${room}`);
  await author.getByText('Messages are erased after 90 days.').waitFor();
  await audit(author, 'a channel that keeps things for ninety days');

  // An end while writing, another one afterwards.
  await author.getByRole('button', { name: 'More labels' }).click();
  const days = author.getByLabel('Erased after');
  assert.deepEqual(await choices(days), ['As this channel keeps it: 90 days', '1 day', '7 days', '30 days', '90 days']);
  await days.selectOption({ label: '30 days' });
  await audit(author, 'giving a message an end');
  await author.keyboard.press('Escape');
  await say(author, 'Kept for a month');
  await message(author, 'Kept for a month').getByText('Erased on').waitFor();
  const first = await message(author, 'Kept for a month').getByText('Erased on').textContent();
  await menu(author, 'Kept for a month', 'Say until when it is kept…');
  await author.getByLabel('Erased, counted from now, after').selectOption({ index: 2 });
  await audit(author, 'saying until when a message is kept');
  await author.getByRole('button', { name: 'Save' }).click();
  await author.getByRole('dialog').waitFor({ state: 'detached' });
  await author.waitForFunction((first) => !document.body.textContent.includes(first), first.trim());

  // Who looks after the channel shortens only.
  const moderator = await inEnglish('moderator.region');
  await moderator.goto(`${house.url}/c/${room}`);
  await menu(moderator, 'Kept for a month', 'Say until when it is kept…');
  await moderator.getByText('You can only shorten that').waitFor();
  assert.deepEqual(await choices(moderator.getByLabel('Erased, counted from now, after')), ['Choose how long', '1 day']);
  await audit(moderator, 'shortening');
  await moderator.getByLabel('Erased, counted from now, after').selectOption({ index: 1 });
  await moderator.getByRole('button', { name: 'Save' }).click();
  await moderator.getByRole('dialog').waitFor({ state: 'detached' });
  for (const page of [admin, author, moderator]) page.quiet();
  for (const page of [admin, author, moderator]) await page.context().close();
});

test('what was deleted is taken back all the same, and its topic loses its title', async () => {
  const author = await window(house, 'member.ro');
  const reader = await window(house, 'interpreter.ro');
  const { items } = await author.evaluate(() => fetch('/api/channels').then((answer) => answer.json()));
  const { id } = items.find((item) => item.slug === 'ro');
  for (const page of [author, reader]) {
    await page.goto(`${house.url}/c/${id}`);
    await composer(page).waitFor();
  }
  await author.getByRole('combobox', { name: 'Topic', exact: true }).selectOption({ label: 'New topic…' });
  await author.getByLabel('Title of the topic').fill('It should not say this');
  await say(author, 'A first word');
  await said(reader, 'A first word').waitFor();
  await reader.getByText('It should not say this').first().waitFor();
  await menu(author, 'A first word', 'Delete the message');
  await author.getByRole('dialog').getByRole('button', { name: 'Delete the message' }).click();
  await said(author, 'A first word').waitFor({ state: 'detached' });
  await reader.getByText('It should not say this').first().waitFor();

  const tombstone = message(author, 'This message was deleted.');
  await tombstone.hover();
  await audit(author, 'a deleted message in hand');
  await tombstone.getByRole('button', { name: 'Take back everywhere…' }).click();
  await author.getByText('This message was deleted before.').waitFor();
  await audit(author, 'taking back what was deleted');
  await author.getByRole('button', { name: 'Take back', exact: true }).click();
  await author.getByText('The data-protection officer is told.').waitFor();
  await reader.getByText('Title erased').first().waitFor();
  await reader.getByText('It should not say this').first().waitFor({ state: 'detached' });
  await audit(reader, 'a topic without a title');

  for (const page of [author, reader]) page.quiet();
  await tombstone.hover();
  await tombstone.getByRole('button', { name: 'Take back everywhere…' }).click();
  await author.getByRole('button', { name: 'Take back', exact: true }).click();
  await author.getByText('This message was taken back before.').waitFor();
  for (const page of [author, reader]) await page.context().close();
});
