/** What waits for those who moderate. */
import { api, problemText } from '../../api/client';
import { moderation, type Concern, type HoldReason } from '../../api/moderation.svelte';
import type { Page } from '../../api/types';

export interface Named {
  id: string;
  name: string;
}

export interface QueueItem {
  id: string;
  channel: string;
  author: Named;
  author_country: string | null;
  new_topic: string | null;
  body: string;
  masked: boolean;
  withheld: boolean;
  reasons: HoldReason[];
  created_at: string;
  deadline: string;
  erase_at: string;
  escalated: boolean;
  appealed: boolean;
  appeal: string | null;
  claimed_by: Named | null;
  obstacle: string | null;
}

export interface Report {
  id: string;
  message: string;
  channel: string;
  author: Named;
  reporter: Named;
  reason: Concern;
  note: string | null;
  created_at: string;
  obstacle: string | null;
}

export interface Breach {
  id: string;
  channel: string | null;
  country: string | null;
  /** Null where a restored backup doesn't know the message. */
  author: Named | null;
  reason: Concern;
  note: string | null;
  readers: number;
  posted_at: string;
  retracted_at: string;
  /** Null after a restored backup had lost it. */
  retracted_by: Named | null;
  due_at: string;
  outcome: 'notified' | 'not_needed' | null;
  finding: string | null;
  closed_at: string | null;
  closed_by: Named | null;
}

export interface Mute {
  id: string;
  person: Named;
  scope: string;
  until: string;
  reason: string;
}

export interface Suspension {
  id: string;
  person: Named;
  reason: string;
  proposed_by: Named;
  expires_at: string;
  may_confirm: boolean;
}

export type Outcome = 'release' | 'release_masked' | 'move' | 'return' | 'refuse';
export type Need = 'cannot_judge' | 'child_at_risk' | 'author_asked';

export interface Decision {
  outcome: Outcome;
  reason?: Concern | null;
  note?: string | null;
  suggestion?: string | null;
  room?: string | null;
}

/** A list that is fetched whole, and again when something in it has changed. */
export class Listed<Item extends { id: string }> {
  items = $state.raw<Item[] | null>(null);
  problem = $state('');
  #asked = 0;

  constructor(private readonly path: string) {}

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const { items } = await api.get<Page<Item>>(this.path);
      // An answer that was overtaken says how it was.
      if (asked !== this.#asked) return;
      this.items = items;
      this.problem = '';
    } catch (error) {
      if (asked === this.#asked) this.problem = problemText(error);
    }
  }

  /** After an act: the list and the number beside the page's name as they are now, even if the act was refused. */
  async after(act: Promise<unknown>): Promise<void> {
    try {
      await act;
    } finally {
      await Promise.all([this.load(), moderation.count().catch(() => {})]);
    }
  }
}

const at = (item: { id: string }) => `/api/moderation/queue/${item.id}`;

export const claim = (item: QueueItem) => api.put(`${at(item)}/claim`);
export const unclaim = (item: QueueItem) => api.delete(`${at(item)}/claim`);
export const decide = (item: QueueItem, decision: Decision) => api.put(`${at(item)}/decision`, decision);
export const unmask = (item: QueueItem, need: Need) =>
  api.post<{ new_topic: string | null; body: string }>(`${at(item)}/unmasking`, { need });
