/** All accounts, for administrators. */
import { api, problemText } from '../../api/client';
import type { Page, Role } from '../../api/types';

export interface Account {
  id: string;
  email: string;
  name: string;
  country: string | null;
  function: string | null;
  organisation: string | null;
  status: 'active' | 'suspended';
  roles: (Role & { id: string })[];
  created_at: string;
  last_seen_at: string | null;
}

export class Accounts {
  items = $state.raw<Account[] | null>(null);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');
  #wish = '';
  #running: AbortController | null = null;

  async search(wish: string): Promise<void> {
    this.#wish = wish;
    await this.#ask(null);
  }

  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#ask(this.next);
  }

  find(id: string | null): Account | undefined {
    return this.items?.find((account) => account.id === id);
  }

  async suspend(account: Account): Promise<void> {
    await api.put(`/api/accounts/${account.id}/suspension`);
    this.#replace({ ...account, status: 'suspended' });
  }

  async reinstate(account: Account): Promise<void> {
    await api.delete(`/api/accounts/${account.id}/suspension`);
    this.#replace({ ...account, status: 'active' });
  }

  async grant(account: Account, wish: { role: Role['role']; scope: string }): Promise<void> {
    const role = await api.post<Role & { id: string }>(`/api/accounts/${account.id}/roles`, wish);
    this.#replace({ ...account, roles: [...account.roles.filter((each) => each.id !== role.id), role] });
  }

  async withdraw(account: Account, role: string): Promise<void> {
    await api.delete(`/api/accounts/${account.id}/roles/${role}`);
    this.#replace({ ...account, roles: account.roles.filter((each) => each.id !== role) });
  }

  stop(): void {
    this.#running?.abort();
  }

  #replace(changed: Account): void {
    this.items = (this.items ?? []).map((account) => (account.id === changed.id ? changed : account));
  }

  async #ask(cursor: string | null): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    this.problem = '';
    try {
      const page = await api.get<Page<Account>>('/api/accounts', { query: { q: this.#wish, cursor }, signal: running.signal });
      if (running.signal.aborted) return;
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.next = page.next;
    } catch (error) {
      if (!running.signal.aborted) this.problem = problemText(error);
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }
}
