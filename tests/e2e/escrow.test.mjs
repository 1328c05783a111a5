// A member loses their keys, makes new ones, and asks from the room's locked page; two of the escrow's three holders, each in a
// browser of their own, let them back in. Whoever holds nothing finds nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, PASSWORD, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const ENGLISH = ['Your password', 'Make my keys', 'I have put it away safely', 'Go on'];
const FRENCH = ['Votre mot de passe', 'Créer mes clés', /en lieu sûr/, 'Continuer'];
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const picture = (page, name) => (process.env.PICTURES ? page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true }) : null);

async function makeKeys(page, [password, make, kept, done]) {
  await page.goto(`${house.url}/me/keys`);
  await fillKeys(page, [password, make, kept, done]);
}

async function fillKeys(page, [password, make, kept, done]) {
  // A field of the same name has stood there until the old keys were given up.
  await page.getByRole('button', { name: make }).waitFor();
  await page.getByLabel(password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: make }).click();
  await page.getByLabel(kept).check();
  await page.getByRole('button', { name: done }).click();
}

const toFrench = async (page) => {
  await page.evaluate(() =>
    fetch('/api/me', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ language: 'fr' }) }),
  );
  await page.evaluate(() => localStorage.setItem('egida.language', JSON.stringify('fr')));
};

/** The same page in a narrow window. */
async function onPhone(page, name) {
  const before = page.viewportSize();
  await page.setViewportSize(PHONE.viewport);
  assert.ok(await fits(page), name);
  await picture(page, name);
  await page.setViewportSize(before);
}

/** A room with a word in it, opened by whoever has their keys open on this page: its id. */
const openRoom = (page) =>
  page.evaluate(async () => {
    const headers = { 'Content-Type': 'application/json', 'x-egida-unlock': sessionStorage.getItem('egida.keys').split(' ')[1] };
    const post = async (path, body) => (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    const sheet = { age_band: '14-15', company: 'unaccompanied', consent: 'by_guardian', bid: 'pending', guardian: 'appointed', countries: ['RO'] };
    const review = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const { id } = await post('/api/cases', { sheet, risk: 'medium', next_review: review });
    await post(`/api/cases/${id}/entries`, { content: { kind: 'message', body: 'The visit is agreed for next week' } });
    return id;
  });

test('two of three holders let a member back into a room whose keys are lost', async () => {
  const member = await window(house, 'social.ro');
  const first = await window(house, 'ngo.mk');
  const second = await window(house, 'prosecutor.gr', PHONE);
  await toFrench(second);
  await makeKeys(member, ENGLISH);
  await makeKeys(first, ENGLISH);
  await makeKeys(second, FRENCH);
  const third = await window(house, 'helpline.rs');
  await makeKeys(third, ENGLISH);
  await third.context().close();
  const accounts = ['ngo.mk', 'prosecutor.gr', 'helpline.rs'].flatMap((handle) => ['--account', `${handle}@demo.egida.example`]);
  assert.match(house.command('escrow', ...accounts), /The escrow is on/);

  // The room says who could open it, at its head and in its timeline.
  await member.getByRole('button', { name: 'Lock them now' }).waitFor();
  const room = `${house.url}/cases/${await openRoom(member)}`;
  await member.goto(room);
  await member.getByText('Any two of these three together could let a member').waitFor();
  const reference = await member.getByRole('heading', { level: 1 }).textContent();
  await audit(member, 'a room whose key an escrow holds');
  await picture(member, 'room-en');
  await onPhone(member, 'room-phone');
  await member.goto(`${room}/timeline`);
  await member.getByText('From now on three people of three organisations hold the key').waitFor();

  // Nothing opens the member's keys any more: new ones, and a room that is locked.
  await member.goto(`${house.url}/me/keys`);
  await member.getByRole('button', { name: 'Lock them now' }).click();
  await member.getByRole('button', { name: 'Nothing of mine opens them any more' }).click();
  const giving = member.getByRole('dialog', { name: 'Give up keys that nothing opens?' });
  await audit(member, 'giving keys up');
  await picture(member, 'give-up-en');
  await giving.getByRole('button', { name: 'Give these keys up' }).click();
  await fillKeys(member, ENGLISH);
  await member.getByRole('button', { name: 'Lock them now' }).waitFor();
  await member.goto(room);
  await member.getByRole('heading', { name: 'Your new keys don’t open this room' }).waitFor();
  await member.getByRole('button', { name: 'Ask the escrow' }).waitFor();
  await audit(member, 'a room whose key is lost');
  await picture(member, 'lost-en');

  // A holder, on another page, is told that something waits, not what; they see who asks and the room's reference.
  await first.goto(`${house.url}/cases`);
  await first.getByRole('link', { name: 'Escrow' }).click();
  await first.getByRole('heading', { name: 'Nobody asks for a key' }).waitFor();
  await audit(first, 'an empty desk');
  await member.getByRole('button', { name: 'Ask the escrow' }).click();
  await member.getByText('You have asked the holders.').waitFor();
  await picture(member, 'asked-en');
  await onPhone(member, 'asked-phone');
  await first.getByText(reference, { exact: true }).waitFor();
  await audit(first, 'a member who asks');
  await picture(first, 'desk-en');
  assert.ok(!(await first.evaluate(() => document.body.textContent)).includes('The visit is agreed'));
  await first.getByRole('button', { name: 'Agree' }).click();
  const agreeing = first.getByRole('dialog', { name: /^Let .* back into / });
  await audit(first, 'agreeing');
  await picture(first, 'agree-en');
  await agreeing.getByRole('button', { name: 'Agree' }).click();
  await first.getByText('You have agreed: it waits for a second holder.').waitFor();
  await member.getByText(/has agreed\. A second holder/).waitFor();

  // The second one, on a telephone and in French.
  await second.goto(`${house.url}/escrow`);
  await second.getByText(reference, { exact: true }).waitFor();
  assert.ok(await fits(second));
  await audit(second, 'a member who asks, on a telephone');
  await picture(second, 'desk-fr');
  await second.getByRole('button', { name: 'Accepter' }).click();
  const accepting = second.getByRole('dialog', { name: /^Rendre à / });
  await accepting.waitFor();
  assert.ok(await fits(second));
  await picture(second, 'agree-fr');
  await accepting.getByRole('button', { name: 'Accepter' }).click();
  await second.getByRole('heading', { name: 'Personne ne demande de clé' }).waitFor();
  await audit(second, 'an empty desk on a telephone');
  await picture(second, 'empty-fr');

  // The member's page opens by itself, with what was said before.
  await member.getByText('The visit is agreed for next week').waitFor();
  await member.goto(`${room}/timeline`);
  await member.getByText(/as the second holder of the escrow, let .* back into this room/).waitFor();
  await picture(member, 'timeline-en');

  // Whoever holds nothing finds nothing.
  await member.goto(`${house.url}/escrow`);
  await member.getByRole('heading', { name: 'Page not found' }).waitFor();
  await member.goto(`${house.url}/cases`);
  await member.getByRole('link', { name: 'Matching' }).waitFor();
  assert.equal(await member.getByRole('link', { name: 'Escrow' }).count(), 0);

  // Turned off, the room says so.
  assert.match(house.command('escrow', '--off'), /is destroyed/);
  await member.goto(`${room}/timeline`);
  await member.getByText('No escrow holds the key of this room any more').waitFor();
  assert.equal(await member.getByText('Any two of these three').count(), 0);
  for (const page of [member, first, second]) page.quiet();
});
