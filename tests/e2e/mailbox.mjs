// A mail server that takes everything and keeps it (RFC 5321): our own, or the aiosmtpd of a Python that is named.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Starts one on a free port of this machine. `SMTP_PYTHON` names a Python that has aiosmtpd. */
export const mailbox = () => (process.env.SMTP_PYTHON ? theirs(process.env.SMTP_PYTHON) : ours());

async function theirs(python) {
  const folder = mkdtempSync(join(tmpdir(), 'egida-mail-'));
  const port = await freePort();
  const arguments_ = ['-m', 'aiosmtpd', '-n', '-c', 'aiosmtpd.handlers.Mailbox', join(folder, 'mail'), '-l', `127.0.0.1:${port}`];
  const server = spawn(python, arguments_, { stdio: 'inherit' });
  await until(() => new Promise((resolve) => connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))));
  return {
    port,
    get letters() {
      const taken = join(folder, 'mail', 'new');
      return existsSync(taken) ? readdirSync(taken).map((file) => letterOf(readFileSync(join(taken, file), 'utf8'))) : [];
    },
    to: find,
    async close() {
      server.kill();
      await new Promise((resolve) => server.once('exit', resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** aiosmtpd writes down the envelope in headers of its own. */
function letterOf(text) {
  const letter = read(text.split(/\r?\n/));
  return { from: letter.headers['x-mailfrom'], to: letter.headers['x-rcptto'], ...letter };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until(done, within = 15_000) {
  for (const began = Date.now(); Date.now() - began < within; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (await done()) return;
  }
  throw new Error('the mail server does not answer');
}

/** The letter to somebody, once it is there. */
async function find(address, within = 15_000) {
  for (const began = Date.now(); Date.now() - began < within; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const found = this.letters.find((letter) => letter.to === address);
    if (found) return found;
  }
  throw new Error(`no letter to ${address}: ${this.letters.map((letter) => letter.to)}`);
}

async function ours() {
  const letters = [];
  const server = createServer((socket) => {
    let [letter, data, rest] = [{ from: '', to: '' }, null, ''];
    const say = (line) => socket.write(`${line}\r\n`);
    say('220 mail.example ready');
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      rest += bytes;
      const lines = rest.split('\r\n');
      rest = lines.pop();
      for (const line of lines) {
        if (data !== null) {
          if (line !== '.') data.push(line.replace(/^\./, ''));
          else {
            letters.push({ ...letter, ...read(data) });
            data = null;
            say('250 taken');
          }
        } else if (/^(EHLO|HELO)/i.test(line)) say('250 mail.example');
        else if (/^MAIL FROM:/i.test(line)) say('250 go on', (letter.from = line.match(/<(.*)>/)[1]));
        else if (/^RCPT TO:/i.test(line)) say('250 go on', (letter.to = line.match(/<(.*)>/)[1]));
        else if (/^DATA/i.test(line)) say('354 go on', (data = []));
        else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else say('250 well');
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    letters,
    to: find,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Headers, and the parts put together again (RFC 2045). */
function read(lines) {
  const head = lines.slice(0, lines.indexOf('')).join('\n').replace(/\n[ \t]/g, ' ');
  const headers = Object.fromEntries(head.split('\n').map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const boundary = headers['content-type'].match(/boundary="([^"]+)"/)[1];
  const parts = lines.join('\r\n').split(`--${boundary}`).slice(1, -1).map((part) => part.slice(part.indexOf('\r\n\r\n') + 4));
  const [text, html] = parts.map((part) => {
    const bytes = part.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
  return { headers, text, html };
}
