/** How one stands with the moderators: what of one's own waits, mutes, warnings; and how much waits for oneself. */
import { api } from './client';
import { isAdministrator, isModerator, session } from './session.svelte';
import type { Page } from './types';

export type HoldReason = 'guard' | 'newcomer' | 'channel_holds' | 'trigger_word' | 'slow_mode';
export type Concern = 'personal_data' | 'unsafe' | 'elsewhere_system' | 'other_channel' | 'disrespect' | 'other';

/** A post of one's own that waits for a moderator, or came back. */
export interface OwnHeld {
  id: string;
  ref: string | null;
  channel: string;
  topic: string | null;
  new_topic: string | null;
  body: string;
  state: 'waiting' | 'returned' | 'refused' | 'moved' | 'expired';
  reasons: HoldReason[];
  created_at: string;
  deadline: string;
  erase_at: string;
  concern: Concern | null;
  note: string | null;
  suggestion: string | null;
  /** The closed room it was moved into. */
  moved_to: string | null;
  may_appeal: boolean;
  appealed: boolean;
}

interface Own {
  held: OwnHeld[];
  mutes: { id: string; scope: string; until: string; reason: string }[];
  warnings: { id: string; channel: string; note: string; created_at: string }[];
  helpers: { id: string; name: string }[];
}

/** How much waits for somebody who moderates. */
export interface Waits {
  held: number;
  reports: number;
  suspensions: number;
  breaches: number;
  /** What takes two and is this person's to decide or to do. */
  approvals: number;
}

const NOTHING: Own = { held: [], mutes: [], warnings: [], helpers: [] };
const NONE: Waits = { held: 0, reports: 0, suspensions: 0, breaches: 0, approvals: 0 };

class Moderation {
  own = $state.raw<Own>(NOTHING);
  waits = $state.raw<Waits>(NONE);
  /** Rises with every change of the queue, for the page that shows it. */
  turn = $state(0);
  #asked = 0;
  #counted = 0;

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    const own = await api.get<Own>('/api/me/moderation');
    if (asked === this.#asked) this.own = own;
  }

  async count(): Promise<void> {
    const counted = (this.#counted += 1);
    const holdsPowers = isModerator(session.me) || isAdministrator(session.me);
    const [waits, asked] = await Promise.all([
      api.get<Omit<Waits, 'approvals'>>('/api/moderation/summary'),
      holdsPowers ? api.get<Page<{ may_decide: boolean; may_use: boolean }>>('/api/approvals') : null,
    ]);
    const approvals = asked?.items.filter(({ may_decide, may_use }) => may_decide || may_use).length ?? 0;
    if (counted === this.#counted) this.waits = { ...waits, approvals };
  }

  /** The server says how much waits now. */
  queueChanged(waits: Partial<Waits>): void {
    this.waits = { ...this.waits, ...waits };
    this.turn += 1;
  }

  /** Something that takes two is new: how much of it is whose, each asks for themselves. */
  approvalsChanged(): void {
    this.turn += 1;
    this.count().catch(() => {});
  }

  /** Those of one place: a topic's, or a whole channel's. */
  heldIn(channel: string, topic: string | null): OwnHeld[] {
    return this.own.held.filter((item) => item.channel === channel && (topic === null || item.topic === topic));
  }

  /** Takes one back while it waits, or puts away what came back. */
  async putAway(item: OwnHeld): Promise<void> {
    await api.delete(`/api/me/held/${item.id}`);
    this.own = { ...this.own, held: this.own.held.filter((other) => other.id !== item.id) };
  }

  async appeal(item: OwnHeld, note: string): Promise<void> {
    await api.put(`/api/me/held/${item.id}/appeal`, { note: note.trim() || null });
    await this.load();
  }

  async putWarningAway(id: string): Promise<void> {
    await api.delete(`/api/me/warnings/${id}`);
    this.own = { ...this.own, warnings: this.own.warnings.filter((warning) => warning.id !== id) };
  }

  clear(): void {
    this.#asked += 1;
    this.#counted += 1;
    this.own = NOTHING;
    this.waits = NONE;
  }
}

export const moderation = new Moderation();
