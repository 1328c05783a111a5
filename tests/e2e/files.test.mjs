// A picture and a PDF go into a closed room, and another member sees them; what is refused says why, and a broken line is no end.
import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { after, before, test } from 'node:test';

import { audit, composer, open, said, window } from './house.mjs';

let house;
before(async () => { house = await open(); });
after(async () => { await house.close(); });

/** A PNG of one hue after the other. */
function png(width, height) {
  const table = Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value >>> 0;
  });
  const crc = (bytes) => ~bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;
  const chunk = (kind, body) => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows.set([60 + ((x * 160) / width), 90 + ((y * 120) / height), 150], y * (1 + width * 3) + 1 + x * 3);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A PDF of one page that says this. */
function pdf(words, catalogue = '') {
  const stream = `BT /F1 14 Tf 72 700 Td (${words}) Tj ET`;
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${catalogue}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
    '<</S/JavaScript/JS(app.alert(1))>>',
  ];
  let text = '%PDF-1.7\n';
  const places = objects.map((object, n) => {
    const place = text.length;
    text += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const kept = catalogue ? objects.length : objects.length - 1;
  const table = places.slice(0, kept).map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(`${text}xref\n0 ${kept + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${kept + 1}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`);
}

const call = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const init = body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const text = await (await fetch(path, init)).text();
      return text ? JSON.parse(text) : null;
    },
    [method, path, body],
  );

/** A closed room with these people in it. */
async function room(...pages) {
  const moderator = await window(house, 'moderator.region');
  const { id } = await call(moderator, 'POST', '/api/channels', { kind: 'closed', name: { en: 'Shelter visits', fr: 'Visites des foyers' } });
  for (const page of pages) await call(moderator, 'PUT', `/api/channels/${id}/members/${(await call(page, 'GET', '/api/session')).id}`);
  await moderator.context().close();
  return id;
}

/** Chooses files as the chooser of the system would. */
async function choose(page, ...files) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Attach files' }).click()]);
  await chooser.setFiles(files.map(([name, mimeType, buffer]) => ({ name, mimeType, buffer })));
}

const waiting = (page) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');

for (const [name, screen] of [
  ['wide and light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['small and dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
]) {
  test(`a picture and a PDF go into a closed room, and another member sees them, ${name}`, async () => {
    const [author, reader] = [await window(house, 'member.ro', screen), await window(house, 'member.gr', screen)];
    const id = await room(author, reader);
    for (const page of [author, reader]) {
      await page.goto(`${house.url}/c/${id}`);
      await composer(page).waitFor();
    }
    await composer(author).fill('The poster and what was agreed');
    await choose(author, ['Poster.png', 'image/png', png(900, 600)], ['Agreed steps.pdf', 'application/pdf', pdf('What was agreed about shelters')]);
    await waiting(author).nth(1).getByText(/^\d+ (bytes|KiB)/).waitFor();
    await waiting(author).nth(0).locator('img').waitFor();
    await audit(author, `files on their way, ${name}`);
    await composer(author).press('Enter');

    await said(reader, 'The poster and what was agreed').waitFor();
    const picture = reader.getByRole('img', { name: 'Picture: Poster.png' });
    await picture.waitFor();
    await reader.waitForFunction((image) => image.complete && image.naturalWidth > 0, await picture.elementHandle());
    const [download] = await Promise.all([reader.waitForEvent('download'), reader.getByRole('link', { name: 'Download Agreed steps.pdf' }).click()]);
    assert.equal(download.suggestedFilename(), 'Agreed steps.pdf');
    await audit(reader, `files of a message, ${name}`);

    await picture.click();
    await reader.getByRole('heading', { level: 1, name: 'Poster.png' }).waitFor();
    await reader.getByText('It hangs on a message.').waitFor();
    await reader.getByText('900 × 600 pixels').waitFor();
    await audit(reader, `the page of a file, ${name}`);
    await reader.getByRole('link', { name: 'Show where' }).click();
    await said(reader, 'The poster and what was agreed').waitFor();
    author.quiet();
    reader.quiet();
    for (const page of [author, reader]) await page.context().close();
  });
}

test('what is refused says why in plain words, and a message may be its files alone', async () => {
  const page = await window(house, 'member.ro');
  await page.goto(`${house.url}/c/${await room(page)}`);
  await composer(page).waitFor();
  await choose(
    page,
    ['program.exe', 'application/octet-stream', Buffer.from('MZ')],
    ['acts.pdf', 'application/pdf', pdf('x', '/OpenAction 6 0 R')],
    ['poster.png', 'image/png', png(60, 40)],
  );
  await waiting(page).filter({ hasText: 'program.exe' }).getByText('Files of this type are not taken').waitFor();
  await waiting(page).filter({ hasText: 'acts.pdf' }).getByText('could act by itself').waitFor();
  await waiting(page).filter({ hasText: 'poster.png' }).locator('img').waitFor();
  await page.getByRole('button', { name: 'Remove acts.pdf' }).click();
  await page.getByRole('button', { name: 'Remove program.exe' }).click();
  await composer(page).press('Enter');
  await said(page, 'poster.png').waitFor();
  await page.getByRole('img', { name: 'Picture: poster.png' }).waitFor();
  assert.equal(await waiting(page).count(), 0);
  page.quiet();
  await page.context().close();
});

test('a picture that is pasted goes along, and a broken line is no end', async () => {
  const page = await window(house, 'member.ro');
  await page.goto(`${house.url}/c/${await room(page)}`);
  await composer(page).waitFor();
  // What takes files is there before the line breaks.
  await choose(page, ['first.txt', 'text/plain', Buffer.from('first')]);
  await waiting(page).getByText('5 bytes').waitFor();
  let broken = true;
  await page.route('**/api/files/*', (route) => (broken && route.request().method() === 'PATCH' ? route.abort() : route.continue()));
  await composer(page).focus();
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }));
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, [...png(50, 50)]);
  await page.getByText('The line is broken. It goes on by itself.').waitFor();
  await composer(page).fill('Both');
  await composer(page).press('Enter');
  await page.getByText('Files are still on their way.').waitFor();
  broken = false;
  await waiting(page).filter({ hasText: 'pasted.png' }).locator('img').waitFor();
  await composer(page).press('Enter');
  await page.getByRole('img', { name: 'Picture: pasted.png' }).waitFor();
  await page.getByRole('link', { name: 'Download first.txt' }).waitFor();
  await page.context().close();
});
