// A case room from its opening to its end: keys, an invitation with terms, talk, a task, a gate, and a second person. Whoever
// isn't in it finds nothing, an administrator neither.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, PASSWORD, signIn, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const toFrench = async (page) => {
  await page.evaluate(() =>
    fetch('/api/me', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ language: 'fr' }) }),
  );
  await page.evaluate(() => localStorage.setItem('egida.language', JSON.stringify('fr')));
};
const section = (page, name) => page.getByRole('navigation', { name: /^(Parts of the room|Parties de la salle)$/ }).getByRole('link', { name });
const next = (page) => page.getByRole('region', { name: /./ }).filter({ hasText: /Next right step|Prochaine bonne étape/ });

/** Makes somebody's keys, where the page asks for them. */
async function makeKeys(page, [password, make, kept, done]) {
  await page.getByLabel(password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: make }).click();
  await page.getByLabel(kept).check();
  await page.getByRole('button', { name: done }).click();
}
const ENGLISH = ['Your password', 'Make my keys', 'I have put it away safely', 'Go on'];

test('a room is opened, worked in by two organisations, and closed by a second person; nobody else learns of it', async () => {
  const founder = await window(house, 'social.ro');
  const partner = await window(house, 'guardian.gr', PHONE);
  await toFrench(partner);
  // Somebody who runs the platform is there all the time: what their line brings is kept.
  const brought = [];
  const runner = await window(house);
  runner.on('websocket', (line) => line.on('framereceived', ({ payload }) => brought.push(String(payload))));
  await signIn(house, runner, 'admin');

  // The founder makes keys and opens a room, in codes.
  await founder.goto(`${house.url}/cases`);
  await founder.getByRole('heading', { name: 'You are in no case room' }).waitFor();
  await audit(founder, 'a board without rooms');
  await founder.getByRole('link', { name: 'Open a room' }).first().click();
  await makeKeys(founder, ENGLISH);
  await founder.getByText('1 of 4: The child or the situation').waitFor();
  await founder.getByRole('button', { name: 'Continue' }).click();
  await founder.getByText('Choose an age band, or that it isn’t known.').waitFor();
  await founder.getByLabel('Age band').selectOption('14-15');
  await founder.getByLabel('With whom').selectOption('unaccompanied');
  await audit(founder, 'the first step of a new room');
  await founder.getByRole('button', { name: 'Continue' }).click();
  await founder.getByLabel('Romania').check();
  await founder.getByRole('button', { name: 'Continue' }).click();
  await founder.getByLabel('Consent', { exact: true }).selectOption('by_guardian');
  await founder.getByRole('button', { name: 'Continue' }).click();
  await founder.getByLabel('Shelter').first().check();
  await founder.getByRole('button', { name: 'Open a room' }).click();
  await founder.getByRole('heading', { level: 2, name: 'Ready for the next phase: Assessment' }).waitFor();
  const reference = await founder.getByRole('heading', { level: 1 }).textContent();
  assert.match(reference, /^[A-Z0-9]{2}-[A-Z0-9]{4}$/);
  const address = new URL(founder.url()).pathname;
  await founder.getByRole('button', { name: 'Go on to: Assessment' }).click();
  await founder.getByRole('heading', { level: 2, name: /Before the next phase, Planning/ }).waitFor();

  // The gate holds until the best interests are assessed.
  const on = founder.getByRole('button', { name: 'Go on to: Planning' });
  assert.equal(await on.getAttribute('aria-disabled'), 'true');
  await next(founder).getByText('Assess the best interests').waitFor();
  await audit(founder, 'a room whose next step misses something');

  // Nobody can be let in who has no keys; then the partner makes some, is invited, reads the terms and comes in.
  const name = await partner.evaluate(() => fetch('/api/session').then((answer) => answer.json()).then((me) => me.name));
  const asked = async () => {
    await founder.goto(`${house.url}${address}/people`);
    await founder.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = founder.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('As what').selectOption('guardian');
    await dialog.getByLabel('Why').selectOption('guardianship');
    await dialog.getByRole('combobox', { name: 'Who' }).fill(name);
    await dialog.getByRole('option', { name }).click();
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    return dialog;
  };
  const refused = await asked();
  await refused.getByText(/hasn’t set up keys|has no keys/).waitFor();
  await audit(founder, 'an invitation that is refused');
  await partner.goto(`${house.url}/cases`);
  await partner.getByRole('button', { name: 'Créer vos clés' }).click();
  await makeKeys(partner, ['Votre mot de passe', 'Créer mes clés', /en lieu sûr/, 'Continuer']);
  await asked();
  await partner.getByRole('heading', { name: 'Une invitation vous attend' }).waitFor();
  assert.ok(await fits(partner));
  await audit(partner, 'an invitation on a telephone');
  await partner.goto(house.url + address);
  await partner.getByRole('heading', { name: 'Page introuvable' }).waitFor();
  await partner.goto(`${house.url}/cases`);
  await partner.getByRole('button', { name: 'Lire les conditions et accepter' }).click();
  await partner.getByLabel('J’accepte ces conditions').check();
  await partner.getByRole('button', { name: 'Accepter et entrer' }).click();
  await partner.getByRole('heading', { level: 1, name: reference }).waitFor();

  // They talk: what would tell who the child is comes in from neither side.
  const field = partner.getByLabel('Écrire dans la salle');
  await field.fill('JMBG 0101901710008');
  await partner.getByRole('button', { name: 'Envoyer' }).click();
  await partner.getByText(/Cela peut révéler une identité/).waitFor();
  await field.fill('The visit is agreed for next week');
  await partner.getByRole('button', { name: 'Envoyer' }).click();
  await partner.getByRole('list').getByText('The visit is agreed for next week').waitFor();
  assert.ok(await fits(partner));
  await audit(partner, 'talk on a telephone');
  await section(founder, 'Talk').click();
  await founder.getByText('The visit is agreed for next week').waitFor();

  // What has a restriction is read by whoever acknowledges it.
  await founder.getByLabel('Write into the room').fill('Another town was chosen');
  await founder.getByRole('button', { name: 'Handling codes' }).click();
  const codes = founder.getByRole('dialog', { name: 'Handling codes' });
  await codes.getByRole('checkbox', { name: /^H3/ }).check();
  await audit(founder, 'handling codes of a message');
  await founder.keyboard.press('Escape');
  await founder.getByRole('button', { name: 'Send', exact: true }).click();
  await founder.getByRole('alert').getByText('Say what H3 restricts.').waitFor();
  await audit(founder, 'an H3 without words');
  await founder.getByRole('button', { name: 'Handling codes: H3' }).click();
  await codes.getByLabel('What H3 restricts').fill('Not by telephone');
  await founder.keyboard.press('Escape');
  await founder.getByRole('button', { name: 'Send', exact: true }).click();
  await founder.getByRole('list').getByText('Another town was chosen').waitFor();
  await partner.getByText('Not by telephone').waitFor();
  assert.ok(!(await partner.content()).includes('Another town'), 'not before it is acknowledged');
  assert.ok(await fits(partner));
  await audit(partner, 'a restriction on a telephone');
  await partner.getByRole('button', { name: /J’en prends acte/ }).click();
  await partner.getByText('Another town was chosen').waitFor();

  // A task, the assessment, and the phase goes on before both.
  await section(founder, /^Tasks/).click();
  await founder.getByRole('button', { name: 'New task' }).click();
  await founder.getByLabel('What is to be done').fill('Ask for two dates');
  await founder.getByLabel('Whose it is').selectOption({ label: name });
  await founder.getByRole('button', { name: 'Save' }).click();
  await founder.getByRole('checkbox', { name: 'Ask for two dates' }).waitFor();
  await audit(founder, 'tasks');
  await section(founder, 'Plan').click();
  await founder.getByRole('button', { name: 'Change: What the child’s side says' }).click();
  await founder.getByLabel('Best interests assessed').check();
  await audit(founder, 'a part of the plan that is changed');
  await founder.getByRole('button', { name: 'Save' }).click();
  await on.click();
  await founder.getByRole('heading', { level: 2, name: 'Ready for the next phase: Implementation' }).waitFor();
  await partner.getByText('3 sur 6 : Planification').waitFor();
  await section(founder, 'Timeline').click();
  await founder.getByLabel('Search in this room').fill('visit');
  await founder.getByRole('button', { name: 'Search', exact: true }).click();
  await founder.getByText('1 found').waitFor();

  // Nobody else finds anything, whoever they are.
  assert.ok(brought.length > 0, 'the line is open');
  const told = brought.filter((frame) => frame.includes('"case"') || frame.includes(address.split('/').at(-1)) || frame.includes(reference));
  assert.deepEqual(told, [], 'nothing of the room reaches who runs the platform');
  for (const outsider of [await window(house, 'lawyer.md'), runner]) {
    const handle = outsider === runner ? 'the administrator' : 'a member';
    await outsider.goto(house.url + address);
    await outsider.getByRole('heading', { name: /^(Page not found|Page introuvable)$/ }).waitFor();
    assert.ok(!(await outsider.evaluate(() => document.body.textContent)).includes(reference), handle);
    await outsider.goto(`${house.url}/cases`);
    await outsider.getByRole('heading', { name: /^(You are in no case room|Vous n’êtes dans aucune salle de dossier)$/ }).waitFor();
    await outsider.goto(`${house.url}/search?q=${reference}`);
    await outsider.getByRole('heading', { level: 1 }).first().waitFor();
    const found = await outsider.evaluate((q) => fetch(`/api/search?q=${q}`).then((answer) => answer.text()), reference);
    assert.ok(!found.includes(address.split('/').at(-1)), handle);
    outsider.quiet();
    await outsider.context().close();
  }

  // One proposes the end, the other one confirms it.
  await founder.getByRole('button', { name: 'More' }).click();
  await founder.getByRole('menuitem', { name: 'Close the room' }).click();
  const closing = founder.getByRole('dialog', { name: 'Close the room' });
  await closing.getByLabel('Why').selectOption('completed');
  await closing.getByLabel('Closing report').fill('A place was found; the guardian goes on.');
  await audit(founder, 'closing a room');
  await closing.getByRole('button', { name: 'Propose the closing' }).click();
  await founder.getByRole('heading', { level: 2, name: 'A closing waits for a second person' }).waitFor();
  await partner.getByRole('link', { name: 'Le regarder' }).click();
  await partner.getByText('A place was found; the guardian goes on.').waitFor();
  await audit(partner, 'a closing that waits on a telephone');
  await partner.getByRole('button', { name: 'Confirmer et clore' }).click();
  await partner.getByRole('heading', { level: 2, name: 'Cette salle est close' }).waitFor();
  await founder.getByRole('heading', { level: 2, name: 'This room is closed' }).waitFor();
  await founder.getByText(/Then its keys are destroyed/).first().waitFor();
  await section(founder, 'Talk').click();
  await founder.getByText('The visit is agreed for next week').waitFor();
  assert.equal(await founder.getByLabel('Write into the room').count(), 0, 'nothing is added');
  founder.quiet();
  partner.quiet();
});
