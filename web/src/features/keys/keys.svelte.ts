/** One's keys in this tab: whether there are any, and the secret of the tab that opens them on the server, request by request. */
import { api, Problem } from '../../api/client';
import { session } from '../../api/session.svelte';
import type { NewKeys, OpenedKeys, OwnKeys, PasskeySecret } from '../../api/types';

export type Opener = { password: string } | { recovery_key: string } | { passkey: PasskeySecret };

const HEADER = 'x-egida-unlock';
/** Kept for this tab alone, so that a reload doesn't ask again. */
const STORED = 'egida.keys';

class TabKeys {
  /** What the server says of them; null until it has. */
  now = $state.raw<OwnKeys | null>(null);
  /** Whether the password that one signs in with has changed since the keys were locked with it. */
  outdated = $state(false);
  /** Whose secret it is, and the secret. */
  #held: [account: string, secret: string] | null = null;

  constructor() {
    const [account, secret] = (sessionStorage.getItem(STORED) ?? '').split(' ');
    if (account && secret) this.#held = [account, secret];
  }

  get #headers(): Record<string, string> {
    return this.#held && this.#held[0] === session.me?.id ? { [HEADER]: this.#held[1] } : {};
  }

  #keep(secret: string): void {
    this.#held = [session.me?.id ?? '', secret];
    sessionStorage.setItem(STORED, this.#held.join(' '));
  }

  load = async (): Promise<void> => {
    this.now = await api.get<OwnKeys>('/api/keys', { headers: this.#headers });
  };

  /** Makes them. Told: the recovery key. They count as open once it was put away: see `load`. */
  async make(password: string): Promise<string> {
    const made = await api.post<NewKeys>('/api/keys', { password });
    this.#keep(made.secret);
    return made.recovery_key;
  }

  async open(opener: Opener): Promise<void> {
    const opened = await api.post<OpenedKeys>('/api/keys/opening', opener);
    this.#keep(opened.secret);
    // A recovery key is for those who have forgotten; a passkey says nothing about the password.
    this.outdated = opened.password_outdated || 'recovery_key' in opener;
    await this.load();
  }

  async lock(): Promise<void> {
    await api.delete('/api/keys/opening');
    this.forget();
    await this.load();
  }

  /** The tab's secret goes: by hand, or because somebody else has come. */
  forget(): void {
    this.#held = null;
    this.outdated = false;
    sessionStorage.removeItem(STORED);
    if (this.now) this.now = { ...this.now, open: false };
  }

  async renewPassword(password: string): Promise<void> {
    await this.sealed('put', '/api/keys/password', { password });
    this.outdated = false;
  }

  async renewRecovery(): Promise<string> {
    return (await this.sealed<{ recovery_key: string }>('post', '/api/keys/recovery', {})).recovery_key;
  }

  /** Gives up keys that nothing opens any more, so that new ones can be made. */
  async giveUp(): Promise<void> {
    await api.delete('/api/keys');
    this.forget();
    await this.load();
  }

  async addPasskey(secret: PasskeySecret): Promise<void> {
    await this.sealed('put', '/api/keys/passkey', secret);
    await this.load();
  }

  async removePasskeys(): Promise<void> {
    await api.delete('/api/keys/passkey');
    await this.load();
  }

  /** A request that opens sealed things. When the keys are locked, the page shows how to open them. */
  async sealed<T>(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, body?: unknown, options: Parameters<typeof api.get>[1] = {}): Promise<T> {
    const all = { ...options, headers: { ...options.headers, ...this.#headers } };
    try {
      if (method === 'get' || method === 'delete') return await api[method]<T>(path, all);
      return await api[method]<T>(path, body, all);
    } catch (error) {
      if (error instanceof Problem && (error.code === 'keys_locked' || error.code === 'keys_missing')) await this.load();
      throw error;
    }
  }
}

export const keys = new TabKeys();

/** The client for what is sealed: as `api`, with the secret of this tab. */
export const sealedApi = {
  get: <T>(path: string, options = {}) => keys.sealed<T>('get', path, undefined, options),
  post: <T>(path: string, body: unknown = {}, options = {}) => keys.sealed<T>('post', path, body, options),
  put: <T>(path: string, body?: unknown, options = {}) => keys.sealed<T>('put', path, body, options),
  patch: <T>(path: string, body: unknown, options = {}) => keys.sealed<T>('patch', path, body, options),
  delete: <T = void>(path: string, options = {}) => keys.sealed<T>('delete', path, undefined, options),
};
