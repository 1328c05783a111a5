// Two prosecutors whose sealed files meet, and who count what they have in common; and what nobody else may notice of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const numbers = (from, to) => Array.from({ length: to - from }, (_, at) => `+40 700 00 ${String(from + at).padStart(4, '0')}`).join('\n');
const json = (page, path) => page.evaluate((at) => fetch(at).then((answer) => answer.text()), path);
const toFrench = async (page) => {
  await page.evaluate(() =>
    fetch('/api/me', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ language: 'fr' }) }),
  );
  await page.evaluate(() => localStorage.setItem('egida.language', JSON.stringify('fr')));
};

test('two sealed files meet, a request is a step away, and twelve values are compared without being shown', async (t) => {
  const ro = await window(house, 'prosecutor.ro');
  const gr = await window(house, 'prosecutor.gr', PHONE);
  await toFrench(gr);
  await gr.goto(`${house.url}/cards`);
  await gr.getByRole('heading', { level: 1, name: 'Fiches' }).waitFor();
  // What others must not notice: they look at the same time.
  const outsiders = await Promise.all(['ngo.mk', 'admin', 'moderator.region'].map((handle) => window(house, handle)));
  const told = outsiders.map((page) => {
    const heard = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
    return heard;
  });
  const looks = async (page) => [await json(page, '/api/cards?others=true'), await json(page, '/api/overlaps'), await json(page, '/api/matching'), await json(page, '/api/home')];
  await Promise.all(outsiders.map((page) => page.goto(`${house.url}/cards`)));
  const saw = await Promise.all(outsiders.map(looks));

  // The Romanian card: first too narrow, then wide enough by one press.
  await ro.goto(`${house.url}/cards/new`);
  await ro.getByLabel('Forced begging').check();
  await ro.getByLabel('Children among them').selectOption('yes');
  await ro.getByLabel('0-5', { exact: true }).check();
  await ro.getByLabel('How many victims').selectOption('10+');
  await ro.locator('summary', { hasText: 'Countries of origin' }).click();
  await ro.getByRole('group', { name: 'Countries of origin' }).getByLabel('Romania').check();
  await ro.locator('summary', { hasText: 'Countries of destination' }).click();
  await ro.getByRole('group', { name: 'Countries of destination' }).getByLabel('Greece').check();
  await audit(ro, 'the first step of a card');
  await ro.getByRole('button', { name: 'Next' }).click();
  await ro.getByRole('combobox', { name: 'Source' }).selectOption('B');
  await ro.getByRole('combobox', { name: 'Information' }).selectOption('2');
  await ro.getByRole('button', { name: 'Make the card' }).click();
  await ro.getByText('This card would single out one case').waitFor();
  await audit(ro, 'a card that is too narrow');
  await ro.getByRole('button', { name: 'Leave out the ages' }).click();
  const wide = ro.getByRole('button', { name: 'Leave out how many' });
  await ro.getByRole('heading', { level: 1, name: /RO → GR/ }).or(wide).waitFor();
  if (await wide.isVisible()) await wide.click();
  await ro.getByRole('heading', { level: 1, name: /RO → GR · Forced begging/ }).waitFor();
  const card = new URL(ro.url()).pathname;
  await audit(ro, 'a card');

  // Both sides are told, and neither sees the other's card.
  await gr.getByText('Recoupement possible avec Serviciul de Parchet «Crișuri» (Roumanie)').first().waitFor();
  await audit(gr, 'an overlap on a telephone');
  assert.ok(await fits(gr));
  await ro.getByRole('link', { name: 'File cards' }).first().click();
  const met = ro.getByRole('listitem').filter({ hasText: 'Possible overlap with Εισαγγελική' }).filter({ hasText: 'Forced begging' });
  await met.getByRole('button', { name: 'Ask them' }).waitFor();
  await audit(ro, 'cards with an overlap');
  const theirs = JSON.parse(await json(gr, '/api/overlaps')).items.map((overlap) => overlap.card);
  for (const id of theirs) assert.equal(await ro.evaluate((at) => fetch(at).then((answer) => answer.status), `/api/cards/${id}`), 404);
  await met.getByRole('button', { name: 'Ask them' }).click();
  await ro.waitForURL(/\/requests\/new\?kind=open_file&organisation=/);

  // Twelve values, of which the other side has more than one.
  await ro.goto(`${house.url}/matching`);
  await ro.getByRole('button', { name: 'New comparison' }).click();
  await ro.getByLabel('Whom to ask').selectOption({ label: 'Εισαγγελική Υπηρεσία «Θερμαϊκός» (Greece)' });
  await ro.getByLabel('Number of the file').fill('412/P/2026');
  await ro.getByLabel('Legal basis').selectOption('criminal_procedure');
  await ro.getByLabel('Values, one a line').fill(numbers(0, 12));
  await ro.getByRole('button', { name: 'Add', exact: true }).click();
  await ro.getByText('12 values').waitFor();
  await audit(ro, 'asking to compare');
  const sent = [];
  ro.on('request', (request) => request.method() !== 'GET' && sent.push(request.postData() ?? ''));
  gr.on('request', (request) => request.method() !== 'GET' && sent.push(request.postData() ?? ''));
  await ro.getByRole('button', { name: 'Ask', exact: true }).click();
  await ro.getByText('It waits for the other side.').waitFor();
  const session = new URL(ro.url()).pathname;
  // The first page of who is asked leads there.
  await gr.goto(`${house.url}/home`);
  await gr.getByRole('link', { name: 'Une de vos fiches recoupe peut-être une autre' }).waitFor();
  await gr.getByRole('link', { name: 'On vous demande de rapprocher des valeurs' }).click();
  await gr.locator(`a[href="${session}"]`).click();
  await gr.getByText('412/P/2026').waitFor();
  await gr.getByLabel('Écrits comme au pays').selectOption('RO');
  // As if pasted: typing so much takes a browser longer than comparing it.
  await gr.getByLabel('Valeurs, une par ligne').evaluate((field, text) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, numbers(9, 5009));
  const begun = performance.now();
  await gr.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await gr.getByText(/5.000 valeurs/).waitFor();
  // The page stays alive meanwhile.
  await gr.getByRole('checkbox', { name: /j’approuve/ }).check();
  await audit(gr, 'answering on a telephone');
  assert.ok(await fits(gr));
  await gr.getByText('Masquage…').waitFor({ state: 'detached', timeout: 60_000 });
  const blinded = performance.now();
  await gr.getByRole('button', { name: 'Rapprocher', exact: true }).click();
  await ro.getByText('2+ values in common').waitFor({ timeout: 60_000 });
  t.diagnostic(`5,000 values blinded in ${Math.round(blinded - begun)} ms with a look at the page, compared in ${Math.round(performance.now() - blinded)} ms`);
  await gr.getByText('2+ valeurs en commun').waitFor();
  await audit(ro, 'a result');
  assert.ok(sent.some((body) => body.includes('"doubled"')));
  assert.ok(sent.every((body) => !body.includes('0700') && !body.includes('70000')), 'no value left a browser');

  // Nobody else has noticed anything.
  assert.deepEqual(await Promise.all(outsiders.map(looks)), saw);
  for (const page of outsiders) {
    for (const path of [card, session]) {
      await page.goto(house.url + path);
      await page.getByRole('heading', { level: 1, name: /^(Page not found|Page introuvable)$/ }).waitFor();
    }
    page.quiet();
  }
  assert.ok(told.flat().every((frame) => !frame.includes('deconfliction')), 'nobody else was told');
  ro.quiet();
  gr.quiet();
});

test('what can not be compared is said before it is sent', async () => {
  const page = await window(house, 'prosecutor.ba');
  await page.goto(`${house.url}/matching`);
  await page.getByRole('button', { name: 'New comparison' }).waitFor();
  await page.getByRole('button', { name: 'New comparison' }).click();
  await page.getByLabel('Values, one a line').fill(numbers(0, 21));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('At most 20 values.').waitFor();
  await page.getByLabel('Values, one a line').fill('not a number');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText(/could not be read/).waitFor();
  page.quiet();
});
