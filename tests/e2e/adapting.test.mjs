// A campaign officer in Bulgaria finds what Albania has learnt, adapts it, and plans a campaign on it beside a Romanian one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { audit, open, window } from './house.mjs';

let house;
before(async () => (house = await open()));
after(() => house?.close());

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const FOUND = 'Lypje e detyruar e nxënësve: shkolla dhe shërbimi social e vënë re bashkë';

test('a practice is found across languages, adapted, and a campaign planned on it that clashes with a neighbour', { timeout: 180_000 }, async () => {
  const page = await window(house, 'campaign.bg');
  await page.evaluate(() =>
    fetch('/api/me', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ language: 'en' }) }),
  );
  await page.goto(`${house.url}/library?q=${encodeURIComponent('принудителна просия училище')}`);
  await page.getByRole('link', { name: FOUND }).click();
  await page.getByRole('heading', { level: 1, name: FOUND }).waitFor();
  const practice = new URL(page.url()).pathname;
  await page.getByText('Monitored').first().waitFor();
  await page.getByRole('heading', { name: /went wrong/ }).first().waitFor();
  await audit(page, 'the practice that was found');

  await page.getByRole('link', { name: 'Adapt it' }).click();
  await page.getByLabel('Title').fill('Принудителна просия: училището забелязва');
  await page.getByLabel('Kept').fill('Училище и социална служба забелязват заедно.');
  await page.getByLabel('Changed').fill('Дирекция „Социално подпомагане“ води срещата.');
  await page.getByRole('button', { name: 'Begin the adaptation' }).click();
  await page.getByRole('heading', { level: 1, name: 'Edit' }).waitFor();

  await page.goto(house.url + practice);
  await page.getByRole('link', { name: 'Plan a campaign on it' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Кой взема монетите?');
  await page.getByLabel('Theme', { exact: true }).selectOption('forced-begging');
  await page.getByLabel('Aim', { exact: true }).selectOption('report');
  await page.getByRole('button', { name: 'Go on' }).click();
  for (const country of ['Bulgaria', 'Romania']) await page.getByRole('checkbox', { name: country, exact: true }).check();
  await page.getByRole('checkbox', { name: '10–13 years' }).check();
  await page.getByRole('checkbox', { name: 'school', exact: true }).check();
  await page.getByLabel('First day', { exact: true }).fill(inDays(16));
  await page.getByLabel('Last day', { exact: true }).fill(inDays(30));
  await page.getByText(/speaks? to the same people in the same weeks/).waitFor();
  await page.getByRole('button', { name: 'Make the campaign' }).click();
  await page.getByText('Next: plan it').waitFor();
  // The campaign names what it adapts, and the Romanian one is told beside it.
  await page.getByRole('link', { name: FOUND }).waitFor();
  await page.getByRole('link', { name: /Cine ia banii/ }).waitFor();
  await audit(page, 'a campaign beside a neighbour’s');
  await page.goto(`${house.url}/campaigns/timeline`);
  await page.getByRole('list', { name: 'Campaigns by country' }).getByRole('link').first().waitFor();
  assert.ok(await page.getByText('Cine ia banii').count());
  page.quiet();
});
