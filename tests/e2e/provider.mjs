// An institution's identity provider (OpenID Connect), as small as a browser needs it: a page with one link.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

const CLIENT = 'egida';
const SECRET = 'of the two';
const spelled = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Starts one at another site than the server under test. `says` is what it says of whoever follows the link. */
export async function startProvider() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const given = new Map();
  const provider = { says: {}, client: CLIENT, secret: SECRET };

  function token(code, form) {
    const asked = given.get(code);
    given.delete(code);
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (challenge !== asked?.challenge) return null;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: provider.issuer, aud: CLIENT, iat: now, exp: now + 300, nonce: asked.nonce, ...provider.says };
    const text = `${spelled({ alg: 'ES256', typ: 'JWT', kid: 'one' })}.${spelled(claims)}`;
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, provider.issuer);
    const json = (value, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/.well-known/openid-configuration') {
      const at = (path) => `${provider.issuer}/${path}`;
      return json({
        issuer: provider.issuer, authorization_endpoint: at('authorize'), token_endpoint: at('token'), jwks_uri: at('keys'),
        response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['ES256'],
      });
    }
    if (url.pathname === '/keys') return json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' }] });
    if (url.pathname === '/authorize') {
      const code = randomUUID();
      given.set(code, { challenge: url.searchParams.get('code_challenge'), nonce: url.searchParams.get('nonce') });
      const back = new URL(url.searchParams.get('redirect_uri'));
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state'));
      const link = back.href.replaceAll('&', '&amp;');
      return response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Ministry</title><a href="${link}">It is me</a>`);
    }
    if (url.pathname === '/token') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const form = new URLSearchParams(body);
      const made = token(form.get('code'), form);
      return made ? json({ access_token: 'none', token_type: 'Bearer', id_token: made }) : json({ error: 'invalid_grant' }, 400);
    }
    return json({}, 404);
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  // Another site than 127.0.0.1, where the server under test is.
  provider.issuer = `http://localhost:${server.address().port}`;
  provider.close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return provider;
}
