/** Unsent text, one a place, kept for the account until it is sent or the account signs out. */
import { session } from '../../api/session.svelte';
import { localStore, type Store } from '../../base/storage';

export interface Draft {
  body: string;
  newTopic?: string;
  quote?: { id: string; author_name: string; excerpt: string } | null;
}

const keyOf = (account: string, place: string) => `egida.draft.${account}.${place}`;

/** A channel's stream and each of its topics have drafts of their own. */
export const placeOf = (channel: string, topic: string | null) => (topic ? `${channel}.${topic}` : channel);

export class Drafts {
  constructor(
    readonly account: string,
    readonly store: Store = localStore,
  ) {}

  read(place: string): Draft {
    return this.store.get<Draft>(keyOf(this.account, place)) ?? { body: '' };
  }

  write(place: string, draft: Draft): void {
    const empty = !draft.body.trim() && !draft.newTopic?.trim() && !draft.quote;
    if (empty) this.store.remove(keyOf(this.account, place));
    else this.store.set(keyOf(this.account, place), draft);
  }
}

export function forgetDrafts(account: string, store: Store = localStore): void {
  for (const key of store.keys()) if (key.startsWith(keyOf(account, ''))) store.remove(key);
}

session.whenLeaving((account) => forgetDrafts(account));
