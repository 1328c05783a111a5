// The agenda with its feed and its month, studies with their recommendations, exercises from their start to what remains.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, composer, open, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark', timezoneId: 'Europe/Athens' };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const toFrench = async (page) => {
  await page.evaluate(() =>
    fetch('/api/me', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ language: 'fr' }) }),
  );
  await page.evaluate(() => localStorage.setItem('egida.language', JSON.stringify('fr')));
};
const rowOf = (page, title) => page.getByRole('listitem').filter({ hasText: title });

test('an event is written down by the clocks there, answered, fetched by a calendar, changed and cancelled', async () => {
  const author = await window(house, 'member.ro', { timezoneId: 'Europe/Bucharest' });
  const guest = await window(house, 'member.gr', PHONE);
  await toFrench(guest);
  await author.goto(house.url);
  await author.getByRole('link', { name: 'Agenda' }).click();
  await author.getByRole('link', { name: 'New event' }).click();
  await author.getByLabel('Title', { exact: true }).waitFor();
  assert.equal(await author.getByLabel('Time zone of the place').inputValue(), 'Europe/Bucharest');
  await audit(author, 'a new event');
  await author.getByRole('button', { name: 'Write down' }).click();
  await author.getByText('This is needed.').waitFor();
  await author.getByLabel('Title', { exact: true }).fill('Dry run of the referral sheet');
  await author.getByLabel('What it is about').fill('Bring last year’s sheet; no file, no name.');
  // The clocks there leave this hour out.
  await author.getByLabel('Begins').fill('2027-03-28T03:30');
  await author.getByRole('button', { name: 'Write down' }).click();
  await author.getByText(/The clocks there leave this hour out/).waitFor();
  await author.getByLabel('Begins').fill('2027-03-29T09:30');
  assert.equal(await author.getByLabel('Ends').inputValue(), '2027-03-29T11:00', 'it keeps its length');
  await author.getByLabel('Where').fill('Iași');
  await author.getByRole('button', { name: 'Write down' }).click();
  await author.getByRole('heading', { level: 1, name: 'Dry run of the referral sheet' }).waitFor();
  await author.getByText(/29 March 2027.*09:30–11:00 by the clocks there \(Bucharest\)/).waitFor();
  await audit(author, 'an event');
  const address = new URL(author.url()).pathname;

  // Somebody else, in French on a telephone in the dark.
  await guest.goto(house.url + address);
  await guest.getByRole('button', { name: 'Je viens' }).click();
  await guest.getByRole('button', { name: 'Je viens', pressed: true }).waitFor();
  await guest.getByText('1 vient').waitFor();
  assert.ok(await fits(guest));
  await audit(guest, 'an event that one has answered');
  await author.reload();
  await author.getByText('1 comes').waitFor();

  // A calendar elsewhere has it, as a moment.
  await author.goto(`${house.url}/agenda`);
  await author.getByRole('button', { name: 'Subscribe in your calendar' }).click();
  const dialog = author.getByRole('dialog', { name: 'Subscribe in your calendar' });
  await dialog.getByRole('button', { name: 'Make the address' }).click();
  const feed = await dialog.getByLabel('Your address').inputValue();
  await audit(author, 'the address of a feed');
  const fetched = await fetch(feed);
  assert.equal(fetched.status, 200);
  assert.match(fetched.headers.get('content-type'), /^text\/calendar/);
  const calendar = (await fetched.text()).replaceAll('\r\n ', '');
  assert.match(calendar, /SUMMARY:Dry run of the referral sheet\r\n/);
  assert.match(calendar, /DTSTART:20270329T063000Z\r\n/);
  await dialog.getByRole('button', { name: 'End it' }).click();
  await dialog.getByRole('button', { name: 'Make the address' }).waitFor();
  assert.equal((await fetch(feed)).status, 404);
  await dialog.getByRole('button', { name: 'Close' }).click();

  // Changed and cancelled, and the guest is told at once.
  await author.goto(house.url + address);
  await author.getByRole('button', { name: 'Change event' }).click();
  await author.getByLabel('Where').fill('Bacău');
  await author.getByRole('button', { name: 'Save' }).click();
  await author.getByText('Bacău').waitFor();
  await guest.getByText('Modifié : Dry run of the referral sheet').waitFor();
  await author.getByRole('button', { name: 'Cancel the event' }).click();
  const asked = author.getByRole('dialog', { name: 'Cancel this event?' });
  await asked.getByRole('button', { name: 'Cancel the event' }).click();
  await asked.getByText('Write why: they will read it.').waitFor();
  await asked.getByLabel('Why it does not take place').fill('The hall is flooded');
  await audit(author, 'cancelling an event');
  await asked.getByRole('button', { name: 'Cancel the event' }).click();
  await author.getByText('This event does not take place: The hall is flooded').waitFor();
  await guest.getByText('Annulé : Dry run of the referral sheet').first().waitFor();
  await guest.goto(`${house.url}/agenda?country=RO`);
  await audit(guest, 'the agenda on a telephone');
  assert.ok(await fits(guest));
  author.quiet();
  guest.quiet();
});

test('a month is gone through by keyboard', async () => {
  const reader = await window(house, 'ngo.mk', { timezoneId: 'Europe/Bucharest' });
  await reader.goto(`${house.url}/agenda`);
  await reader.getByRole('link', { name: 'Month' }).click();
  const grid = reader.getByRole('grid');
  await grid.waitFor();
  assert.equal(await grid.locator('[tabindex="0"]').count(), 1, 'one stop for the tab key');
  await reader.goto(`${house.url}/agenda?view=month&day=2026-11-30`);
  await grid.locator('[tabindex="0"]').focus();
  await reader.keyboard.press('ArrowDown');
  await reader.getByRole('heading', { level: 2, name: 'December 2026' }).waitFor();
  const focused = () => reader.evaluate(() => document.activeElement.textContent);
  await reader.waitForFunction(() => document.activeElement.textContent.includes('7 December'));
  await reader.keyboard.press('End');
  await reader.waitForFunction(() => document.activeElement.textContent.includes('13 December'));
  await reader.keyboard.press('PageDown');
  await reader.waitForFunction(() => document.activeElement.textContent.includes('13 January'));
  assert.match(await focused(), /Wednesday,? 13 January 2027, \d+ events?/);
  await audit(reader, 'a month');
  await reader.setViewportSize({ width: 360, height: 740 });
  assert.ok(await fits(reader));
  await audit(reader, 'a month on a telephone');
  reader.quiet();
});

test('a recommendation is tracked from a study to its end', async () => {
  const author = await window(house, 'lawyer.md');
  const owner = await window(house, 'guardian.hr', PHONE);
  await author.goto(`${house.url}/studies`);
  await author.getByRole('button', { name: 'Enter a study' }).click();
  const form = author.getByRole('dialog', { name: 'Enter a study' });
  await form.getByLabel('Title', { exact: true }).fill('Guardians within a day');
  await form.getByLabel('Summary').fill('Forty appointments were followed; nobody is named.');
  await audit(author, 'entering a study');
  await form.getByRole('button', { name: 'Save' }).click();
  await author.getByRole('heading', { level: 1, name: 'Guardians within a day' }).waitFor();
  await author.getByRole('button', { name: 'Add a recommendation' }).click();
  const advice = author.getByRole('dialog', { name: 'Add a recommendation' });
  await advice.getByLabel('What is recommended').fill('A rota of guardians that is known to every border post');
  await advice.getByRole('combobox', { name: /Whose it is/ }).fill('Oslonac');
  await advice.getByRole('option', { name: /Oslonac/ }).click();
  await advice.getByLabel(/Due by/).fill('2026-01-31');
  await audit(author, 'a recommendation that is written');
  await advice.getByRole('button', { name: 'Save' }).click();
  const row = rowOf(author, 'A rota of guardians').first();
  await row.getByText('Overdue').waitFor();
  assert.equal(await row.getByRole('button', { name: 'How far has it come?' }).count(), 0, 'it is for others to say');
  await audit(author, 'a study');

  await owner.goto(`${house.url}/studies?view=recommendations&overdue=true&mine=true`);
  const own = rowOf(owner, 'A rota of guardians').first();
  await own.getByRole('button', { name: 'How far has it come?' }).click();
  const settle = owner.getByRole('dialog', { name: 'How far this recommendation has come' });
  await settle.getByLabel('State').selectOption('rejected');
  await settle.getByRole('button', { name: 'Save' }).click();
  await settle.getByText('Write why: they will read it.').waitFor();
  await audit(owner, 'saying how far it has come');
  await settle.getByLabel('State').selectOption('in_progress');
  await settle.getByLabel(/Note/).fill('Five posts of eleven');
  await settle.getByRole('button', { name: 'Save' }).click();
  await own.getByText('In progress').first().waitFor();
  await own.getByRole('button', { name: 'Its states' }).click();
  await own.getByText('Open', { exact: true }).waitFor();
  assert.ok(await fits(owner));
  await audit(owner, 'recommendations that are overdue');
  author.quiet();
  owner.quiet();
});

test('an exercise is banner-marked, wiped at its end, and leaves its page', async () => {
  const leader = await window(house, 'moderator.ro');
  const one = await window(house, 'labour.al', PHONE);
  await toFrench(one);
  await leader.goto(`${house.url}/exercises`);
  await leader.getByRole('button', { name: 'Start an exercise' }).click();
  const form = leader.getByRole('dialog', { name: 'Start an exercise' });
  await form.getByLabel('Title', { exact: true }).fill('Market morning');
  await form.getByLabel('Scenario').fill('Two children on a bus, for the third morning');
  await form.getByRole('combobox', { name: 'Who takes part' }).fill('Genti');
  await form.getByRole('option', { name: /Genti/ }).click();
  await audit(leader, 'starting an exercise');
  await form.getByRole('button', { name: 'Start an exercise' }).click();
  await leader.getByRole('heading', { level: 1, name: 'Market morning' }).waitFor();
  await audit(leader, 'an exercise that runs');
  const address = new URL(leader.url()).pathname;

  await one.goto(house.url + address);
  await one.getByRole('link', { name: 'EXERCICE · Salle de situation' }).click();
  await one.getByRole('note').getByText('EXERCICE · tout ici est fictif').waitFor();
  await say(one, 'I call the guardian first');
  await said(one, 'I call the guardian first').waitFor();
  assert.ok(await fits(one));
  await audit(one, 'a room of an exercise');
  // Every page of it says so.
  await one.goto(`${house.url}${new URL(one.url()).pathname}`);
  await composer(one).waitFor();
  await one.getByRole('note').getByText('EXERCICE · tout ici est fictif').waitFor();

  await one.goto(house.url + address);
  await one.getByLabel('Décision ou leçon').fill('Ask for the interpreter at once');
  await one.getByRole('button', { name: 'Ajouter' }).click();
  await one.getByText('Ask for the interpreter at once').waitFor();

  await leader.getByRole('button', { name: 'End and wipe' }).click();
  const sure = leader.getByRole('dialog', { name: 'End this exercise?' });
  await audit(leader, 'ending an exercise');
  await sure.getByRole('button', { name: 'End and wipe' }).click();
  await leader.getByText('It is over, and everything said in its rooms is erased. What else was made for it goes with them. This page remains.').waitFor({ timeout: 30_000 });
  await leader.getByText('Ask for the interpreter at once').waitFor();
  await audit(leader, 'what remains of an exercise');
  await one.reload();
  await one.getByText('C’est terminé, et tout ce qui a été dit dans ses salles est effacé.', { exact: false }).waitFor();
  assert.equal(await one.getByRole('link', { name: /EXERCICE ·/ }).count(), 0, 'its rooms are gone, from the rail as well');
  await audit(one, 'what remains on a telephone');
  leader.quiet();
  one.quiet();
});
