/** One organisation, and what may be done with it. */
import { api, problemText } from '../../api/client';
import type { OrganisationPage, OrganisationWish } from '../../api/types';

export class TheOrganisation {
  shown = $state.raw<OrganisationPage | null>(null);
  problem = $state('');

  constructor(readonly id: string) {}

  get #path(): string {
    return `/api/organisations/${this.id}`;
  }

  async load(): Promise<void> {
    this.problem = '';
    try {
      this.shown = await api.get<OrganisationPage>(this.#path);
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  async change(wish: OrganisationWish): Promise<void> {
    this.shown = await api.patch<OrganisationPage>(this.#path, wish);
  }

  async confirm(): Promise<void> {
    await api.put(`${this.#path}/confirmation`);
    await this.load();
  }

  async name(account: string, theme: string | null): Promise<void> {
    await api.put(`${this.#path}/focal-points/${account}`, { theme });
    await this.load();
  }

  async unname(account: string): Promise<void> {
    await api.delete(`${this.#path}/focal-points/${account}`);
    await this.load();
  }

  async place(account: string): Promise<void> {
    await api.put(`${this.#path}/people/${account}`);
    await this.load();
  }
}
