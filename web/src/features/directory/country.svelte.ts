/** The card of one country, and what may be done with it. */
import { api, problemText } from '../../api/client';
import type { CountryCard, Organisation, OrganisationPage, OrganisationWish } from '../../api/types';

export class TheCountry {
  shown = $state.raw<CountryCard | null>(null);
  problem = $state('');

  constructor(readonly code: string) {}

  async load(): Promise<void> {
    this.problem = '';
    try {
      this.shown = await api.get<CountryCard>(`/api/countries/${this.code}`);
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  async confirm(): Promise<void> {
    await api.put(`/api/countries/${this.code}/confirmation`);
    await this.load();
  }

  /** Enters an organisation; its id. */
  async enter(wish: OrganisationWish): Promise<string> {
    const { id } = await api.post<OrganisationPage>('/api/organisations', wish);
    return id;
  }

  /** All of them, or none. */
  async confirmOrganisations(organisations: string[]): Promise<void> {
    await api.post('/api/organisation-confirmations', { organisations });
    await this.load();
  }
}

/** The organisations of each kind, in the order in which they came: that of the vocabulary. */
export function byKind(organisations: Organisation[]): { kind: string; organisations: Organisation[] }[] {
  const groups: { kind: string; organisations: Organisation[] }[] = [];
  for (const organisation of organisations) {
    const last = groups.at(-1);
    if (last?.kind === organisation.kind) last.organisations.push(organisation);
    else groups.push({ kind: organisation.kind, organisations: [organisation] });
  }
  return groups;
}
