// An exercise played from end to end: a moderator starts it, two prosecutors and a guardian make a card, a request, a room and a
// referral in it, every screen says that nothing is real, nobody else finds any of it, and at its end all of it is gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, audit, open, unlock, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const TITLE = 'Two files on a bus';
const QUESTION = 'Is there a file on the invented bus?';
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const picture = (page, name) => (process.env.PICTURES ? page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true }) : null);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const banner = (page) => page.getByRole('note').getByText('EXERCISE · everything here is fictitious');
const choice = (page) => page.getByLabel('Part of an exercise');
const absent = (page) => page.getByRole('heading', { name: /^(Page not found|Page introuvable)$/ }).waitFor({ timeout: 20_000 });
const row = (page, words) => page.getByRole('listitem').or(page.getByRole('article')).filter({ hasText: words }).last();
const badge = (page, words) => row(page, words).getByText('Exercise', { exact: true }).waitFor();
const chosen = (select) => select.evaluate((field) => field.selectedOptions[0].textContent.trim());

/** Every list and every table of figures that somebody has, as one text. */
const LISTS = ['/api/cases', '/api/referrals', '/api/requests?box=inbox', '/api/requests?box=sent', '/api/requests?box=closed', '/api/cards', '/api/cards?others=true', '/api/overlaps', '/api/home', '/api/requests/statistics'];
const lists = async (page) => (await Promise.all(LISTS.map((path) => ask(page, 'GET', path)))).map((answer) => JSON.stringify(answer)).join('\n');

/** What a card says that is about the same as the one that is made on the form; in earnest, or for an exercise. */
const facets = (exercise) => {
  const quarter = (back) => {
    const at = new Date().getFullYear() * 4 + Math.floor(new Date().getMonth() / 3) - back;
    return `${Math.floor(at / 4)}-Q${(at % 4) + 1}`;
  };
  const what = { visibility: 'sealed', stage: 'open_investigation', exploitation: ['organ_removal'], origin: ['MD'], destination: ['GR'] };
  return { ...what, from: quarter(2), to: quarter(0), marking: 'amber', grading: 'B2', exercise };
};

/** A moderator starts it, with these people: its id. */
async function start(leader, people) {
  await leader.goto(`${house.url}/exercises`);
  await press(leader, 'Start an exercise');
  const form = leader.getByRole('dialog', { name: 'Start an exercise' });
  await form.getByLabel('Title', { exact: true }).fill(TITLE);
  await form.getByLabel('Scenario').fill('Two invented children travel on an invented bus.');
  for (const name of people) {
    await form.getByRole('combobox', { name: 'Who takes part' }).fill(name);
    await form.getByRole('option', { name: new RegExp(name) }).click();
  }
  await form.getByRole('button', { name: 'Start an exercise' }).click();
  await leader.getByRole('heading', { level: 1, name: TITLE }).waitFor();
  return new URL(leader.url()).pathname.split('/').at(-1);
}

/** A card, whose form says at once that it is made up: its address. */
async function makeCard(ro) {
  await ro.goto(`${house.url}/cards/new`);
  await choice(ro).selectOption({ label: TITLE });
  await banner(ro).waitFor();
  await ro.getByLabel('Removal of organs').check();
  for (const [field, country] of [['Countries of origin', 'Moldova'], ['Countries of destination', 'Greece']]) {
    await ro.locator('summary', { hasText: field }).click();
    await ro.getByRole('group', { name: field }).getByLabel(country).check();
  }
  await audit(ro, 'a new card of an exercise');
  await press(ro, 'Next');
  await banner(ro).waitFor();
  await ro.getByRole('combobox', { name: 'Source' }).selectOption('B');
  await ro.getByRole('combobox', { name: 'Information' }).selectOption('2');
  await press(ro, 'Make the card');
  await ro.getByRole('heading', { level: 1, name: /MD → GR · Removal of organs/ }).waitFor();
  await banner(ro).waitFor();
  await audit(ro, 'a card of an exercise');
  await picture(ro, 'card');
  return new URL(ro.url()).pathname;
}

/** A request to whoever the overlap names: the form keeps the exercise. Its address. */
async function askThem(ro, gr) {
  await ro.goto(`${house.url}/cards`);
  const met = ro.getByRole('listitem').filter({ hasText: 'Possible overlap with Εισαγγελική' });
  const invented = met.filter({ hasText: 'Removal of organs' });
  await invented.getByText('Exercise', { exact: true }).waitFor();
  assert.equal(await invented.getByRole('link', { name: 'Compare values' }).count(), 0, 'what is made up has no values');
  assert.notEqual(await met.getByRole('link', { name: 'Compare values' }).count(), 0, 'what is real may have some');
  await audit(ro, 'an overlap of an exercise');
  await picture(ro, 'overlap');
  await invented.getByRole('button', { name: 'Ask them' }).click();
  await banner(ro).waitFor();
  await press(ro, 'Back');
  assert.equal(await chosen(choice(ro)), TITLE);
  await press(ro, 'Go on');
  await ro.getByRole('radio', { name: /^8 hours/ }).check();
  await press(ro, 'Go on');
  await ro.getByLabel('Title').fill(QUESTION);
  await ro.getByLabel('What you ask').fill('It has no number plate, for it does not exist.');
  await ro.getByLabel('Marking').selectOption('green');
  await audit(ro, 'a new request of an exercise');
  await press(ro, 'Keep as a draft');
  await ro.getByRole('region', { name: 'Read it once more and send it' }).waitFor();
  await banner(ro).waitFor();
  await gr.goto(`${house.url}/requests`);
  await Promise.all([gr.getByText('A request waits for you.').waitFor(), press(ro, 'Send')]);
  await badge(gr, QUESTION);
  assert.ok(await fits(gr));
  await audit(gr, 'an inbox with a request of an exercise');
  await gr.getByRole('link', { name: QUESTION }).click();
  await banner(gr).waitFor();
  await press(gr, 'Confirm receipt');
  await gr.getByRole('region', { name: 'It is for you to answer' }).waitFor();
  assert.ok(await fits(gr));
  await audit(gr, 'a request of an exercise on a telephone');
  await picture(gr, 'request');
  return new URL(ro.url()).pathname;
}

/** A room, of whose people each takes part: its address. */
async function openRoom(ro, gr, outsider) {
  await ro.goto(`${house.url}/cases/new`);
  await ro.getByLabel('Age band').selectOption('14-15');
  await ro.getByLabel('With whom').selectOption('unaccompanied');
  await press(ro, 'Continue');
  await ro.getByLabel('Romania').check();
  await press(ro, 'Continue');
  await ro.getByLabel('Consent', { exact: true }).selectOption('by_guardian');
  await press(ro, 'Continue');
  await ro.getByLabel('Shelter').first().check();
  await choice(ro).selectOption({ label: TITLE });
  await banner(ro).waitFor();
  await audit(ro, 'a new room of an exercise');
  await press(ro, 'Open a room');
  await ro.getByRole('heading', { level: 2, name: 'Ready for the next phase: Assessment' }).waitFor();
  await banner(ro).waitFor();
  await audit(ro, 'a room of an exercise');
  const address = new URL(ro.url()).pathname;
  const reference = await ro.getByRole('heading', { level: 1 }).textContent();

  await ro.goto(`${house.url}${address}/people`);
  await press(ro, 'Invite somebody');
  const dialog = ro.getByRole('dialog', { name: 'Invite somebody' });
  await dialog.getByLabel('As what').selectOption('prosecutor');
  await dialog.getByLabel('Why').selectOption('competence');
  const who = dialog.getByRole('combobox', { name: 'Who' });
  for (const [name, done] of [[outsider.name, dialog.getByText('This person doesn’t take part in the exercise.')], [gr.name, null]]) {
    await who.fill(name);
    await dialog.getByRole('option', { name }).click();
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await (done ? done.waitFor() : dialog.waitFor({ state: 'detached' }));
  }
  await gr.page.goto(`${house.url}/cases`);
  await gr.page.getByText('Exercise', { exact: true }).waitFor();
  await audit(gr.page, 'an invitation into a room of an exercise');
  await press(gr.page, 'Read the terms and accept');
  await gr.page.getByLabel('I accept these terms').check();
  await press(gr.page, 'Accept and enter');
  await gr.page.getByRole('heading', { level: 1, name: reference }).waitFor();
  await banner(gr.page).waitFor();
  await ro.goto(`${house.url}/cases`);
  await badge(ro, reference);
  await audit(ro, 'a board with a room of an exercise');
  return address;
}

/** A referral out of the room: its address. */
async function refer(ro, guardian, room) {
  const { id: me } = await ask(ro, 'GET', '/api/session');
  const { organisation_id: to } = await ask(guardian, 'GET', `/api/people/${guardian.me}`);
  await ro.goto(house.url + room);
  await ro.getByRole('link', { name: 'Refer', exact: false }).first().click();
  await banner(ro).waitFor();
  await audit(ro, 'a new referral of an exercise');
  // Assessed, as the sheet asks for it before anybody is referred.
  const { sheet, risk, next_review, sheet_seq } = await ask(ro, 'GET', `/api${room}`);
  const assessed = await ask(ro, 'PUT', `/api${room}/sheet`, { sheet: { ...sheet, bia: true, bid: 'not_needed', needs: ['guardianship'] }, risk, next_review, sheet_seq });
  assert.equal(assessed.status, 200, assessed.code);
  const content = {
    purpose: 'A guardian who does not exist', services: ['guardianship'], language: 'fa', legal_basis: 'public_task', consent: 'by_guardian', assent: 'given',
    child_view: 'Wants to go there', not_tell: 'Nothing to the consulate', channel: 'primero', contact_from: me, contact_to: guardian.me,
  };
  const draft = await ask(ro, 'POST', '/api/referrals', { case: room.split('/').at(-1), to_country: 'GR', to, content });
  assert.equal(draft.status, 201, draft.code);
  await ro.goto(`${house.url}/referrals/new?referral=${draft.id}`);
  await banner(ro).waitFor();
  const { revision } = await ask(ro, 'GET', `/api/referrals/${draft.id}`);
  const sent = await ask(ro, 'POST', `/api/referrals/${draft.id}/steps`, { act: 'send', revision });
  assert.equal(sent.status, 204, sent.code);
  await guardian.goto(`${house.url}/referrals`);
  await badge(guardian, 'Crișuri');
  await audit(guardian, 'referrals with one of an exercise');
  await guardian.goto(`${house.url}/referrals/${draft.id}`);
  await banner(guardian).waitFor();
  await audit(guardian, 'a referral of an exercise');
  await picture(guardian, 'referral');
  return `/referrals/${draft.id}`;
}

test('what is made in an exercise says so, is found by its people alone, and is gone when it ends', async () => {
  const [leader, ro, gr, guardian] = await Promise.all([window(house, 'moderator.ro'), window(house, 'prosecutor.ro'), window(house, 'prosecutor.gr', PHONE), window(house, 'guardian.gr')]);
  const outsiders = await Promise.all(['prosecutor.ba', 'moderator.region'].map((handle) => window(house, handle)));
  await Promise.all([ro, gr, guardian, ...outsiders].map(unlock));
  const name = async (page) => (await ask(page, 'GET', '/api/session')).name;
  const before = await Promise.all([ro, gr, guardian, ...outsiders].map(lists));
  // In earnest, and about just the same.
  const { id: real } = await ask(gr, 'POST', '/api/cards', facets(null));
  assert.ok(real);

  const exercise = await start(leader, [await name(ro), await name(gr), await name(guardian)]);
  const card = await makeCard(ro);
  const overlapping = async (page, id) => (await ask(page, 'GET', '/api/overlaps')).items.filter((overlap) => overlap.card === id).length;
  const own = card.split('/').at(-1);
  assert.deepEqual([await overlapping(ro, own), await overlapping(gr, real)], [0, 0], 'a real card meets no invented one');
  const { id: theirs } = await ask(gr, 'POST', '/api/cards', facets(exercise));
  assert.deepEqual([await overlapping(ro, own), await overlapping(gr, theirs), await overlapping(gr, real)], [1, 1, 0]);
  const request = await askThem(ro, gr);
  const room = await openRoom(ro, { page: gr, name: await name(gr) }, { name: await name(outsiders[0]) });
  const referral = await refer(ro, guardian, room);
  const made = [card, `/cards/${theirs}`, request, room, referral];

  // Nobody else finds any of it; who looks after the exercise isn't offered what they take no part in.
  for (const [at, page] of outsiders.entries()) {
    for (const path of made) assert.equal((await ask(page, 'GET', `/api${path}`)).status, 404, path);
    const now = await lists(page);
    for (const path of made) assert.ok(!now.includes(path.split('/').at(-1)), path);
    assert.ok(!now.includes(exercise) && !now.includes(QUESTION), `outsider ${at}`);
    await page.goto(house.url + request);
    await absent(page);
  }
  assert.equal((await ask(outsiders[0], 'GET', `/api/exercises/${exercise}`)).status, 404);
  const [, keeper] = outsiders;
  assert.equal((await ask(keeper, 'GET', `/api/exercises/${exercise}`)).status, 200);
  await keeper.goto(`${house.url}/requests/new`);
  await keeper.getByRole('radio').first().waitFor();
  await keeper.waitForLoadState('networkidle');
  assert.equal(await keeper.getByRole('option', { name: TITLE }).count(), 0);

  // It ends while its people have it before them: the pages themselves say that it is gone.
  const inside = await ro.context().newPage();
  await inside.goto(house.url);
  await unlock(inside);
  for (const [page, path] of [[ro, card], [gr, request], [guardian, referral], [inside, room]]) {
    await page.goto(house.url + path);
    await banner(page).waitFor();
  }
  await press(leader, 'End and wipe');
  const sure = leader.getByRole('dialog', { name: 'End this exercise?' });
  await sure.getByText(/case rooms, referrals, requests and file cards/).waitFor();
  await sure.getByRole('button', { name: 'End and wipe' }).click();
  await leader.getByText('It is over, and everything said in its rooms is erased.').waitFor({ timeout: 30_000 });
  await Promise.all([ro, gr, guardian, inside].map(absent));
  await audit(gr, 'what was a request of an exercise');
  await picture(gr, 'gone');
  await inside.close();

  // Nothing is left: not by its address, not in a list, not on a form.
  for (const page of [ro, gr, guardian, ...outsiders]) {
    for (const path of made) assert.equal((await ask(page, 'GET', `/api${path}`)).status, 404, path);
  }
  const left = await Promise.all([ro, gr, guardian, ...outsiders].map(lists));
  for (const [at, now] of left.entries()) {
    assert.ok(!now.includes(exercise), `${at}`);
    for (const path of made) assert.ok(!now.includes(path.split('/').at(-1)), path);
    assert.equal(now.split('\n').at(-1), before[at].split('\n').at(-1), 'no figure counts it');
  }
  assert.equal((await ask(gr, 'GET', `/api/cards/${real}`)).status, 200, 'what is real stays');
  await ro.goto(`${house.url}/cards/new`);
  await ro.getByLabel('Removal of organs').waitFor();
  await ro.waitForLoadState('networkidle');
  assert.equal(await ro.getByRole('option', { name: TITLE }).count(), 0);
  for (const path of ['/requests?box=sent', '/cards', '/cases', '/referrals']) {
    await ro.goto(house.url + path);
    await ro.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await ro.getByText('Exercise', { exact: true }).count(), 0, path);
  }
  for (const page of [leader, ro, gr, guardian, ...outsiders]) page.quiet();
});
