/** The text being written in one place, saved as it changes. */
import { session } from '../../api/session.svelte';
import type { Waiting } from '../../api/outbox.svelte';
import { Drafts, placeOf } from './drafts';
import { BODY_LIMIT, sizeOf } from './writing';

export type Obstacle = 'empty' | 'too-long' | 'no-title' | null;

export class Writing {
  body = $state('');
  topic = $state<string | null>(null);
  newTopic = $state<string | null>(null);

  readonly #drafts: Drafts;
  readonly #place: string;

  constructor(channel: string, topic: string | null) {
    this.#drafts = new Drafts(session.me?.id ?? '');
    this.#place = placeOf(channel, topic);
    this.topic = topic;
    const draft = this.#drafts.read(this.#place);
    this.body = draft.body;
    this.newTopic = draft.newTopic ?? null;
  }

  get size(): number {
    return sizeOf(this.body);
  }

  /** Why it can't be sent as it is. */
  get obstacle(): Obstacle {
    if (!this.body.trim()) return 'empty';
    if (this.size > BODY_LIMIT) return 'too-long';
    if (this.newTopic !== null && !this.newTopic.trim()) return 'no-title';
    return null;
  }

  save(): void {
    this.#drafts.write(this.#place, { body: this.body, newTopic: this.newTopic ?? undefined });
  }

  /** A refused message comes back to be changed; what was being written isn't lost. */
  takeBack(item: Waiting): void {
    this.body = this.body.trim() ? `${item.body}\n\n${this.body}` : item.body;
    this.newTopic = item.new_topic;
    this.save();
  }

  /** Writes into the topic of the message that is being answered. */
  answer(topic: string): void {
    this.topic = topic;
    this.newTopic = null;
  }

  sent(): void {
    this.body = '';
    this.newTopic = null;
    this.save();
  }
}
