/** One's own factors: what there is, and every change of them. */
import { api } from '../../api/client';
import { session } from '../../api/session.svelte';
import type { AddedPasskey, Enrolment, Factors, Passkey } from '../../api/types';
import { makePasskey, type Ceremony } from './passkeys';

export class OwnFactors {
  now = $state.raw<Factors | null>(null);

  async load(): Promise<void> {
    this.now = await api.get<Factors>('/api/me/factors');
  }

  /** What changed here changes what the session is worth, too. */
  async #reload(): Promise<void> {
    await Promise.all([this.load(), session.load()]);
  }

  beginApp(): Promise<Enrolment> {
    return api.post<Enrolment>('/api/me/authenticator');
  }

  /** The recovery codes, if this was the first factor. */
  async confirmApp(id: string, code: string): Promise<string[] | null> {
    const added = await api.put<{ recovery_codes: string[] | null }>('/api/me/authenticator', { id, code }, { renews: true });
    await this.#reload();
    return added.recovery_codes;
  }

  async removeApp(): Promise<void> {
    await api.delete('/api/me/authenticator', { renews: true });
    await this.#reload();
  }

  async addPasskey(name: string): Promise<string[] | null> {
    const ceremony = await api.post<Ceremony>('/api/me/passkey-registrations');
    const wish = { ceremony: ceremony.id, name, credential: await makePasskey(ceremony) };
    const added = await api.post<AddedPasskey>('/api/me/passkeys', wish, { renews: true });
    await this.#reload();
    return added.recovery_codes;
  }

  async renamePasskey(passkey: Passkey, name: string): Promise<void> {
    await api.patch(`/api/me/passkeys/${passkey.id}`, { name });
    await this.load();
  }

  async removePasskey(passkey: Passkey): Promise<void> {
    await api.delete(`/api/me/passkeys/${passkey.id}`, { renews: true });
    await this.#reload();
  }

  async callOffRemoval(): Promise<void> {
    await api.delete('/api/me/factor-removal');
    await this.load();
  }

  async renewCodes(): Promise<string[]> {
    const { codes } = await api.post<{ codes: string[] }>('/api/me/recovery-codes', {}, { renews: true });
    await this.#reload();
    return codes;
  }
}
