// A mail server that takes everything and keeps it (RFC 5321).
import { createServer } from 'node:net';

/** Starts one on a free port of this machine. */
export async function mailbox() {
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
    /** The letter to somebody, once it is there. */
    async to(address, within = 15_000) {
      for (const began = Date.now(); Date.now() - began < within; await new Promise((resolve) => setTimeout(resolve, 50))) {
        const found = letters.find((letter) => letter.to === address);
        if (found) return found;
      }
      throw new Error(`no letter to ${address}: ${letters.map((letter) => letter.to)}`);
    },
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
