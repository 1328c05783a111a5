/** What a passkey answers to a fixed question (WebAuthn Level 3, 10.1.4: PRF): 32 bytes that nobody else can tell. */
import { api } from '../../api/client';
import type { PasskeySecret } from '../../api/types';
import { fromBytes, toBytes } from '../identity';

/** The question: the same each time, so that the answer is. */
const QUESTION = new TextEncoder().encode('egida case room keys, version 1.');

interface Challenge {
  options: { publicKey: { allowCredentials?: { id: string }[] } };
}

/** Asks one of these passkeys, or any of one's own; null if it knows no such answers. */
export async function askPasskey(credentials?: string[]): Promise<PasskeySecret | null> {
  const asked = credentials ?? (await ownCredentials());
  const found = (await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      allowCredentials: asked.map((id) => ({ type: 'public-key', id: toBytes(id) })),
      userVerification: 'required',
      extensions: { prf: { eval: { first: QUESTION } } },
    },
  })) as PublicKeyCredential;
  const first = found.getClientExtensionResults().prf?.results?.first;
  return first ? { credential: fromBytes(found.rawId), secret: fromBytes(first as ArrayBuffer) } : null;
}

async function ownCredentials(): Promise<string[]> {
  const { options } = await api.post<Challenge>('/api/passkey-challenges');
  return (options.publicKey.allowCredentials ?? []).map((each) => each.id);
}
