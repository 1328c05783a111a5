/** Unsent text, one a place, kept for the account until it is sent or the account signs out. */
import { session } from '../../api/session.svelte';
import type { Labels, Quoted } from '../../api/types';
import { localStore, type Store } from '../../base/storage';

/** As it would be sent, mentions spelled out. */
export interface Draft {
  body: string;
  topic?: string | null;
  newTopic?: string | null;
  quote?: Quoted | null;
  labels?: Labels;
}

const keyOf = (account: string, place: string) => `egida.draft.${account}.${place}`;

/** A channel's stream and each of its topics have drafts of their own. */
export const placeOf = (channel: string, topic: string | null) => (topic ? `${channel}.${topic}` : channel);
/** So has a message that is being changed. */
export const placeOfEdit = (message: string) => `edit.${message}`;

export class Drafts {
  constructor(
    readonly account: string,
    readonly store: Store = localStore,
  ) {}

  read(place: string): Draft {
    return this.find(place) ?? { body: '' };
  }

  find(place: string): Draft | null {
    return this.store.get<Draft>(keyOf(this.account, place));
  }

  write(place: string, draft: Draft): void {
    const empty = !draft.body.trim() && !draft.newTopic?.trim() && !draft.quote;
    if (empty) this.remove(place);
    else this.store.set(keyOf(this.account, place), draft);
  }

  remove(place: string): void {
    this.store.remove(keyOf(this.account, place));
  }

  /** The topic went elsewhere, and what was being written in it goes along. */
  move(from: string, to: string): void {
    const draft = this.find(from);
    if (!draft || this.find(to)) return;
    this.write(to, draft);
    this.remove(from);
  }
}

const keysOf = (account: string, store: Store) => store.keys().filter((key) => key.startsWith(keyOf(account, '')));

export function forgetDrafts(account: string, store: Store = localStore): void {
  for (const key of keysOf(account, store)) store.remove(key);
}

session.whenLeaving(
  (account) => forgetDrafts(account),
  (account) => keysOf(account, localStore).length,
);
