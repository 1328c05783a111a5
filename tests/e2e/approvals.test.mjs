// Four eyes: one asks, another one approves, and it is done once; and what somebody needs moves into a closed room.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { audit, composer, open, openChannel, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const send = (page, method, path, body) =>
  page.evaluate(
    ([method, path, body]) =>
      fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((answer) =>
        answer.status === 204 ? null : answer.json(),
      ),
    [method, path, body],
  );
const card = (page, name) => page.getByRole('article', { name });

async function ask(page, form) {
  await page.getByRole('button', { name: 'Ask for a second person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What do you ask for?').selectOption({ label: 'Taking out what is said' });
  await dialog.getByLabel('Channel').selectOption({ label: 'Romania' });
  await dialog.getByLabel('Form').selectOption({ label: form });
  await dialog.getByLabel('What is it for?').fill('For the quarterly report');
  await audit(page, 'asking for a second person');
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('what is said is taken out by two, once, and printed with nothing else', async () => {
  const one = await window(house, 'moderator.ro');
  const other = await window(house, 'moderator.region', PHONE);
  await openChannel(house, one, 'ro');
  await say(one, 'The herons nest early this year');
  await said(one, 'The herons nest early this year').waitFor();
  // The page itself puts nothing of it on paper.
  await one.emulateMedia({ media: 'print' });
  assert.ok(!(await said(one, 'The herons nest early this year').isVisible()));
  assert.ok(await one.getByText('What is said is not printed from this page.').isVisible());
  await one.emulateMedia({ media: 'screen' });
  await one.goto(`${house.url}/moderation/approvals`);
  await one.getByText('Nothing takes two at the moment').waitFor();
  await audit(one, 'nothing takes two');
  await ask(one, 'Table (CSV)');
  const asked = card(one, /^Taking out what is said/);
  await asked.getByText('Somebody else who may do this has to approve it.').waitFor();
  assert.equal(await asked.getByRole('button', { name: 'Approve' }).count(), 0);

  // The region's moderator reads French, on a telephone in the dark.
  await other.goto(`${house.url}/moderation/approvals`);
  await card(other, /^Extraire ce qui est dit/).getByText('For the quarterly report').waitFor();
  await audit(other, 'what waits for the second person');
  assert.ok(await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await other.getByRole('button', { name: 'Approuver' }).click();

  // It appears without a reload.
  const fetched = one.waitForEvent('download');
  await asked.getByRole('button', { name: 'Take it out now' }).click();
  const file = readFileSync(await (await fetched).path(), 'utf8');
  assert.match(file, /"TLP:GREEN".*"The herons nest early this year"/);
  await asked.getByText('Done').waitFor();
  assert.equal(await asked.getByRole('button').count(), 0);
  await audit(one, 'what was done');

  await ask(one, 'To print');
  await other.getByRole('button', { name: 'Approuver' }).click();
  await one.getByRole('button', { name: 'Take it out now' }).click();
  const sheet = one.getByRole('region', { name: 'Sheet to print' });
  await sheet.getByText('The herons nest early this year').waitFor();
  await audit(one, 'the sheet');
  await one.emulateMedia({ media: 'print' });
  assert.ok(await sheet.isVisible());
  assert.equal(await one.getByRole('navigation').filter({ visible: true }).count(), 0, 'nothing else is printed');
  assert.ok(!(await one.getByText('Only the sheet below').isVisible()));
  await one.emulateMedia({ media: 'screen' });
  await one.getByRole('button', { name: 'Done' }).click();
  await card(one, /^Taking out what is said/).first().waitFor();
  for (const page of [one, other]) page.quiet();
  for (const page of [one, other]) await page.context().close();
});

test('what somebody needs goes on in a closed room, covered', async () => {
  const author = await window(house, 'member.ro');
  const moderator = await window(house, 'moderator.ro', PHONE);
  const me = await author.evaluate(() => fetch('/api/session').then((answer) => answer.json()));
  const room = await send(moderator, 'POST', '/api/channels', { kind: 'closed', country: 'RO', name: { en: 'Quiet room', fr: 'Salle calme' } });
  await send(moderator, 'PUT', `/api/channels/${room.id}/members/${me.id}`);
  await openChannel(house, author, 'ro');
  await say(author, 'Who can house the girl with 0101990710008 tonight?');
  await card(author, 'Waiting for a moderator').waitFor();
  await moderator.goto(`${house.url}/moderation`);
  const waiting = card(moderator, /A message of .* that waits/);
  await waiting.getByRole('button', { name: 'Move into a closed room' }).click();
  const dialog = moderator.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Move into a closed room' }).click();
  await dialog.getByText('Choose a room.').waitFor();
  await dialog.getByLabel('Closed room').selectOption({ label: 'Quiet room' });
  await audit(moderator, 'moving into a closed room');
  await dialog.getByRole('button', { name: 'Move into a closed room' }).click();
  await moderator.getByText('Nothing waits').waitFor();
  const told = card(author, 'It goes on in a closed room');
  await told.getByText('A moderator has taken what you need to Quiet room').waitFor();
  await audit(author, 'what was moved');
  await told.getByRole('link', { name: 'Go on there' }).click();
  await composer(author).waitFor();
  await said(author, /Who can house the girl with ▒+ tonight\?/).waitFor();
  for (const page of [author, moderator]) page.quiet();
  for (const page of [author, moderator]) await page.context().close();
});
