// A prosecutor in Romania: does Greece have a file on the same network? From a sealed card to two references in formal channels, played by
// two prosecutors and the colleague who looks through what is sent. Others look on meanwhile and must learn nothing: an organisation
// that helps, an asylum body, who runs the platform, and who coordinates the region.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, signIn, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const NOBODY = '01900000-0000-7000-8000-000000000000';
/** Long enough ago for no card of the demo to be of the same time. */
const YEAR = new Date().getFullYear() - 2;
const CARD = `RO → GR · Forced begging · Q2–Q4 ${YEAR}`;
const TITLE = 'Begging in two harbour towns';
const VALUES = Array.from({ length: 12 }, (_, at) => `+40 700 41 ${String(at).padStart(4, '0')}`);
/** What the other side compares: three of them, and others. */
const THEIRS = [...VALUES.slice(4, 7), ...Array.from({ length: 30 }, (_, at) => `+30 690 12 ${String(at).padStart(5, '0')}`)];

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const next = (page, words) => page.getByRole('region', { name: words }).waitFor();
const last = (path) => path.split('/').at(-1);
/** Asks the server as the page's person: status, headers and body as they came. */
const ask = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(path, { method, headers: body && { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
      const headers = [...answer.headers].filter(([name]) => name !== 'date');
      return { status: answer.status, headers, text: await answer.text() };
    },
    [method, path, body],
  );
const json = async (page, path) => JSON.parse((await ask(page, 'GET', path)).text);

/** A window of somebody, with everything that its socket brings. */
async function listening(handle, options) {
  const page = await window(house, undefined, options);
  page.heard = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => page.heard.push(JSON.parse(String(payload)))));
  page.sent = [];
  page.on('request', (request) => request.method() !== 'GET' && page.sent.push({ path: new URL(request.url()).pathname, body: request.postData() ?? '' }));
  await signIn(house, page, handle);
  page.handle = handle;
  return page;
}

/** Makes a sealed card of the network, with what only this side knows of how it is done. */
async function card(page, more) {
  await page.goto(`${house.url}/cards/new`);
  await page.getByLabel('Forced begging').check();
  await page.getByLabel('How far the file is').selectOption('judicial');
  await page.getByLabel('From', { exact: true }).selectOption(`${YEAR}-Q2`);
  await page.getByLabel('To', { exact: true }).selectOption(`${YEAR}-Q4`);
  await page.getByLabel('Children among them').selectOption('yes');
  for (const [where, country] of [['Countries of origin', 'Romania'], ['Countries of destination', 'Greece']]) {
    await page.locator('summary', { hasText: where }).click();
    await page.getByRole('group', { name: where }).getByLabel(country).check();
  }
  await press(page, 'Next');
  await page.getByText('Only its maker and your focal points know that it exists.').waitFor();
  await page.getByRole('combobox', { name: 'Source' }).selectOption('B');
  await page.getByRole('combobox', { name: 'Information' }).selectOption('2');
  await page.locator('summary', { hasText: 'How it was done' }).click();
  await page.getByRole('group', { name: 'Recruitment' }).getByLabel('Family').check();
  await page.getByRole('group', { name: 'Control' }).getByLabel('Earnings are taken').check();
  await more?.();
  await audit(page, 'a card that is being made');
  await press(page, 'Make the card');
  await page.getByRole('heading', { level: 1, name: CARD }).waitFor();
  return new URL(page.url()).pathname;
}

/** Everything that an outsider can ask for and that a card, an overlap, a request or a comparison could be seen in. */
async function looks(page, houses) {
  const paths = [
    '/api/cards', '/api/cards?others=true', '/api/card-desk', '/api/overlaps', '/api/matching', '/api/home', '/api/session',
    '/api/requests', '/api/requests?box=sent', '/api/requests?box=closed', '/api/requests/desk', '/api/requests/statistics',
    `/api/search?q=${encodeURIComponent(TITLE)}`, '/api/search?q=412/P', ...houses.map((id) => `/api/organisations/${id}`),
  ];
  const saw = {};
  for (const path of paths) saw[path] = (await ask(page, 'GET', path)).text;
  return saw;
}

test('a prosecutor finds out that another country has a file on the same network, and nobody else does', async () => {
  const ro = await listening('prosecutor.ro');
  const gr = await listening('prosecutor.gr', PHONE);
  const colleague = await listening('member.ro');
  const keeper = await window(house, 'moderator.ro');
  const ids = {};
  for (const page of [ro, gr, colleague]) ids[page.handle] = (await json(page, '/api/session')).id;
  const houses = [];
  for (const page of [ro, gr]) houses.push((await json(page, `/api/people/${ids[page.handle]}`)).organisation_id);
  // What is AMBER takes two, and the demo's prosecutor works alone.
  assert.equal((await ask(keeper, 'PUT', `/api/organisations/${houses[0]}/people/${ids['member.ro']}`)).status, 204);

  const ngo = await listening('ngo.mk');
  const outsiders = [ngo];
  for (const handle of ['asylum.gr', 'admin', 'moderator.region']) outsiders.push(await listening(handle));
  for (const page of outsiders) await page.getByRole('main').waitFor();
  const before = await Promise.all(outsiders.map((page) => looks(page, houses)));
  const since = outsiders.map((page) => page.heard.length);
  assert.ok(since.every((frames) => frames > 0), 'their lines are open');

  // Two sealed cards: the Greek one is there first.
  const theirs = await card(gr, async () => gr.getByLabel('Money trail').selectOption('yes'));
  assert.ok(await fits(gr));
  await gr.goto(`${house.url}/home`);
  const ours = await card(ro, async () => ro.getByRole('group', { name: 'Control' }).getByLabel('Isolation').check());

  // Both are told that two files may meet, and nothing of what the other says.
  // At the edge of the window: the first page says it of the demo's cards already.
  for (const page of [ro, gr]) await page.getByRole('region', { name: 'Notices' }).getByText('A file card of yours may overlap with another').waitFor();
  await gr.goto(`${house.url}/cards`);
  await ro.getByRole('link', { name: 'File cards' }).first().click();
  const met = (page) => page.getByRole('listitem').filter({ hasText: 'Possible overlap with' }).filter({ hasText: CARD });
  await met(gr).getByRole('heading', { name: 'Possible overlap with Serviciul de Parchet «Crișuri» (Romania)' }).waitFor();
  await met(ro).getByRole('heading', { name: 'Possible overlap with Εισαγγελική Υπηρεσία «Θερμαϊκός» (Greece)' }).waitFor();
  await audit(ro, 'an overlap');
  await audit(gr, 'an overlap on a telephone');
  assert.ok(await fits(gr));
  const told = gr.heard.filter((frame) => frame.code === 'deconfliction');
  assert.deepEqual(told.map(({ type, code, about }) => [type, code, about]), [['notice', 'deconfliction', 'overlap']]);
  const overlap = told[0].id;
  for (const [page, other] of [[ro, theirs], [gr, ours]]) {
    const seen = JSON.stringify([page.heard, await json(page, '/api/overlaps'), await json(page, '/api/cards'), await json(page, '/api/cards?others=true')]);
    assert.ok(!seen.includes(last(other)), 'the other card is nowhere');
    assert.ok(!seen.includes(page === ro ? '"money":"yes"' : 'isolation'), 'nothing of what it says is told');
    assert.deepEqual(await ask(page, 'GET', `/api${other}`), await ask(page, 'GET', `/api/cards/${NOBODY}`));
  }

  // From the overlap to a request: three days, H2, ACT:ASK. A second person stands behind what is AMBER.
  await met(ro).getByRole('button', { name: 'Ask them' }).click();
  await ro.getByRole('heading', { name: '2 of 3: Whom, and by when?' }).waitFor();
  await ro.waitForFunction(() => [...document.querySelectorAll('input')].some((field) => field.value.includes('Θερμαϊκός')));
  await ro.getByRole('radio', { name: /^3 days/ }).check();
  await audit(ro, 'whom the request is for');
  await press(ro, 'Go on');
  await ro.getByLabel('Title').fill(TITLE);
  await ro.getByLabel('What you ask').fill('Is there an open file on children who are made to beg in two harbour towns, and on who collects from them?');
  await ro.getByRole('checkbox', { name: /^H2/ }).check();
  assert.equal(await ro.getByLabel('What may be done upon it').inputValue(), 'ask');
  assert.equal(await ro.getByLabel('Marking').inputValue(), 'amber');
  await audit(ro, 'the words of the request');
  await press(ro, 'Keep as a draft');
  await next(ro, 'Choose a colleague who looks through it');
  const request = new URL(ro.url()).pathname;
  await press(ro, 'Choose who looks through it');
  await ro.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await next(ro, 'A colleague looks through it');
  await colleague.goto(`${house.url}/requests`);
  await colleague.getByRole('link', { name: TITLE }).click();
  await press(colleague, 'It can be sent');
  await next(ro, 'Read it once more and send it');
  await gr.goto(`${house.url}/requests`);
  await gr.getByRole('heading', { level: 1, name: 'Coordination requests' }).waitFor();
  await Promise.all([gr.getByText('A request waits for you.').waitFor(), press(ro, 'Send')]);
  await next(ro, 'Sent: they confirm receipt');
  await ro.getByText(/due in [23] days/).waitFor();
  await ro.getByText('ACT:ASK').waitFor();
  await ro.getByText('H2', { exact: true }).waitFor();
  await gr.getByRole('link', { name: TITLE }).click();
  await press(gr, 'Confirm receipt');
  await next(gr, 'It is for you to answer');
  await audit(gr, 'the request on a telephone');
  assert.ok(await fits(gr));

  // Twelve values, which nobody but the two tabs has.
  await ro.goto(`${house.url}/cards`);
  await met(ro).getByText('Asked', { exact: true }).waitFor();
  await met(ro).getByRole('link', { name: 'Compare values' }).click();
  await ro.getByText('Five a month for two organisations.').waitFor();
  assert.equal(await ro.getByLabel('Whom to ask').inputValue(), houses[1]);
  await ro.getByLabel('Number of the file').fill('412/P/2026');
  await ro.getByLabel('Legal basis').selectOption('criminal_procedure');
  await ro.getByLabel('Values, one a line').fill(VALUES.join('\n'));
  await press(ro, 'Add');
  await ro.getByText('12 values').waitFor();
  await audit(ro, 'twelve values');
  await press(ro, 'Ask');
  await ro.getByText('It waits for the other side.').waitFor();
  const session = new URL(ro.url()).pathname;
  await gr.getByText('You are asked to compare values').waitFor();
  await gr.goto(`${house.url}/matching`);
  await gr.getByRole('link', { name: 'Serviciul de Parchet «Crișuri»' }).click();
  await gr.getByText('412/P/2026').waitFor();
  await gr.getByLabel('Values, one a line').fill(THEIRS.join('\n'));
  await press(gr, 'Add');
  await gr.getByText('33 values').waitFor();
  await gr.getByRole('checkbox', { name: /12 values/ }).check();
  await audit(gr, 'approving on a telephone');
  assert.ok(await fits(gr));
  await press(gr, 'Compare');
  await ro.getByText('2+ values in common').waitFor();
  await gr.getByText('2+ values in common').waitFor();
  await audit(ro, 'a result');
  await audit(gr, 'a result on a telephone');

  // Answered; both note where it goes on, and it closes itself.
  for (const page of [ro, gr]) {
    await page.getByRole('link', { name: 'To the requests' }).click();
    await page.getByRole('link', { name: TITLE }).click();
  }
  await press(gr, 'Answer');
  const answer = gr.getByRole('dialog', { name: 'Answer' });
  await answer.getByRole('radio', { name: 'There is an overlap' }).check();
  await answer.getByRole('button', { name: 'Answer', exact: true }).click();
  await answer.waitFor({ state: 'detached' });
  await next(ro, 'Note the formal channel and your reference');
  for (const [page, channel, reference] of [[ro, 'siena', 'SIENA 2026-118'], [gr, 'mla_letter', 'MLA GR 88/2026']]) {
    await press(page, 'Note the formal channel');
    const dialog = page.getByRole('dialog', { name: 'Note the formal channel' });
    await dialog.getByLabel('Channel').selectOption(channel);
    await dialog.getByLabel('Reference there').fill(reference);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  for (const page of [ro, gr]) {
    await next(page, 'Closed');
    for (const reference of ['SIENA 2026-118', 'MLA GR 88/2026']) await page.getByText(reference).waitFor();
  }
  await audit(ro, 'a request that has closed itself');
  await audit(gr, 'a request that has closed itself, on a telephone');
  assert.ok(await fits(gr));

  // No value has left a browser, in whatever writing.
  const compared = [...ro.sent, ...gr.sent].filter(({ path }) => path.startsWith('/api/matching'));
  assert.deepEqual(compared.map(({ path }) => path.replace(last(session), 'ID')).sort(), ['/api/matching', '/api/matching/ID/answer', '/api/matching/ID/result']);
  const points = compared.flatMap(({ body }) => Object.values(JSON.parse(body))).map((field) => Buffer.from(String(field), 'base64url').toString('latin1'));
  const written = [...ro.sent.map(({ body }) => body), ...gr.sent.map(({ body }) => body), ...points];
  for (const value of [...VALUES, ...THEIRS]) {
    const bare = value.replaceAll(' ', '');
    for (const way of [value, bare, bare.slice(3), `0${bare.slice(3)}`]) assert.ok(written.every((body) => !body.includes(way)), 'a value was sent');
  }

  // Whoever else was there was told nothing, counts nothing and finds nothing; each address answers like one of nothing.
  for (const [at, page] of outsiders.entries()) {
    // That somebody is there, and that the line is open, is all that came.
    const told = page.heard.slice(since[at]).filter(({ type, code }) => type !== 'presence' && code !== 'alive');
    assert.deepEqual(told, [], `${page.handle} was told`);
    assert.deepEqual(await looks(page, houses), before[at], `${page.handle} sees what was not there before`);
    for (const path of [ours, theirs, request, session]) {
      const folder = path.slice(0, path.lastIndexOf('/'));
      const absent = await ask(page, 'GET', `/api${folder}/${NOBODY}`);
      assert.equal(absent.status, 404);
      assert.deepEqual(await ask(page, 'GET', `/api${path}`), absent, `${page.handle} ${path}`);
    }
    const settle = (id) => ask(page, 'PUT', `/api/overlaps/${id}`, { state: 'dismissed' });
    assert.deepEqual(await settle(overlap), await settle(NOBODY));
    assert.equal((await settle(overlap)).status, 404);
  }
  // The colleague knows of the request, because they were named; not of the card, nor of what was compared.
  for (const path of [ours, session]) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    assert.deepEqual(await ask(colleague, 'GET', `/api${path}`), await ask(colleague, 'GET', `/api${folder}/${NOBODY}`));
  }
  assert.ok(colleague.heard.every((frame) => frame.code !== 'deconfliction'));

  // The same on the pages, for who helps.
  for (const path of ['/home', '/cards', '/cards?view=others', '/requests', '/requests?box=closed', '/matching', `/search?q=${encodeURIComponent(TITLE)}`]) {
    await ngo.goto(house.url + path);
    await ngo.getByRole('heading', { level: 1 }).first().waitFor();
    await ngo.waitForLoadState('networkidle');
    const shown = await ngo.evaluate(() => document.querySelector('main').innerText);
    for (const word of [TITLE, 'Θερμαϊκός', 'Crișuri', 'SIENA', '412/P', `Q2–Q4 ${YEAR}`]) assert.ok(!shown.includes(word), `${word} on ${path}`);
  }
  for (const path of [ours, request, session]) {
    await ngo.goto(house.url + path);
    await ngo.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  }
  await audit(ngo, 'what is not there for others');
  for (const page of [ro, gr, colleague, ...outsiders]) page.quiet();
});
