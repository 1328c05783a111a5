/** All accounts, for administrators. */
import { api } from '../../api/client';
import { Paged } from '../../api/paged.svelte';
import type { Role } from '../../api/types';

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

export class Accounts extends Paged<Account> {
  constructor() {
    super('/api/accounts');
  }

  search(wish: string): Promise<void> {
    return this.ask({ q: wish });
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

  /** Forgets whom institutions' providers mean by this account. */
  async unbind(account: Account): Promise<void> {
    await api.delete(`/api/accounts/${account.id}/providers`);
  }

  async grant(account: Account, wish: { role: Role['role']; scope: string }): Promise<void> {
    const role = await api.post<Role & { id: string }>(`/api/accounts/${account.id}/roles`, wish);
    this.#replace({ ...account, roles: [...account.roles.filter((each) => each.id !== role.id), role] });
  }

  async withdraw(account: Account, role: string): Promise<void> {
    await api.delete(`/api/accounts/${account.id}/roles/${role}`);
    this.#replace({ ...account, roles: account.roles.filter((each) => each.id !== role) });
  }

  #replace(changed: Account): void {
    this.items = (this.items ?? []).map((account) => (account.id === changed.id ? changed : account));
  }
}
