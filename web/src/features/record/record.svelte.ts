/** The record of acts, filtered and read page by page. */
import { api, problemText } from '../../api/client';
import type { components } from '../../api/schema';
import type { Page } from '../../api/types';

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

export class RecordOfActs {
  items = $state.raw<RecordRow[] | null>(null);
  next = $state<string | null>(null);
  head = $state.raw<RecordHead | null>(null);
  busy = $state(false);
  problem = $state('');
  #filters = NONE;
  #running: AbortController | null = null;

  /** Starts again; an answer that is still on its way is dropped. */
  async read(filters: Filters): Promise<void> {
    this.#filters = filters;
    await this.#ask(null);
  }

  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#ask(this.next);
  }

  async readHead(): Promise<void> {
    this.head = await api.get<RecordHead>('/api/record/head').catch(() => null);
  }

  stop(): void {
    this.#running?.abort();
  }

  async #ask(cursor: string | null): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    this.problem = '';
    try {
      const page = await api.get<Page<RecordRow>>('/api/record', {
        query: { ...query(this.#filters), cursor },
        signal: running.signal,
      });
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
