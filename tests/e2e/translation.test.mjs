// A message is translated by a machine below its words, when an operator has set one; its labels and the reader decide.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { audit, composer, open, said, say, window } from './house.mjs';

/** What the service was asked, and how it answers. */
const service = { asked: [], fails: false };
let house;
let room;

before(async () => {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { q, target } = JSON.parse(body);
    service.asked.push({ q, target });
    const answer = { translatedText: `[${target}] ${q}`, detectedLanguage: { confidence: 90, language: 'sq' } };
    response.writeHead(service.fails ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  process.env.EGIDA_TRANSLATION_URL = `http://127.0.0.1:${server.address().port}`;
  process.env.EGIDA_TRANSLATION_HOSTS = '127.0.0.1';
  house = await open();
  const moderator = await window(house, 'moderator.region');
  room = await moderator.evaluate(async () => {
    const json = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ kind: 'open', marking: 'clear', name: { en: 'Many languages' } });
    return (await fetch('/api/channels', { method: 'POST', headers: json, body }).then((answer) => answer.json())).id;
  });
  await moderator.context().close();
});
after(async () => {
  await house.close();
  await service.close();
});

async function inTheRoom(handle) {
  const page = await window(house, handle);
  await page.evaluate(async (id) => {
    const json = { 'Content-Type': 'application/json' };
    await fetch(`/api/channels/${id}/members/me`, { method: 'PUT' });
    await fetch('/api/me', { method: 'PATCH', headers: json, body: JSON.stringify({ language: 'en' }) });
  }, room);
  await page.goto(`${house.url}/c/${room}`);
  await composer(page).waitFor();
  return page;
}

const message = (page, text) => page.getByRole('article').filter({ hasText: text }).last();

async function menu(page, text) {
  await message(page, text).hover();
  await message(page, text).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy the link' }).waitFor();
}

test('a message is translated below its words, with the terms of the glossary', async () => {
  const [author, reader] = [await inTheRoom('member.ro'), await inTheRoom('member.gr')];
  await say(author, 'Lypje e detyruar te shkolla, shih https://shkolla.example/a');
  await said(reader, 'Lypje e detyruar').waitFor();
  await menu(reader, 'Lypje e detyruar');
  await reader.getByRole('menuitem', { name: 'Translate' }).click();
  const block = message(reader, 'Lypje e detyruar').getByRole('region', { name: 'Translation' });
  await block.getByText('Machine translation from Albanian by 127.0.0.1: may be wrong').waitFor();
  assert.equal(await block.locator('.text').textContent(), '[en] Forced begging te shkolla, shih https://shkolla.example/a');
  assert.deepEqual(await block.locator('.term').allTextContents(), ['Forced begging']);
  assert.ok(await said(reader, 'Lypje e detyruar te shkolla').isVisible(), 'the original stays');
  assert.deepEqual(service.asked, [{ q: 'XG1X te shkolla, shih XG2X', target: 'en' }]);
  await audit(reader, 'a translated message');

  // The choice of a language is kept; the original is one press away.
  await block.getByLabel('Language of the translation').selectOption('ro');
  await block.getByText('[ro] Cerșetorie forțată').waitFor();
  await block.getByRole('button', { name: 'Show only the original' }).click();
  await block.waitFor({ state: 'detached' });
  await reader.reload();
  await composer(reader).waitFor();
  await menu(reader, 'Lypje e detyruar');
  await reader.getByRole('menuitem', { name: 'Translate' }).click();
  await block.getByText('[ro] Cerșetorie forțată').waitFor();
  assert.equal(service.asked.length, 2, 'the same is not asked again');

  // What it says now is what is translated.
  await reader.setViewportSize({ width: 360, height: 700 });
  await audit(reader, 'a translated message on a telephone');
  await message(author, 'Lypje e detyruar').hover();
  await message(author, 'Lypje e detyruar').getByRole('button', { name: 'Edit' }).first().click();
  const editor = author.getByRole('textbox', { name: 'Edit the message' });
  await editor.fill('Fëmijë i humbur');
  await editor.press('Enter');
  await message(reader, 'Fëmijë i humbur').getByText('[ro] Copil i humbur').waitFor();
  for (const page of [author, reader]) page.quiet();
  for (const page of [author, reader]) await page.context().close();
});

test('what must stay is not offered, and a service that fails says so', async () => {
  const author = await inTheRoom('member.ro');
  const refused = await author.evaluate(async (id) => {
    const json = { 'Content-Type': 'application/json' };
    const post = (body, more) => fetch(`/api/channels/${id}/messages`, {
      method: 'POST', headers: json, body: JSON.stringify({ ref: crypto.randomUUID(), body, attachments: [], ...more }),
    });
    await post('For the community alone', { marking: 'green' });
    await post('Not in court', { handling: ['h1'] });
    const { id: message } = await post('Only for this channel', { marking: 'amber' }).then((answer) => answer.json());
    const wish = { method: 'POST', headers: json, body: JSON.stringify({ to: 'fr' }) };
    return fetch(`/api/messages/${message}/translation`, wish).then((answer) => answer.json());
  }, room);
  assert.equal(refused.code, 'marking_forbids_translation');
  for (const text of ['For the community alone', 'Not in court', 'Only for this channel']) {
    await menu(author, text);
    assert.equal(await author.getByRole('menuitem', { name: 'Translate' }).count(), 0, text);
    await author.keyboard.press('Escape');
  }
  service.fails = true;
  await say(author, 'Mirëmëngjes');
  await menu(author, 'Mirëmëngjes');
  await author.getByRole('menuitem', { name: 'Translate' }).click();
  const block = message(author, 'Mirëmëngjes').getByRole('region', { name: 'Translation' });
  await block.getByText('The translation service did not answer as it should.').waitFor();
  await audit(author, 'a translation that failed');
  assert.equal(service.asked.filter(({ q }) => q === 'Mirëmëngjes').length, 1, 'it is not asked again and again');
  service.fails = false;
  await block.getByRole('button', { name: 'Try again' }).click();
  await block.getByText('[en] Mirëmëngjes').waitFor();
  await author.context().close();

  const admin = await window(house, 'admin');
  await admin.goto(`${house.url}/admin/channels`);
  await admin.getByText(/: on, through 127\.0\.0\.1, up to TLP:CLEAR|: activée, par 127\.0\.0\.1, jusqu’à TLP:CLEAR/).waitFor();
  await audit(admin, 'what is set on the server');
  admin.quiet();
  await admin.context().close();
});
