// A post waits, comes back, is looked at by another moderator and stands; a reader reports one; figures are for everybody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, channel, composer, open, openChannel, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

/** What the channel of Romania asks of posts. */
async function ask(page, wish) {
  const policy = { hold_all: false, newcomer_posts: 0, slow_seconds: 0, trigger_words: [], ...wish };
  const id = await channel(page, 'ro');
  const status = await page.evaluate(
    ([id, policy]) =>
      fetch(`/api/channels/${id}/moderation`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(policy),
      }).then((answer) => answer.status),
    [id, policy],
  );
  assert.equal(status, 204);
}

const card = (page, name) => page.getByRole('article', { name });

test('a post waits, comes back, goes to another moderator and stands', async () => {
  const author = await window(house, 'member.ro');
  const moderator = await window(house, 'moderator.ro');
  const regional = await window(house, 'moderator.region');
  await ask(moderator, { trigger_words: ['passport*'] });
  await openChannel(house, author, 'ro');
  await say(author, 'Whose passport is 0101990710008?');
  await card(author, 'Waiting for a moderator').waitFor();
  await author.reload();
  await card(author, 'Waiting for a moderator').waitFor();
  await audit(author, 'a post that waits');

  await moderator.goto(`${house.url}/moderation`);
  const waiting = card(moderator, /A message of .* that waits/);
  await waiting.waitFor();
  assert.match(await waiting.innerText(), /Whose ▒▒▒▒ is ▒▒▒▒\?/);
  await audit(moderator, 'the queue');
  await waiting.getByRole('button', { name: 'Take it on' }).click();
  await waiting.getByText('You are looking at it').waitFor();
  await waiting.getByRole('button', { name: 'Uncover' }).click();
  await moderator.getByRole('menuitem', { name: 'I cannot decide without it' }).click();
  await waiting.getByText('Whose passport is 0101990710008?').waitFor();
  await waiting.getByRole('button', { name: 'Refuse' }).click();
  await moderator.getByLabel('Why it cannot stand here').selectOption('personal_data');
  await moderator.getByLabel('A word to its author').fill('Please ask without the number');
  await audit(moderator, 'the reasons of a refusal');
  await moderator.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click();
  await moderator.getByText('Nothing waits').waitFor();

  const back = card(author, 'Not published');
  await back.getByText('Please ask without the number').waitFor();
  await audit(author, 'a post that came back');
  await back.getByRole('button', { name: 'Ask another moderator' }).click();
  await author.getByLabel('What should they know?').fill('The number is invented');
  await author.getByRole('button', { name: 'Ask', exact: true }).click();
  await card(author, 'Waiting for a moderator').waitFor();

  await moderator.reload();
  await card(moderator, /A message of/).getByText('Another moderator has to look at this').first().waitFor();
  await regional.goto(`${house.url}/moderation`);
  // The region's moderator reads French.
  const again = card(regional, /Un message de .* qui attend/);
  await again.getByText('The number is invented').waitFor();
  await again.getByRole('button', { name: 'Rendre avec une suggestion' }).click();
  await regional.getByLabel('Formulation proposée').fill('How does one read a passport number?');
  await audit(regional, 'another wording');
  await regional.getByRole('dialog').getByRole('button', { name: 'Rendre avec une suggestion' }).click();
  await regional.getByText('Rien n’attend').waitFor();

  await ask(moderator, {});
  const returned = card(author, 'Back with a suggestion');
  await returned.getByRole('button', { name: 'Use the suggestion' }).click();
  await returned.waitFor({ state: 'detached' });
  assert.equal(await composer(author).inputValue(), 'How does one read a passport number?');
  await composer(author).press('Enter');
  await said(author, 'How does one read a passport number?').waitFor();
  for (const page of [author, moderator, regional]) page.quiet();
  for (const page of [author, moderator, regional]) await page.context().close();
});

test('a released post stands where its author waits for it', async () => {
  const author = await window(house, 'member.ro');
  const moderator = await window(house, 'moderator.ro', { viewport: { width: 360, height: 740 } });
  await ask(moderator, { hold_all: true });
  await openChannel(house, author, 'ro');
  await say(author, 'The training is on Thursday');
  await card(author, 'Waiting for a moderator').waitFor();
  await moderator.goto(`${house.url}/moderation`);
  const waiting = card(moderator, /A message of .* that waits/);
  // By keyboard alone.
  await waiting.getByRole('button', { name: 'Release', exact: true }).focus();
  await moderator.keyboard.press('Enter');
  await moderator.getByText('Nothing waits').waitFor();
  await audit(moderator, 'an empty queue on a telephone');
  assert.ok(await moderator.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await said(author, 'The training is on Thursday').waitFor();
  await card(author, 'Waiting for a moderator').waitFor({ state: 'detached' });
  await ask(moderator, {});
  for (const page of [author, moderator]) await page.context().close();
});

test('a reader reports a message, a moderator has a word with its author, everybody sees the figures', async () => {
  const author = await window(house, 'member.ro');
  const reader = await window(house, 'interpreter.ro');
  const moderator = await window(house, 'moderator.ro');
  await openChannel(house, author, 'ro');
  await say(author, 'A careless word');
  await openChannel(house, reader, 'ro');
  const message = (page) => page.getByRole('article').filter({ hasText: 'A careless word' }).last();
  await message(reader).hover();
  await message(reader).getByRole('button', { name: 'More' }).click();
  await reader.getByRole('menuitem', { name: 'Report to the moderators' }).click();
  await reader.getByLabel('Why should they look?').selectOption('disrespect');
  await audit(reader, 'reporting a message');
  await reader.getByRole('button', { name: 'Report', exact: true }).click();
  await reader.getByText('Thank you. The moderators will look at it.').waitFor();

  await moderator.goto(`${house.url}/moderation/reports`);
  await moderator.getByText('It may hurt somebody').waitFor();
  await audit(moderator, 'the reports');
  await openChannel(house, moderator, 'ro');
  await message(moderator).hover();
  await message(moderator).getByRole('button', { name: 'More' }).click();
  await moderator.getByRole('menuitem', { name: 'Speak to the author…' }).click();
  await moderator.getByLabel('What to do').selectOption('mute');
  await moderator.getByLabel('What they will read').fill('Let us all calm down');
  await audit(moderator, 'muting somebody');
  await moderator.getByRole('button', { name: 'Do it' }).click();
  await author.getByText('A moderator wrote: Let us all calm down').waitFor();
  await author.getByText('Who can help:').waitFor();
  await audit(author, 'being muted');
  await moderator.goto(`${house.url}/moderation/people`);
  await audit(moderator, 'people');
  await moderator.getByRole('button', { name: 'Let write again' }).click();
  await composer(author).waitFor();
  await reader.goto(`${house.url}/moderation`);
  await reader.getByText('fewer than 5').first().waitFor();
  await audit(reader, 'the figures');
  for (const page of [author, reader, moderator]) await page.context().close();
});

test('a message is taken back everywhere, and an officer closes its clock', async () => {
  const author = await window(house, 'member.ro');
  const reader = await window(house, 'interpreter.ro');
  const officer = await window(house, 'dpo.region');
  await openChannel(house, author, 'ro');
  await openChannel(house, reader, 'ro');
  await say(author, 'This should never have been seen');
  await said(reader, 'This should never have been seen').waitFor();
  const message = author.getByRole('article').filter({ hasText: 'never have been seen' }).last();
  await message.hover();
  await message.getByRole('button', { name: 'More' }).click();
  await author.getByRole('menuitem', { name: 'Take back everywhere…' }).click();
  await author.getByLabel('For the data-protection officer').fill('It named somebody');
  await audit(author, 'taking a message back');
  await author.getByRole('button', { name: 'Take back', exact: true }).click();
  await said(reader, 'This should never have been seen').waitFor({ state: 'detached' });
  await said(author, 'This should never have been seen').waitFor({ state: 'detached' });

  await officer.goto(`${house.url}/moderation`);
  await officer.getByText('To be decided by').waitFor();
  await officer.getByText('It named somebody').waitFor();
  await audit(officer, 'the clocks');
  await officer.getByRole('button', { name: 'Close the clock…' }).click();
  await officer.getByRole('button', { name: 'Close', exact: true }).last().click();
  await officer.getByText('Say in a line what you found.').waitFor();
  await officer.getByLabel('What you found').fill('One colleague had read it');
  await audit(officer, 'closing a clock');
  await officer.getByRole('button', { name: 'Close', exact: true }).last().click();
  await officer.getByText('No risk: need not be told').waitFor();
  await audit(officer, 'a closed clock');
  for (const page of [author, reader, officer]) await page.context().close();
});

test('what may tell who somebody is is named while one writes, and can be said otherwise', async () => {
  const author = await window(house, 'member.gr');
  await openChannel(house, author, 'lobby');
  await composer(author).fill('A girl, 13 years old, from Subotica, a Serbian citizen, needs a bed tonight');
  await author.getByRole('button', { name: 'Write “10-13”' }).click();
  assert.match(await composer(author).inputValue(), /^A girl, 10-13/);
  await composer(author).fill('JMBG 0101901710008');
  await author.getByText('may be a citizen number (JMBG)').waitFor();
  await audit(author, 'a warning of the guard');
  await composer(author).fill('They trade in child pornography');
  await author.getByRole('button', { name: 'Write “child sexual abuse material”' }).waitFor();
  await composer(author).fill('A colleague from Niš is on the way');
  await author.getByText('may be a citizen number (JMBG)').waitFor({ state: 'detached' });
  author.quiet();
  await author.context().close();
});
