import { open, window, audit } from './house.mjs';
import { mkdirSync } from 'node:fs';
const paths = process.argv[2].split(','); const who = process.argv[3] ?? 'member.ro'; const out = process.argv[4] ?? '/tmp/look6'; mkdirSync(out, { recursive: true });
const house = await open();
for (const [name, opts] of [['wide', {}], ['dark', { colorScheme: 'dark' }], ['phone', { viewport: { width: 360, height: 740 } }], ['fr', { locale: 'fr-FR', viewport: { width: 360, height: 740 }, colorScheme: 'dark' }]]) {
  const page = await window(house, who, opts.locale ? { ...opts, locale: 'en-GB' } : opts);
  if (name === 'fr') { await page.evaluate(() => fetch('/api/me', { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ language: 'fr' }) })); }
  for (const path of paths) {
    await page.goto(house.url + path); await page.waitForLoadState('networkidle'); await page.waitForTimeout(600);
    await page.screenshot({ path: `${out}/${path.replaceAll('/', '_')}-${name}.png`, fullPage: false });
    if (name === 'wide') { try { await audit(page, path); } catch (e) { console.log(path, e.message.slice(0, 600)); } }
  }
  await page.context().close();
}
await house.close();
