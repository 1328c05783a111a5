// A server of its own on a demo region, and browsers to walk through it.
import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeModule = require('@axe-core/playwright');
const AxeBuilder = axeModule.default ?? axeModule.AxeBuilder;

const PASSWORD = 'four calm herons walk';
const egida = process.env.EGIDA_BIN ?? new URL('../../target/release/egida', import.meta.url).pathname;
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP office.test 127.0.0.1'];

/** Starts a server on a fresh demo region and a browser; people may come in through a provider, if there is one. More may be set. */
export async function open(provider, more = {}) {
  const home = mkdtempSync(join(tmpdir(), 'egida-e2e-'));
  // In a folder of its own: the key of the record lies beside it.
  const data = join(home, 'data');
  execFileSync(egida, ['--data', data, 'demo', '--password', PASSWORD], { stdio: 'ignore' });
  const env = { ...process.env, EGIDA_LIMITS_SIGN_INS_PER_MINUTE: '1000', EGIDA_LIMITS_SEARCHES_PER_SECOND: '100' };
  const port = provider || more.EGIDA_MAIL_HOST ? await freePort() : 0;
  // Mails lead to an address that is known before there is a server.
  if (more.EGIDA_MAIL_HOST) env.EGIDA_PUBLIC_ORIGIN = `http://127.0.0.1:${port}`;
  Object.assign(env, more);
  if (provider) env.EGIDA_CONFIG = settings(home, port, provider);
  const server = spawn(egida, ['--data', data, 'serve', '--listen', `127.0.0.1:${port}`], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    server.stdout.on('data', (text) => resolve(String(text).match(/http:\S+/)?.[0]));
    server.on('exit', () => reject(new Error('the server ended')));
  });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
  return {
    url,
    browser,
    /** What an operator types while the server runs: what it prints. */
    command: (...what) => execFileSync(egida, ['--data', data, ...what], { encoding: 'utf8' }),
    async close() {
      await browser.close();
      server.removeAllListeners('exit');
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The file that tells a server of its people's identity provider. */
function settings(home, port, provider) {
  const [file, secret] = [join(home, 'egida.toml'), join(home, 'secret')];
  writeFileSync(secret, provider.secret);
  writeFileSync(
    file,
    `public_origin = "http://127.0.0.1:${port}"
accreditation_days = 10
reminder_days = [4, 2]
[provider.ministry]
name = "Ministry of Invented Affairs"
issuer = "${provider.issuer}"
client_id = "${provider.client}"
client_secret_file = "${secret}"
domains = ["demo.egida.example"]
`,
  );
  return file;
}

/** What an authenticator app shows for a secret (RFC 6238), `ahead` steps from now. */
export function code(secret, ahead = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const letter of secret.replaceAll(' ', '')) bits += alphabet.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A window of somebody who is signed in. Whatever the page complains of fails the journey at `quiet`. */
export async function window(house, handle, options = {}) {
  const context = await house.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const expected = /40[1349]|42[23]|ERR_INTERNET_DISCONNECTED|WebSocket/;
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text());
  });
  page.quiet = () => assert.deepEqual(complaints, []);
  if (handle) await signIn(house, page, handle);
  return page;
}

export async function signIn(house, page, handle) {
  await page.goto(house.url);
  await page.getByLabel('E-mail address').fill(`${handle}@demo.egida.example`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await inside(page);
}

/** Waits for the shell, in whatever language its reader has chosen. */
export const inside = (page) => page.locator('#content').waitFor({ state: 'attached' });

/** A security key in the browser that always says it is its person. */
export async function plugIn(page, more = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const usual = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { ...usual, ...more } });
}

/** Asks the server as the page's person; the answer's status with what it says. */
export const ask = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const secret = (sessionStorage.getItem('egida.keys') ?? '').split(' ')[1];
      const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(secret && { 'x-egida-unlock': secret }) };
      const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
      return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
    },
    [method, path, body],
  );

/** Opens the keys of the page's person in it, made where there are none. */
export async function unlock(page) {
  const { id } = await ask(page, 'GET', '/api/session');
  let made = await ask(page, 'POST', '/api/keys', { password: PASSWORD });
  if (made.status === 409) made = await ask(page, 'POST', '/api/keys/opening', { password: PASSWORD });
  assert.equal(made.status, 201, made.code);
  await page.evaluate((held) => sessionStorage.setItem('egida.keys', held), `${id} ${made.secret}`);
  return Object.assign(page, { me: id });
}

/** The id of a channel by its slug. */
export async function channel(page, slug) {
  const list = await page.evaluate(() => fetch('/api/channels').then((answer) => answer.json()));
  return list.items.find((item) => item.slug === slug).id;
}

export async function openChannel(house, page, slug) {
  await page.goto(`${house.url}/c/${await channel(page, slug)}`);
  await composer(page).waitFor();
}

export const composer = (page) =>
  page.getByRole('combobox', { name: /^(Write in|Écrire)/ }).or(page.getByRole('textbox', { name: /^(Write in|Écrire)/ }))

/** A text in the conversation, not in what is read out beside it. */
export const said = (page, text) => page.getByRole('log').locator('p', { hasText: text });

export async function say(page, text) {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Fails on any finding of axe. */
export async function audit(page, what) {
  // A colour on its way to another one is nobody's choice.
  await page.evaluate(() => {
    const running = document.getAnimations().filter((one) => one instanceof CSSTransition);
    return Promise.allSettled(running.map((one) => one.finished));
  });
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const found = violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
  assert.deepEqual(found, [], what);
}

export { PASSWORD };
