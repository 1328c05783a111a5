// Coordination requests: asked, received, asked back, answered by naming who is competent, asked there, and closed by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const next = (page, words) => page.getByRole('region', { name: words }).waitFor();
const say = async (page, dialog, label, words) => {
  const box = page.getByRole('dialog', { name: dialog });
  await box.getByLabel(label).fill(words);
  await box.getByRole('button', { name: dialog, exact: true }).click();
  await box.waitFor({ state: 'detached' });
};

test('a request goes to who is named as competent, and closes itself when both have noted where it goes on', async () => {
  const asker = await window(house, 'moderator.hr');
  const asked = await window(house, 'fiu.bg', PHONE);

  // Few fields at a time; what is missing is said.
  await asker.goto(`${house.url}/requests/new`);
  await press(asker, 'Go on');
  await asker.getByText('Choose one').waitFor();
  await asker.getByRole('radio', { name: 'Is there an open file?' }).check();
  await audit(asker, 'what a new request is about');
  await press(asker, 'Go on');
  await asker.getByRole('combobox', { name: 'Organisation that is asked' }).fill('Черноморие');
  await asker.getByRole('option', { name: /Черноморие/ }).click();
  await asker.getByRole('radio', { name: /^8 hours/ }).check();
  await audit(asker, 'whom a new request is for');
  await press(asker, 'Go on');
  await asker.getByLabel('Title').fill('Agencies that recruit for harvests');
  await asker.getByLabel('What you ask').fill('JMBG 0101901710008');
  await asker.getByLabel('Marking').selectOption('green');
  await press(asker, 'Keep as a draft');
  await asker.getByRole('alert').waitFor();
  await asker.getByLabel('What you ask').fill('Is there an open file on agencies that recruit for harvests?');
  await audit(asker, 'the words of a new request');
  await press(asker, 'Keep as a draft');
  await next(asker, 'Read it once more and send it');
  await asked.goto(`${house.url}/requests`);
  await asked.getByRole('heading', { level: 1, name: 'Coordination requests' }).waitFor();
  await press(asker, 'Send');
  await next(asker, 'Sent: they confirm receipt');
  await asker.getByText(/due in [78] hours?/).waitFor();
  await audit(asker, 'a request that was sent');
  const address = new URL(asker.url()).pathname;

  // It appears by itself, with what is due first; on a telephone.
  await asked.getByText('A request waits for you.').waitFor();
  await audit(asked, 'the inbox on a telephone');
  assert.ok(await fits(asked));
  await asked.getByRole('link', { name: /Agencies that recruit/ }).click();
  await next(asked, 'Confirm that it has arrived');
  await press(asked, 'Confirm receipt');
  await next(asked, 'It is for you to answer');
  await asker.getByText(/Read by Пламен/).waitFor();
  await next(asker, 'They have it in hand: an answer will come');
  await press(asked, 'Ask back');
  await say(asked, 'Ask back', 'What must be explained', 'Which harvests do you mean?');
  await next(asked, 'You asked back: the clock stands still');
  await asked.getByText(/clock stands still/).first().waitFor();
  assert.ok(await fits(asked));
  await audit(asked, 'a clock that stands still');
  await next(asker, 'Something was asked back: explain it');
  await press(asker, 'Explain');
  await asker.getByRole('dialog').getByText('Which harvests do you mean?').waitFor();
  await say(asker, 'Explain', 'Your explanation', 'Those of fruit, from June on.');

  // Not competent, naming who is.
  await next(asked, 'It is for you to answer');
  await press(asked, 'Answer');
  const answer = asked.getByRole('dialog', { name: 'Answer' });
  await answer.getByRole('radio', { name: 'We are not competent' }).check();
  await answer.getByRole('combobox', { name: 'Who is competent' }).fill('Сјеверна');
  await asked.getByRole('option', { name: /Сјеверна/ }).click();
  await audit(asked, 'answering a request');
  await answer.getByRole('button', { name: 'Answer', exact: true }).click();
  await next(asker, 'Another organisation is competent: ask it');
  await press(asker, 'Ask this organisation');
  await next(asker, 'Read it once more and send it');
  assert.notEqual(new URL(asker.url()).pathname, address);
  await press(asker, 'Send');
  await next(asker, 'Sent: they confirm receipt');
  const second = new URL(asker.url()).pathname;

  // There: a hit, and two references.
  const competent = await window(house, 'prosecutor.ba');
  await competent.goto(house.url + second);
  await press(competent, 'Confirm receipt');
  await next(competent, 'It is for you to answer');
  await press(competent, 'Answer');
  const hit = competent.getByRole('dialog', { name: 'Answer' });
  await hit.getByRole('radio', { name: 'There is an overlap' }).check();
  await hit.getByRole('button', { name: 'Answer', exact: true }).click();
  await next(asker, 'Note the formal channel and your reference');
  for (const [page, reference] of [[asker, 'HR 2026/17'], [competent, 'BA 88']]) {
    await press(page, 'Note the formal channel');
    const dialog = page.getByRole('dialog', { name: 'Note the formal channel' });
    await dialog.getByLabel('Channel').selectOption('mla_letter');
    await dialog.getByLabel('Reference there').fill(reference);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  await next(competent, 'Closed');
  await next(asker, 'Closed');
  await asker.getByText('HR 2026/17').waitFor();
  await audit(asker, 'a request that has closed itself');

  // Nobody else knows of it, whatever they run here.
  const admin = await window(house, 'admin');
  await admin.goto(house.url + second);
  await admin.getByRole('heading', { name: /nothing here|not found/i }).waitFor();
  const status = await admin.evaluate((path) => fetch(`/api${path}`).then((answer) => answer.status), second);
  assert.equal(status, 404);
  await admin.goto(`${house.url}/requests`);
  await admin.getByText('Nothing waits for you').waitFor();
  assert.equal(await admin.getByText('Agencies that recruit').count(), 0);
  for (const page of [asker, asked, competent]) page.quiet();
});

test('what is marked AMBER waits for a second person, and says so', async () => {
  const second = await window(house, 'dpo.region');
  await second.goto(`${house.url}/requests`);
  await second.getByRole('link', { name: /Joint training on records/ }).click();
  await next(second, 'Look through it: can it be sent?');
  await audit(second, 'looking through a draft');
  await press(second, 'It can be sent');
  await next(second, 'Its author sends it');
  const alone = await window(house, 'social.ro');
  await alone.goto(`${house.url}/requests?box=sent`);
  await alone.getByRole('link', { name: /heard about a guardian/ }).click();
  await alone.getByText(/a request needs a second person/).waitFor();
  await alone.goto(`${house.url}/requests?box=figures`);
  await alone.getByText('Fewer than five requests: nothing is shown').waitFor();
  await audit(alone, 'figures');
  second.quiet();
  alone.quiet();
});
