// The library: a practice is written, handed in, screened, reviewed by two and published, by five people in five browsers; then it is
// adapted elsewhere, translated, and one report of harm stops it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const TITLE = 'Walking home together';
const LONG = 'On market days every third child was missing from school, and nobody who saw it talked to anybody else who did.';
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const button = (page, name) => page.getByRole('button', { name, exact: true });
const dialog = (page) => page.getByRole('dialog');

/** The practice of the journey, as somebody finds it in one of the views. */
async function find(page, view, title = TITLE) {
  await page.goto(`${house.url}/library?view=${view}`);
  await page.getByRole('link', { name: title }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

async function part(page, name) {
  await page.getByRole('link', { name }).click();
}

async function review(page, french = false) {
  const [label, note, send] = french
    ? ['L’évaluer', 'Pourquoi, et ce qui devrait changer', 'Envoyer l’évaluation']
    : ['Review it', 'Why, and what should change', 'Send the review'];
  await button(page, label).click();
  await audit(page, 'a review');
  await dialog(page).getByLabel(french ? 'Niveau que portent les preuves' : 'Level that the evidence carries').selectOption('2');
  await dialog(page).getByLabel(note).fill('Counted with care; nobody was measured before.');
  await button(dialog(page), send).click();
  await dialog(page).waitFor({ state: 'detached' });
}

test('a practice is written, screened, reviewed by two and published by another', async () => {
  const author = await window(house, 'member.ro');
  const keeper = await window(house, 'moderator.ro');
  const near = await window(house, 'interpreter.ro');
  const far = await window(house, 'lawyer.md', PHONE);

  // The form keeps what is typed by itself.
  await author.goto(`${house.url}/library`);
  await author.getByText(/^\d+ practices$/).waitFor();
  await audit(author, 'the library');
  await author.getByRole('link', { name: 'Write a practice' }).click();
  await button(author, 'Begin').click();
  await author.getByText('Give it a title.').waitFor();
  await author.getByLabel('Title').fill(TITLE);
  await button(author, 'Begin').click();
  await author.getByLabel('In one sentence').fill('Older pupils walk the younger ones home on market days.');
  await author.getByLabel('Stage').selectOption('primary');
  await author.getByLabel('Forced begging').check();
  await audit(author, 'the first part of the form');
  await part(author, /^2\. Why/);
  await author.getByLabel('The problem').fill(LONG);
  await author.getByLabel('Why it should work').fill(LONG);
  await part(author, /^3\. How/);
  await author.getByLabel('Steps').fill('Ask the pupils\nAgree with the parents\nWalk');
  await author.getByLabel('Staff').fill('One teacher, two hours a week');
  await author.getByLabel('Cost').selectOption('low');
  await audit(author, 'the third part of the form');
  await part(author, /^4\. Children/);
  await author.getByLabel('How children take part').fill('They chose the routes.');
  await author.getByLabel('Rights and safeguarding').fill('No list of names leaves the school.');
  await part(author, /^5\. What came/);
  await author.getByLabel('What was monitored').fill(`${LONG} Every month.`);
  await author.getByLabel('Results').fill('Of 43 children 29 came back to class.');
  await author.getByText('Kept', { exact: true }).waitFor();
  await author.getByText('It can be repeated: three steps, staff and cost (met)').waitFor();
  await audit(author, 'the results in the form');
  await author.reload();
  assert.equal(await author.getByLabel('Results').inputValue(), 'Of 43 children 29 came back to class.');
  await button(author, 'Done').click();

  // What is missing is said, not guessed.
  await author.getByText('Still missing before it can be handed in: Limits, and what went wrong.').first().waitFor();
  await author.getByRole('link', { name: 'Edit' }).click();
  await part(author, /^5\. What came/);
  await author.getByLabel('Limits, and what went wrong').fill('JMBG 0101901710008');
  await author.getByRole('alert').getByText('This may tell who somebody is').waitFor();
  await author.getByLabel('Limits, and what went wrong').fill('In one school nobody came.');
  await author.getByText('Kept', { exact: true }).waitFor();
  await button(author, 'Done').click();
  await button(author, 'Hand it in').click();
  await button(dialog(author), 'Hand it in').click();
  await author.getByText('Handed in', { exact: true }).waitFor();
  await audit(author, 'a practice that is handed in');

  // Whoever looks after Romania screens it and names two.
  await find(keeper, 'to_tend');
  await button(keeper, 'Screen it').click();
  await button(dialog(keeper), 'Screen it').click();
  await keeper.getByText('Being screened', { exact: true }).first().waitFor();
  await button(keeper, 'Name reviewers').click();
  for (const name of ['lawyer.md', 'interpreter.ro']) {
    const person = await keeper.evaluate((handle) => fetch(`/api/people?q=&limit=100`).then((answer) => answer.json()).then(({ items }) => items.map(({ id, name }) => [id, name, handle])), name);
    const id = await (name === 'lawyer.md' ? far : near).evaluate(() => fetch('/api/session').then((answer) => answer.json()).then(({ id }) => id));
    const called = person.find(([each]) => each === id)[1];
    await dialog(keeper).getByRole('combobox').fill(called.split(' ')[0]);
    await dialog(keeper).getByRole('option', { name: called }).click();
  }
  await audit(keeper, 'naming reviewers');
  await button(dialog(keeper), 'Name reviewers').click();
  await dialog(keeper).waitFor({ state: 'detached' });
  await button(keeper, 'Pass it on to peer review').click();
  await button(dialog(keeper), 'Pass it on to peer review').click();
  await keeper.getByText('Both must be checked first.').waitFor();
  await audit(keeper, 'the checks of a screening');
  await dialog(keeper).getByLabel('Nothing in it tells who somebody is').check();
  await dialog(keeper).getByLabel('Rights are kept').check();
  await button(dialog(keeper), 'Pass it on to peer review').click();
  await dialog(keeper).waitFor({ state: 'detached' });

  // Two read it, one of them in Moldova on a telephone; the author sees without a reload that it moves.
  await find(far, 'to_review');
  await audit(far, 'a practice on a telephone');
  assert.ok(await fits(far));
  await review(far);
  await find(near, 'to_review');
  await review(near);
  await find(keeper, 'to_tend');
  await button(keeper, 'Publish it').click();
  await button(dialog(keeper), 'Publish it').click();
  await keeper.getByText('In the library', { exact: true }).first().waitFor();
  await author.getByText('In the library', { exact: true }).first().waitFor();
  await author.getByText('2 · Monitored').first().waitFor();
  await author.getByText('As its reviewers have proposed.').waitFor();
  await audit(author, 'a published practice');
  for (const page of [author, keeper, near, far]) page.quiet();
});

test('it is adapted side by side, used, translated, and a report of harm stands above all', async () => {
  const adapter = await window(house, 'member.rs');
  const editor = await window(house, 'editor.region');
  const reviewer = await window(house, 'lawyer.md');

  await adapter.goto(`${house.url}/library?q=walking`);
  await adapter.getByRole('link', { name: TITLE }).click();
  await button(adapter, 'I have used it in my country').click();
  await dialog(adapter).getByLabel('What you did with it, and how it went').fill('In two schools of Novi Sad, for a winter.');
  await button(dialog(adapter), 'I have used it in my country').click();
  await adapter.getByText('In two schools of Novi Sad').waitFor();
  await button(adapter, 'Endorse it').click();
  await adapter.getByText(/^Endorsed by/).waitFor();
  await adapter.getByRole('link', { name: 'Adapt it' }).click();
  const beside = adapter.getByRole('region', { name: 'What it adapts says' });
  await beside.getByText('In one school nobody came.').waitFor();
  await adapter.getByLabel('Title').fill('Zajedno do kuće');
  await adapter.getByLabel('Kept').fill('Pupils choose the routes.');
  await adapter.getByLabel('Changed').fill('By bus, not on foot.');
  await audit(adapter, 'beginning an adaptation');
  await button(adapter, 'Begin the adaptation').click();
  await adapter.getByRole('heading', { level: 1, name: 'Edit' }).waitFor();
  await part(adapter, /^2\. Why/);
  await adapter.getByText('What it adapts says').first().waitFor();
  await audit(adapter, 'an adaptation beside its parent');
  await button(adapter, 'Done').click();
  await adapter.getByText('By bus, not on foot.').waitFor();

  // A translation beside the original, and the French screen.
  await editor.goto(`${house.url}/library?q=walking`);
  await editor.getByRole('link', { name: TITLE }).click();
  await editor.getByRole('link', { name: 'La traduire' }).click();
  await editor.getByLabel('Vers').selectOption('fr');
  await editor.getByLabel('Titre').fill('Rentrer ensemble');
  await editor.getByLabel('En une phrase').fill('Les grands raccompagnent les petits les jours de marché.');
  await audit(editor, 'a translation beside its original');
  await button(editor, 'Enregistrer la traduction').click();
  await editor.getByText('pas encore vérifiée').waitFor();
  await button(editor, 'Français').click();
  await editor.getByRole('heading', { level: 1, name: 'Rentrer ensemble' }).waitFor();
  await audit(editor, 'a practice in another language');

  // One of its reviewers reports harm: everybody sees it, and nobody promotes it.
  await reviewer.goto(`${house.url}/library?q=walking`);
  await reviewer.getByRole('link', { name: TITLE }).click();
  await button(reviewer, 'Report harm').click();
  await dialog(reviewer).getByLabel('What happened').fill('Two children were followed home because the route was known.');
  await audit(reviewer, 'reporting harm');
  await button(dialog(reviewer), 'Report harm').click();
  await reviewer.getByRole('alert').getByText('Two children were followed home').waitFor();
  await editor.reload();
  await button(editor, 'Répondre au signalement').click();
  await dialog(editor).getByLabel('Ce qui a été constaté et fait').fill('Routes change every week now.');
  await button(dialog(editor), 'Répondre au signalement').click();
  await editor.getByText('1 signalement de préjudice, avec réponse').waitFor();
  await audit(editor, 'a report of harm with its answer');

  // What is printed carries its label and its reader.
  await reviewer.getByRole('link', { name: 'Print' }).click();
  await reviewer.getByText(/Printed for /).waitFor();
  await audit(reviewer, 'a practice for the printer');
  for (const page of [adapter, editor, reviewer]) page.quiet();
});

test('a topic becomes a draft, and the library fits a telephone', async () => {
  const member = await window(house, 'member.gr', PHONE);
  await member.goto(`${house.url}/library`);
  await member.getByText(/^\d+ practices$/).waitFor();
  await button(member, 'Filters').click();
  await dialog(member).getByLabel('Country').selectOption('AL');
  await audit(member, 'the choices on a telephone');
  await dialog(member).getByRole('button', { name: /^Show/ }).click();
  await member.getByRole('button', { name: /Albania/ }).waitFor();
  assert.ok(await fits(member));
  await audit(member, 'the list on a telephone');
  member.quiet();

  // From a conversation to a draft, which links back to it; nothing that was said comes along.
  const desk = await window(house, 'member.ro');
  const began = await desk.evaluate(async () => {
    const { items } = await (await fetch('/api/channels')).json();
    const { id } = items.find(({ slug }) => slug === 'forced-begging');
    const body = { ref: crypto.randomUUID(), topic: null, new_topic: 'Bus drivers who notice', body: 'said in the channel', attachments: [] };
    const headers = { 'Content-Type': 'application/json' };
    const posted = await (await fetch(`/api/channels/${id}/messages`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    return { channel: id, topic: (await (await fetch(`/api/messages/${posted.id}`)).json()).topic };
  });
  await desk.goto(`${house.url}/c/${began.channel}/t/${began.topic}`);
  await button(desk, 'Topic actions').click();
  await desk.getByRole('menuitem', { name: 'Make a practice of it' }).click();
  await desk.getByRole('heading', { level: 1, name: 'Edit' }).waitFor();
  assert.equal(await desk.getByLabel('Title').inputValue(), 'Bus drivers who notice');
  assert.ok(await desk.getByLabel('Forced begging').isChecked());
  await button(desk, 'Done').click();
  await desk.getByRole('link', { name: '1 message about it' }).click();
  await desk.getByText('said in the channel').waitFor();
  desk.quiet();
});
