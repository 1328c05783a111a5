// A child is referred from Serbia to Greece, played by three people: who refers, who answers there on a telephone in the dark and in
// French, and an administrator who must learn nothing of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, audit, open, unlock, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

/** A window of somebody whose keys are open. */
const unlocked = async (handle, options) => unlock(await window(house, handle, options));

async function toFrench(page) {
  await ask(page, 'PATCH', '/api/me', { language: 'fr' });
  await page.evaluate(() => localStorage.setItem('egida.language', JSON.stringify('fr')));
}

const sheet = {
  age_band: '14-15', company: 'unaccompanied', needs: ['guardianship'], consent: 'by_guardian', assent: true, bia: true, bid: 'not_needed',
  guardian: 'appointed', themes: ['unaccompanied-children'], countries: ['RS', 'GR'],
};

async function step(page, name, fill) {
  await page.getByRole('region').getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await fill?.(dialog);
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('an unaccompanied child is referred from Serbia to Greece, and nobody else learns of it', async () => {
  const worker = await unlocked('member.rs');
  const partner = await unlocked('guardian.gr', PHONE);
  await toFrench(partner);
  const admin = await window(house, 'admin');
  const heard = [];
  admin.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  await admin.goto(`${house.url}/referrals`);

  const keeper = await window(house, 'moderator.gr');
  const { organisation_id: house_there } = await ask(keeper, 'GET', `/api/people/${partner.me}`);
  const named = await ask(keeper, 'PUT', `/api/organisations/${house_there}/focal-points/${partner.me}`, { theme: null });
  assert.equal(named.status, 204);
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  const room = await ask(worker, 'POST', '/api/cases', { sheet, risk: 'medium', next_review: soon });
  assert.equal(room.status, 201);

  // A few fields at a time; what is missing is said.
  await worker.goto(`${house.url}/referrals/new?case=${room.id}`);
  const go = () => worker.getByRole('button', { name: 'Keep and go on' }).click();
  await worker.getByRole('checkbox', { name: 'Guardianship' }).waitFor();
  await go();
  await worker.getByText('This is needed.').first().waitFor();
  await worker.getByRole('checkbox', { name: 'Guardianship' }).check();
  await worker.getByLabel('What for').fill('A guardian who speaks the child’s language');
  await worker.getByLabel('Country where the child is to be helped').selectOption('GR');
  await worker.getByLabel('Language of the child').selectOption('fa');
  await audit(worker, 'what the child needs');
  await go();
  await worker.getByRole('radio', { name: 'Δίκτυο Επιτροπείας «Αριάδνη»' }).check();
  await worker.getByLabel('Contact at their end').waitFor();
  await worker.waitForFunction((id) => [...document.querySelectorAll('select')].some((each) => each.value === id), partner.me);
  await audit(worker, 'who is asked');
  await go();
  await worker.getByLabel('Consent', { exact: true }).selectOption('by_guardian');
  await worker.getByLabel('Does the child want it?').selectOption('refused');
  await worker.getByText('Consent or assent is missing').waitFor();
  await worker.getByLabel('Does the child want it?').selectOption('given');
  await worker.getByLabel('What the child says to it').fill('Wants to go there, and to learn');
  await worker.getByLabel('Legal basis').selectOption('public_task');
  await go();
  await worker.getByLabel('What must not be told, and to whom').fill('Nothing to the consulate');
  await go();
  await worker.getByLabel('How it travels who the child is').selectOption('primero');
  await audit(worker, 'from hand to hand');
  await go();
  await worker.getByText(/It goes to Δίκτυο Επιτροπείας/).waitFor();
  await audit(worker, 'all of it once more');
  await worker.getByRole('button', { name: 'Send the referral' }).click();
  await worker.getByRole('heading', { level: 2, name: /It is the turn of/ }).waitFor();
  const address = new URL(worker.url()).pathname;

  // The partner, on a telephone.
  await partner.goto(`${house.url}/referrals`);
  await partner.getByText('À vous').waitFor();
  await audit(partner, 'referrals on a telephone');
  await partner.goto(house.url + address);
  await step(partner, 'Je l’ai vue');
  await partner.getByRole('heading', { name: 'Pouvez-vous accueillir l’enfant' }).waitFor();
  await step(partner, 'Poser une question', (dialog) => dialog.getByLabel('Votre question').fill('Which script does the child read?'));
  await worker.getByRole('heading', { level: 2, name: 'Answer the question' }).waitFor();
  await worker.getByText('Which script does the child read?').waitFor();
  await step(worker, 'Answer', (dialog) => dialog.getByLabel('Your answer').fill('The Persian one'));
  await partner.getByText('The Persian one').waitFor();
  await step(partner, 'Accepter');
  await worker.getByRole('heading', { level: 2, name: 'Hand the child over' }).waitFor();
  await step(worker, 'The child is on the way');
  await worker.getByText(/Arrival to be confirmed in 2 days/).waitFor();
  await audit(worker, 'a referral on its way');
  await partner.getByText(/Arrivée à confirmer après-demain/).waitFor();
  assert.ok(await fits(partner));
  await audit(partner, 'a referral on a telephone');
  await step(partner, 'L’enfant est arrivé');
  await worker.getByText('The child has arrived').first().waitFor();
  // The child's room tells it to everybody in it, without where the child is.
  await worker.goto(`${house.url}/cases/${room.id}/timeline`);
  await worker.getByText(/^The receiving side confirmed that the child of referral .+ has arrived safely\.$/).waitFor();
  await audit(worker, 'a timeline with the steps of a referral');
  await worker.goto(house.url + address);
  await step(partner, 'C’est achevé');
  await worker.getByRole('heading', { level: 2, name: 'The help that was asked for is done' }).waitFor();

  // The administrator is told nothing, counts nothing and finds nothing, with keys and without.
  const id = address.split('/').at(-1);
  const absent = await ask(admin, 'GET', '/api/referrals/01900000-0000-7000-8000-000000000000');
  assert.deepEqual(await ask(admin, 'GET', `/api/referrals/${id}`), absent);
  await unlock(admin);
  await admin.goto(`${house.url}/referrals`);
  await admin.getByText('Aucune orientation pour l’instant').waitFor();
  await admin.goto(house.url + address);
  await admin.getByRole('heading', { name: 'Page introuvable' }).waitFor();
  assert.deepEqual(await ask(admin, 'GET', `/api/referrals/${id}`), absent);
  assert.ok(heard.length > 0 && !heard.some((frame) => frame.includes('referral')), 'not a frame tells of it');
  for (const page of [worker, partner, admin]) page.quiet();
});
