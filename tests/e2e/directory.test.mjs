// Finding who can help, keeping entries true, and abbreviations that explain themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, composer, open, openChannel, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const json = (page, path) => page.evaluate((path) => fetch(path).then((answer) => answer.json()), path);
const organisation = async (page, word) => (await json(page, `/api/organisations?q=${encodeURIComponent(word)}`)).items[0].id;
const results = (page) => page.getByRole('list', { name: 'Directory' }).locator('> li');

test('who can help is found by choices, and the address keeps them', async () => {
  const page = await window(house, 'member.rs');
  await page.goto(`${house.url}/directory`);
  await results(page).first().waitFor();
  await page.getByLabel('Country', { exact: true }).selectOption('GR');
  await page.getByLabel('Help with', { exact: true }).selectOption('guardianship');
  await page.getByRole('status').filter({ hasText: /found/ }).waitFor();
  await page.getByText('Ελπίδα Ροδοβάλη').first().waitFor();
  assert.match(page.url(), /country=GR.*topic=guardianship/);
  assert.match(await results(page).first().textContent(), /Focal point/);
  await page.reload();
  await page.getByText('Ελπίδα Ροδοβάλη').first().waitFor();
  assert.equal(await page.getByLabel('Country', { exact: true }).inputValue(), 'GR');
  await page.goBack();
  await page.waitForURL(/country=GR$/);
  await results(page).first().getByRole('button', { name: /^Write to/ }).click();
  await composer(page).waitFor();
  page.quiet();
  await page.context().close();
});

test('what an organisation has published is warned of no more, a stranger’s address is', async () => {
  const keeper = await window(house, 'moderator.ro');
  const answer = await keeper.evaluate(() => {
    const wish = { name: 'Centre of the journey', kind: 'NGO-SERVICE', country: 'RO', description: 'Write to ana.desk@centre.example or call +40 21 000 00 01.' };
    const headers = { 'Content-Type': 'application/json' };
    return fetch('/api/organisations', { method: 'POST', headers, body: JSON.stringify(wish) }).then((answer) => answer.status);
  });
  assert.equal(answer, 201);
  await keeper.context().close();

  const page = await window(house, 'member.rs');
  const asked = [];
  page.on('request', (request) => request.url().includes('/api/directory/addresses') && asked.push(request));
  await openChannel(house, page, 'lobby');
  const warning = (text) => page.getByRole('status').locator('mark', { hasText: text });
  await composer(page).fill('Write to jane.roe@elsewhere.example or ana.desk@centre.example, or call 0040 21 000 00 01');
  await warning('jane.roe@elsewhere.example').waitFor();
  assert.equal(await page.getByRole('status').locator('mark').count(), 1, 'the stranger’s alone');
  await audit(page, 'a warning of an address');
  await composer(page).fill('Write to ana.desk@centre.example or call 0040 21 000 00 01');
  await warning('jane.roe@elsewhere.example').waitFor({ state: 'detached' });
  // Another finding of the same reading: the text was read, and the addresses in it are none.
  await composer(page).fill('Write to ana.desk@centre.example about the illegal migrant');
  await warning('illegal migrant').waitFor();
  assert.equal(await page.getByRole('status').locator('mark').count(), 1);
  assert.deepEqual(asked.map((request) => [request.method(), request.postData()]), [['GET', null]], 'once, and nothing of it is sent');
  await composer(page).fill('');
  page.quiet();
  await page.context().close();
});

test('nobody yet: the page says whom to ask', async () => {
  const page = await window(house, 'member.rs');
  await page.goto(`${house.url}/directory?country=XK&topic=forensic-examination&language=bn`);
  await page.getByRole('heading', { name: 'Nobody yet' }).waitFor();
  await page.getByRole('link', { name: /Ask the moderators/ }).click();
  await page.waitForURL(/countries\/XK/);
  await page.getByText('Blerta Gjinoviku').first().waitFor();
  await page.getByText(/UNSCR 1244/).waitFor();
  await page.context().close();
});

test('on a narrow screen the choices are in a sheet', async () => {
  const page = await window(house, 'member.rs', { viewport: { width: 360, height: 740 } });
  await page.goto(`${house.url}/directory`);
  await results(page).first().waitFor();
  await page.getByRole('button', { name: 'Filters' }).click();
  const sheet = page.getByRole('dialog', { name: 'Filters' });
  await sheet.getByLabel('Country', { exact: true }).selectOption('RO');
  await sheet.getByRole('button', { name: /^Show/ }).click();
  await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  page.quiet();
  await page.context().close();
});

test('one field takes what is needed and where', async () => {
  const page = await window(house, 'member.rs');
  await page.goto(`${house.url}/directory`);
  await page.getByRole('searchbox', { name: 'Who can help?' }).fill('επιτροπεία Ελλάδα');
  await page.waitForURL(/q=/);
  await results(page).first().filter({ hasText: 'Ελπίδα Ροδοβάλη' }).waitFor();
  page.quiet();
  await page.context().close();
});

test('a focal point invites a colleague, and the legal regime comes with the organisation', async () => {
  const page = await window(house, 'prosecutor.ba');
  const { items } = await json(page, '/api/organisations?country=BA&kind=PROSECUTION');
  await page.goto(`${house.url}/organisations/${items[0].id}`);
  await page.getByRole('link', { name: 'Invite a colleague' }).click();
  await page.getByRole('button', { name: 'Invite a person' }).click();
  const form = page.getByRole('dialog', { name: 'Invite a person' });
  await form.getByLabel('Professional e-mail address').fill('nova.kolegica@okruzno.example');
  await form.getByLabel('Name', { exact: true }).fill('Nova Kolegica');
  await form.getByRole('button', { name: 'Create the invitation' }).click();
  await form.getByText('Choose a function.').waitFor();
  await form.getByRole('combobox', { name: 'Function' }).fill('Prosecutor');
  await form.getByRole('listbox', { name: 'Function' }).getByRole('option').first().click();
  assert.equal(await form.getByRole('combobox', { name: 'Organisation' }).inputValue(), items[0].name);
  await form.getByText('Data under the Law Enforcement Directive').waitFor();
  await audit(page, 'an invitation');
  await form.getByRole('button', { name: 'Create the invitation' }).click();
  const link = await page.getByLabel('Invitation link').inputValue();
  const visitor = await window(house, null);
  await visitor.goto(link);
  await visitor.getByText('Data under the Law Enforcement Directive').waitFor();
  await audit(visitor, 'the invitation that was received');
  visitor.quiet();
  page.quiet();
  await visitor.context().close();
  await page.context().close();
});

test('a moderator enters an organisation, puts somebody into it and names a focal point', async () => {
  const page = await window(house, 'moderator.mk');
  await page.goto(`${house.url}/countries/MK`);
  await page.getByRole('button', { name: 'Add an organisation' }).click();
  const form = page.getByRole('dialog', { name: 'Add an organisation' });
  await form.getByLabel('Name', { exact: true }).fill('Invented Legal Clinic');
  await form.getByLabel('Kind of organisation').selectOption('NGO-SERVICE');
  await form.getByLabel('Legal aid').check();
  await form.getByLabel('Macedonian').check();
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Invented Legal Clinic' }).waitFor();
  await page.getByRole('button', { name: 'Add a person' }).click();
  const place = page.getByRole('dialog', { name: 'Add a person' });
  await place.getByRole('combobox').fill('Пештал');
  await place.getByRole('option').first().click();
  await place.getByRole('button', { name: 'Add a person' }).click();
  await place.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Name a focal point' }).click();
  const naming = page.getByRole('dialog', { name: 'Name a focal point' });
  await naming.getByRole('button', { name: 'Name a focal point' }).click();
  await naming.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /Горан Пешталевски no longer answers/ }).waitFor();
  await page.goto(`${house.url}/directory?country=MK&topic=legal-aid`);
  assert.match(await results(page).first().textContent(), /Горан Пешталевски.*Focal point/);
  page.quiet();
  await page.context().close();
});

test('one writes one’s own entry, and others find it', async () => {
  const page = await window(house, 'teacher.xk');
  await page.goto(`${house.url}/me`);
  await page.getByRole('link', { name: 'Change my entry' }).click();
  await page.getByLabel(/What you can help with/).fill('Write to me at driton@school.example');
  await page.getByRole('button', { name: 'Save and confirm' }).click();
  await page.getByText(/No e-mail address/).waitFor();
  await page.getByLabel(/What you can help with/).fill('A sports hall and thirty volunteers');
  await page.getByLabel('Turkish').check();
  await page.getByRole('button', { name: 'Save and confirm' }).click();
  await page.getByText(/Thank you: confirmed/).first().waitFor();
  const other = await window(house, 'member.rs');
  await other.goto(`${house.url}/directory?country=XK&language=tr`);
  await other.getByText('A sports hall and thirty volunteers').waitFor();
  other.quiet();
  await page.context().close();
  await other.context().close();
});

test('an abbreviation explains itself by mouse and by keyboard, and nothing moves', async () => {
  const page = await window(house, 'member.ro');
  await openChannel(house, page, 'lobby');
  await say(page, 'The RARC asked how the NRM works; the RARC will call. See HTML and `NRM`.');
  const paragraph = said(page, 'The RARC asked').last();
  await paragraph.locator('abbr').first().waitFor();
  // On its way it stands elsewhere than once it is there.
  await page.getByRole('article', { name: 'Your message on its way' }).waitFor({ state: 'detached' });
  assert.deepEqual(await paragraph.locator('abbr').allTextContents(), ['RARC', 'NRM'], 'each once, in words only');
  const card = page.getByRole('tooltip');
  const before = await paragraph.boundingBox();
  await paragraph.locator('abbr', { hasText: 'NRM' }).hover();
  await card.getByText('national referral mechanism').waitFor();
  await card.hover();
  await page.waitForTimeout(400);
  assert.ok(await card.isVisible(), 'it stays while the pointer is on it');
  await page.mouse.move(2, 2);
  await card.waitFor({ state: 'hidden' });
  const word = paragraph.locator('abbr', { hasText: 'RARC' });
  // By keyboard alone: the message first, then what is in it.
  await paragraph.locator('xpath=ancestor::article').focus();
  const reached = () => word.evaluate((element) => document.activeElement === element);
  for (let steps = 0; steps < 12 && !(await reached()); steps += 1) await page.keyboard.press('Tab');
  assert.ok(await reached(), 'the Tab key reaches it');
  await card.getByText('Regional attaché for the rights of children').waitFor();
  assert.equal(await word.getAttribute('aria-describedby'), await card.getAttribute('id'));
  await audit(page, 'with an open card');
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'hidden' });
  assert.ok(await reached(), 'the focus stays');
  assert.equal(await paragraph.locator('abbr').count(), 2, 'still once each');
  assert.deepEqual(await paragraph.boundingBox(), before);
  page.quiet();
  await page.context().close();
});

test('a finger opens the card of an abbreviation, too', async () => {
  const page = await window(house, 'member.ro', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await openChannel(house, page, 'lobby');
  await page.locator('abbr', { hasText: 'RARC' }).last().tap();
  const card = page.getByRole('tooltip');
  await card.getByText('Regional attaché for the rights of children').waitFor();
  const box = await card.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 360, 'it stays on the screen');
  await page.touchscreen.tap(180, 8);
  await card.waitFor({ state: 'hidden' });
  page.quiet();
  await page.context().close();
});

for (const [look, options] of [
  ['wide and light', { colorScheme: 'light' }],
  ['narrow and dark', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }],
]) {
  test(`axe finds nothing in the directory, ${look}`, async () => {
    const page = await window(house, 'moderator.region', options);
    const pages = [
      '/directory?country=RO',
      '/directory?country=XK&topic=forensic-examination&language=bn',
      `/organisations/${await organisation(page, 'carpatica')}`,
      `/organisations/${await organisation(page, 'agimi')}`,
      '/countries/XK',
      '/countries/RO',
      '/me',
      '/me/directory',
      `/people/${(await json(page, '/api/people?q=ilinca')).items[0].id}`,
    ];
    for (const path of pages) {
      await page.goto(house.url + path);
      await page.waitForTimeout(700);
      await audit(page, path);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is too wide`);
    }
    page.quiet();
    await page.context().close();
  });
}
