// The quarterly newsletter: composed in two languages, kept from what is restricted, released by a second person, read on the web and in a mail.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { audit, open, openChannel, said, say, window } from './house.mjs';
import { mailbox } from './mailbox.mjs';

let house;
let mail;
before(async () => {
  mail = await mailbox();
  house = await open(undefined, {
    EGIDA_MAIL_HOST: '127.0.0.1',
    EGIDA_MAIL_PORT: String(mail.port),
    EGIDA_MAIL_TLS: 'none',
    EGIDA_MAIL_FROM: 'Egida <news@egida.example>',
    EGIDA_PRINT_CHROMIUM: process.env.CHROMIUM ?? '/usr/bin/chromium',
    EGIDA_PRINT_SANDBOX: 'false',
  });
});
after(async () => {
  await house.close();
  await mail.close();
});

const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const SECRET = 'Two offices plan a joint visit to the reception centre at the border in early spring';
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

/** Writes a section in a language and saves it. */
async function write(page, label, text) {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(text);
  const form = page.locator('form', { has: field });
  await form.getByRole('button', { name: /^(Save|Enregistrer)$/ }).click();
  return form;
}

test('an issue goes from the first click to the mail that somebody reads', async () => {
  // A reader subscribes, on a telephone in the dark.
  const reader = await window(house, 'member.rs', PHONE);
  await reader.goto(`${house.url}/newsletter`);
  await reader.getByText('No issue yet').waitFor();
  await audit(reader, 'the newsletter without an issue');
  assert.ok(await fits(reader));
  await reader.getByRole('switch', { name: 'Send it to me by e-mail' }).click();
  await reader.getByText(/^Subscribed on/).waitFor();
  await reader.getByRole('switch', { name: 'The newsletter may name me among the new members' }).click();
  await reader.getByText(/^You agreed on/).waitFor();
  await audit(reader, 'one who has subscribed');

  // What is said in a channel is for members.
  const member = await window(house, 'member.ro');
  await openChannel(house, member, 'lobby');
  await say(member, SECRET);
  await said(member, SECRET).waitFor();

  // The editor reads French.
  const editor = await window(house, 'editor.region');
  await editor.getByRole('link', { name: 'Lettre d’information' }).click();
  await editor.getByRole('button', { name: 'Commencer un numéro' }).click();
  const begin = editor.getByRole('dialog');
  await audit(editor, 'beginning an issue');
  await begin.getByRole('button', { name: 'Commencer un numéro' }).click();
  await editor.waitForURL(/\/newsletter\/[0-9a-f-]{36}$/);
  await editor.getByRole('heading', { name: 'Ce que le trimestre a donné' }).waitFor();
  await audit(editor, 'an empty issue');
  await write(editor, 'Titre, Anglais', 'What the autumn brought');
  await write(editor, 'Titre, Français', 'Ce que l’automne a apporté');
  await editor.getByRole('heading', { level: 1, name: 'What the autumn brought' }).waitFor();
  await write(editor, 'Éditorial, Anglais', 'Every unaccompanied minor has a guardian now, says the NRM.');

  // The paste guard, with the message that the editor may read.
  const refused = await write(editor, 'Gros plan, Anglais', `We hear: ${SECRET}.`);
  await refused.getByText('Ces mots figurent dans quelque chose qui n’est pas pour tous.', { exact: false }).waitFor();
  await refused.getByRole('link', { name: 'Cela figure dans un message marqué TLP:GREEN' }).waitFor();
  await audit(editor, 'what is withheld');
  await refused.getByRole('button', { name: 'Annuler' }).click();

  // Terms of the glossary, and a language that lacks a text.
  await editor.getByRole('button', { name: 'Remettre pour publication' }).click();
  await editor.getByText('Il manque dans une langue un texte qu’une autre a.', { exact: false }).waitFor();
  await write(editor, 'Éditorial, Français', 'Chaque jeune sans famille a désormais quelqu’un, dit le MNO.');
  await editor.getByText('absent').first().waitFor();
  await audit(editor, 'a term that is missing');
  await editor.getByRole('button', { name: 'Remettre pour publication' }).click();
  await editor.getByText('Un terme du glossaire est nommé autrement', { exact: false }).waitFor();
  await write(editor, 'Éditorial, Français', 'Chaque mineur non accompagné a désormais un tuteur, dit le MNO.');
  await editor.getByText('absent').first().waitFor({ state: 'detached' });
  await editor.getByRole('button', { name: 'Remettre pour publication' }).click();
  await editor.getByText(/l’a remis/).waitFor();
  assert.equal(await editor.getByRole('button', { name: 'Publier' }).count(), 0, 'not by who has written it');
  await audit(editor, 'an issue that waits');
  const address = editor.url();
  await editor.setViewportSize({ width: 360, height: 740 });
  assert.ok(await fits(editor));
  await audit(editor, 'an issue on a telephone');

  // A second person looks at it, and releases it.
  const other = await window(house, 'moderator.region');
  await other.goto(address);
  await other.getByText(/l’a remis/).waitFor();
  const [preview] = await Promise.all([other.waitForEvent('popup'), other.getByRole('link', { name: 'Aperçu, Français' }).click()]);
  await preview.getByRole('heading', { name: 'Ce que l’automne a apporté' }).waitFor();
  await audit(preview, 'the preview');
  await preview.close();
  await other.getByRole('button', { name: 'Publier' }).click();
  const confirm = other.getByRole('dialog', { name: /Publier ce numéro/ });
  await audit(other, 'releasing');
  await confirm.getByRole('button', { name: 'Publier' }).click();
  await other.getByText(/l’a publié/).waitFor();

  // Everybody reads it, without signing in and without a script.
  const context = await house.browser.newContext({ javaScriptEnabled: false, locale: 'fr-FR', viewport: { width: 360, height: 740 } });
  const anybody = await context.newPage();
  const asked = [];
  anybody.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await anybody.goto(`${house.url}/news`);
  await anybody.getByRole('link', { name: 'Ce que l’automne a apporté' }).click();
  await anybody.getByRole('heading', { name: 'Éditorial' }).waitFor();
  assert.equal(await anybody.locator('html').getAttribute('lang'), 'fr');
  assert.deepEqual([...new Set(asked)], ['/news', '/news/style.css', '/news/1/fr']);
  assert.deepEqual(await context.cookies(), []);
  const pdf = await anybody.request.get(`${house.url}/news/1/fr/print.pdf`);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
  await context.close();
  const wide = await window(house, null);
  for (const path of ['/news', '/news/1/en', '/news/1/fr']) {
    await wide.goto(`${house.url}${path}`);
    await audit(wide, path);
  }
  wide.quiet();

  // The mail, and the way out of it.
  const letter = await mail.to('member.rs@demo.egida.example');
  assert.equal(letter.headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
  assert.match(letter.text, /What the autumn brought/);
  assert.match(letter.html, /<html lang="en">/);
  assert.equal(/<img|<script/.test(letter.html), false);
  assert.equal(mail.letters.length, 1, 'nobody gets it who didn’t ask');
  const out = letter.headers['list-unsubscribe'].slice(1, -1);
  await reader.goto(out);
  await audit(reader, 'the way out');
  await reader.getByRole('button', { name: 'Unsubscribe' }).click();
  await reader.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
  await reader.goto(`${house.url}/newsletter`);
  await reader.getByRole('link', { name: /What the autumn brought/ }).waitFor();
  assert.equal(await reader.getByRole('switch', { name: 'Send it to me by e-mail' }).getAttribute('aria-checked'), 'false');
  for (const page of [reader, member, editor, other]) page.quiet();
});

test('who was asked for nothing is told so', async () => {
  const member = await window(house, 'member.gr', PHONE);
  await member.goto(`${house.url}/newsletter/requests`);
  await member.getByText('Nobody has asked').waitFor();
  await audit(member, 'requests');
  assert.ok(await fits(member));
  member.quiet();
});
