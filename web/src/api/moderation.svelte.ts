/** How one stands with the moderators: what of one's own waits, mutes, warnings; and how much waits for oneself. */
import { api } from './client';

export type HoldReason = 'guard' | 'newcomer' | 'channel_holds' | 'trigger_word';
export type Concern = 'personal_data' | 'unsafe' | 'elsewhere_system' | 'other_channel' | 'disrespect' | 'other';

/** A post of one's own that waits for a moderator, or came back. */
export interface OwnHeld {
  id: string;
  ref: string | null;
  channel: string;
  topic: string | null;
  new_topic: string | null;
  body: string;
  state: 'waiting' | 'returned' | 'refused' | 'expired';
  reasons: HoldReason[];
  created_at: string;
  deadline: string;
  erase_at: string;
  concern: Concern | null;
  note: string | null;
  suggestion: string | null;
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
}

const NOTHING: Own = { held: [], mutes: [], warnings: [], helpers: [] };
const NONE: Waits = { held: 0, reports: 0, suspensions: 0, breaches: 0 };

class Moderation {
  own = $state.raw<Own>(NOTHING);
  waits = $state.raw<Waits>(NONE);
  /** Rises with every change of the queue, for the page that shows it. */
  turn = $state(0);
  #asked = 0;

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    const own = await api.get<Own>('/api/me/moderation');
    if (asked === this.#asked) this.own = own;
  }

  async count(): Promise<void> {
    this.waits = await api.get<Waits>('/api/moderation/summary');
  }

  /** The server says how much waits now. */
  queueChanged(waits: Partial<Waits>): void {
    this.waits = { ...this.waits, ...waits };
    this.turn += 1;
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
    this.own = NOTHING;
    this.waits = NONE;
  }
}

export const moderation = new Moderation();
