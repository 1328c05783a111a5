// The glossary: a member suggests a term in English, an editor accepts it in French, and messages explain it to everybody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, openChannel, said, say, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const row = (page, name) => page.getByRole('button', { name, expanded: false });
const card = (page, name) => page.getByRole('article', { name });
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

test('a term that an editor accepts stands for everybody, and messages explain it', async () => {
  const member = await window(house, 'member.rs');
  const editor = await window(house, 'editor.region', PHONE);
  await openChannel(house, member, 'lobby');
  await say(member, 'Novo prihvatilište radi; u njemu je i staratelj');
  await said(member, 'Novo prihvatilište').waitFor();
  // What is no term yet is a word as any other.
  await member.getByRole('button', { name: 'staratelj' }).waitFor();
  assert.equal(await member.getByRole('button', { name: 'prihvatilište' }).count(), 0);

  await member.goto(`${house.url}/directory`);
  await member.getByRole('link', { name: /^Glossary/ }).click();
  await member.getByText('70 concepts').waitFor();
  await audit(member, 'the glossary');
  await member.getByLabel('Find a term').fill('засолниште');
  await row(member, /^shelter/).getByText('засолниште (Macedonian)').waitFor();
  await member.getByLabel('Find a term').fill('sigurna');
  await row(member, /^shelter/).click();
  await member.getByText('the address is never written down').waitFor();
  await audit(member, 'a term in all languages');
  await member.getByRole('button', { name: 'Suggest a correction' }).click();
  const dialog = member.getByRole('dialog', { name: 'Another term for “shelter”' });
  assert.equal(await dialog.getByLabel('Language').inputValue(), 'sr-Latn');
  await dialog.getByText('The Cyrillic form follows by itself.').waitFor();
  await dialog.getByRole('button', { name: 'Send to the editors' }).click();
  await dialog.getByText('Write the term that should stand.').waitFor();
  await audit(member, 'suggesting a term');
  await dialog.getByLabel('Better').fill('прихватилиште');
  await dialog.getByLabel('Why').fill('The law on social protection says so');
  await dialog.getByRole('button', { name: 'Send to the editors' }).click();
  await dialog.getByText('This language is written in other letters.').waitFor();
  await dialog.getByLabel('Better').fill('prihvatilište');
  await dialog.getByRole('button', { name: 'Send to the editors' }).click();
  await dialog.waitFor({ state: 'detached' });
  await member.getByRole('tab', { name: /^My suggestions/ }).click();
  await card(member, 'shelter, Serbian, Latin letters').getByText('Waits for an editor').waitFor();
  assert.equal(await member.getByRole('button', { name: 'Accept' }).count(), 0);
  await audit(member, 'my suggestions');

  // The editor reads French, on a telephone in the dark.
  await editor.goto(`${house.url}/glossary`);
  await editor.getByRole('tab', { name: /^À trancher/ }).click();
  const waiting = card(editor, /^foyer d'hébergement, Serbe, alphabet latin/);
  await waiting.getByText('прихватилиште').waitFor();
  await audit(editor, 'what is to be decided');
  assert.ok(await fits(editor));
  await waiting.getByRole('button', { name: 'Accepter' }).click();
  await waiting.waitFor({ state: 'detached' });

  // It stands without a reload.
  await card(member, 'shelter, Serbian, Latin letters').getByText('Accepted', { exact: true }).waitFor();
  await member.getByRole('tab', { name: 'Terms' }).click();
  await member.getByLabel('Find a term').fill('shelter');
  await row(member, /^shelter prihvatilište/).click();
  await member.getByText('прихватилиште', { exact: true }).waitFor();
  await member.getByRole('button', { name: 'What has changed' }).click();
  await card(member, /^shelter/).getByText('sigurna kuća').waitFor();
  await audit(member, 'what has changed');

  // Each reader is told in their own language what the word is.
  for (const [page, title, source] of [
    [member, 'shelter', 'Glossary of the field'],
    [editor, "foyer d'hébergement", 'Glossaire du métier'],
  ]) {
    await openChannel(house, page, 'lobby');
    await page.getByRole('button', { name: 'prihvatilište' }).focus();
    const told = page.getByRole('tooltip');
    await told.getByText(title).waitFor();
    await told.getByText('prihvatilište', { exact: true }).waitFor();
    await told.getByText(source).waitFor();
    await audit(page, 'a term that is explained');
    await page.keyboard.press('Escape');
    await told.waitFor({ state: 'hidden' });
  }
  member.quiet();
  editor.quiet();
});

test('who has suggested something is told why it was refused, and #id opens a term', async () => {
  const member = await window(house, 'psychologist.bg', PHONE);
  const editor = await window(house, 'editor.region');
  await member.goto(`${house.url}/glossary#case-conference`);
  await member.getByRole('button', { name: /^case conference/, expanded: true }).waitFor();
  await member.getByText('Proposed, not yet checked by a native speaker of the field.').waitFor();
  await audit(member, 'a term on a telephone');
  assert.ok(await fits(member));
  await member.getByRole('tab', { name: /^My suggestions/ }).click();
  const own = card(member, /^case conference/);
  await own.getByText('Waits for an editor').waitFor();

  await editor.goto(`${house.url}/glossary`);
  await editor.getByRole('tab', { name: /^À trancher/ }).click();
  await editor.getByRole('button', { name: 'Refuser' }).click();
  const dialog = editor.getByRole('dialog');
  await dialog.getByLabel('Pourquoi non').fill('The national mechanism says екипна среща');
  await audit(editor, 'refusing a suggestion');
  await dialog.getByRole('button', { name: 'Refuser' }).click();
  await editor.getByText('Rien n’attend').waitFor();
  await own.getByText('The national mechanism says екипна среща').waitFor();
  await own.getByText('Refused', { exact: true }).waitFor();
  await audit(member, 'what was refused');
  member.quiet();
  editor.quiet();
});
