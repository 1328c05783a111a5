/** The record of acts, filtered and read page by page. */
import { api } from '../../api/client';
import { Paged } from '../../api/paged.svelte';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Thing = Schemas['RecordThing'];
export type RecordRow = Schemas['RecordRow'];
export type RecordHead = Schemas['RecordHead'];

export interface Filters {
  /** How the act begins, e.g. `role.`; '' = every act. */
  act: string;
  /** An account; '' = anybody. */
  actor: string;
  /** `kind:id`; '' = anything. */
  target: string;
  /** Days as the reader's calendar has them (YYYY-MM-DD), both included; '' = no limit. */
  from: string;
  to: string;
}

export const NONE: Filters = { act: '', actor: '', target: '', from: '', to: '' };

/** The midnight that begins a day where the reader is, `later` days on; '' for no day. */
export function midnight(day: string, later = 0): string {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return '';
  return new Date(year, month - 1, date + later).toISOString();
}

/** The filters as the server takes them. */
export function query(filters: Filters): Record<string, string> {
  const { act, actor, target, from, to } = filters;
  const all = { act, actor, target, from: midnight(from), to: midnight(to, 1) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

export class RecordOfActs extends Paged<RecordRow> {
  head = $state.raw<RecordHead | null>(null);

  constructor() {
    super('/api/record');
  }

  read(filters: Filters): Promise<void> {
    return this.ask(query(filters));
  }

  async readHead(): Promise<void> {
    this.head = await api.get<RecordHead>('/api/record/head').catch(() => null);
  }
}
