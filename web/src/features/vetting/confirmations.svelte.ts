/** People who wait to be confirmed, or whose accreditation ends soon, in the countries one looks after. */
import { api, problemText } from '../../api/client';
import type { Page } from '../../api/types';

export type State = 'pending' | 'accredited' | 'expiring' | 'expired';
export const WAYS = ['called_official_number', 'met_in_person', 'official_mailbox', 'official_list', 'vouched'] as const;
export type Way = (typeof WAYS)[number];

export interface Candidate {
  id: string;
  name: string;
  email: string;
  country: string | null;
  function: string | null;
  organisation: string | null;
  regime: string | null;
  sponsor: { id: string; name: string } | null;
  state: State;
  accredited_until: string | null;
  created_at: string;
  may_confirm: boolean;
  looks_like: { id: string; name: string }[];
}

export class Confirmations {
  items = $state.raw<Candidate[] | null>(null);
  problem = $state('');

  async load(): Promise<void> {
    this.problem = '';
    try {
      this.items = (await api.get<Page<Candidate>>('/api/confirmations')).items;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  async confirm(person: Candidate, how: Way, note: string): Promise<void> {
    await api.put(`/api/people/${person.id}/confirmation`, { how, note: note.trim() || null });
    this.#done(person);
  }

  async refuse(person: Candidate): Promise<void> {
    await api.put(`/api/people/${person.id}/refusal`);
    this.#done(person);
  }

  async depart(person: Candidate): Promise<void> {
    await api.put(`/api/people/${person.id}/departure`);
    this.#done(person);
  }

  #done(person: Candidate): void {
    this.items = (this.items ?? []).filter((other) => other.id !== person.id);
  }
}
