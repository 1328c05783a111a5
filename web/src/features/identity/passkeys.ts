/** Passkeys: between what the server writes (bytes as base64url) and what the browser takes. */
import { api } from '../../api/client';

export interface Ceremony {
  id: string;
  options: { publicKey: Record<string, any> };
}

/** Whether this browser, at this address, knows passkeys at all: they need a host name and a safe line. */
export function knowsPasskeys(): boolean {
  return 'PublicKeyCredential' in window && isSecureContext && !isBareAddress(location.hostname);
}

/** 192.0.2.1 or [2001:db8::1]: no passkey is bound to one. */
export function isBareAddress(host: string): boolean {
  return host.startsWith('[') || /^[\d.]+$/.test(host);
}

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

export function fromBytes(bytes: ArrayBuffer): string {
  const raw = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const listed = (list: { id: string }[] | undefined) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

/**
 * Has the browser make a passkey. One that can answer questions (WebAuthn Level 3, 10.1.4: PRF) may have to be made for it: asked now, it
 * can open keys later.
 */
export async function makePasskey({ options: { publicKey } }: Ceremony): Promise<unknown> {
  const wish = {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: listed(publicKey.excludeCredentials),
    extensions: { ...publicKey.extensions, prf: {} },
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey: wish })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return written(made, {
    attestationObject: fromBytes(response.attestationObject),
    clientDataJSON: fromBytes(response.clientDataJSON),
  });
}

/** Has the browser answer a fresh challenge: the ceremony's name and the answer. */
export async function provePasskey(): Promise<{ ceremony: string; credential: unknown }> {
  const { id, options } = await api.post<Ceremony>('/api/passkey-challenges');
  const wish = {
    ...options.publicKey,
    challenge: toBytes(options.publicKey.challenge),
    allowCredentials: listed(options.publicKey.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const found = (await navigator.credentials.get({ publicKey: wish })) as PublicKeyCredential;
  const response = found.response as AuthenticatorAssertionResponse;
  const credential = written(found, {
    authenticatorData: fromBytes(response.authenticatorData),
    clientDataJSON: fromBytes(response.clientDataJSON),
    signature: fromBytes(response.signature),
    userHandle: response.userHandle ? fromBytes(response.userHandle) : null,
  });
  return { ceremony: id, credential };
}

function written(credential: PublicKeyCredential, response: Record<string, string | null>): unknown {
  const rawId = fromBytes(credential.rawId);
  return { id: credential.id, rawId, type: credential.type, response, extensions: {} };
}

/** Whether somebody closed the browser's own dialog, or let it time out: no failure to explain. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);
}
