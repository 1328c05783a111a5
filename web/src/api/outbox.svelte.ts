/**
 * What was written and isn't acknowledged yet. It survives a reload and a lost network, goes out
 * in the order it was written, and bears a `ref` by which the server stores it once however often
 * it is sent. Each message has its own key in the browser's storage, so that two windows never
 * overwrite each other's.
 */
import { localStore, type Store } from '../base/storage';
import type { FileView, Post, Quoted } from './types';

/** `stored` and `held`: safe with the server, and kept on screen until the message itself arrives. */
export type WaitingState = 'waiting' | 'sent' | 'refused' | 'stored' | 'held';

/** A post with the words of what it answers and the names of what it carries, which stay in this browser. */
export interface Written extends Post {
  quoted?: Quoted | null;
  /** What it carries, as one sees it. */
  files?: FileView[];
}

export interface Waiting extends Written {
  at: string;
  state: WaitingState;
  code?: string;
  extra?: Record<string, unknown>;
}

/** More at once would run into the server's limit of frames a second. */
const IN_FLIGHT = 8;
/** Refusals that only mean "not now". */
const PASSING = new Set(['busy', 'too_many_attempts', 'internal']);

export class Outbox {
  items = $state.raw<Waiting[]>([]);

  #account = '';
  readonly #store: Store;
  readonly #send: (post: Post) => boolean;

  constructor(send: (post: Post) => boolean, store: Store = localStore) {
    this.#send = send;
    this.#store = store;
  }

  /** Takes up what an earlier page of the same account left behind. */
  open(account: string): void {
    this.#account = account;
    this.items = this.#store
      .keys()
      .filter((key) => key.startsWith(this.#key('')))
      .map((key) => this.#store.get<Waiting>(key))
      .filter((item): item is Waiting => item !== null)
      .map((item): Waiting => (item.state === 'refused' ? item : { ...item, state: 'waiting' }))
      .sort((one, other) => one.at.localeCompare(other.at) || one.ref.localeCompare(other.ref));
  }

  add(post: Written, at = new Date().toISOString()): void {
    this.#put({ ...post, at, state: 'waiting' });
    this.flush();
  }

  /** Sends what waits, oldest first; stops as soon as the line is gone. */
  flush(): void {
    let flying = this.items.filter((item) => item.state === 'sent').length;
    for (const item of this.items) {
      if (item.state !== 'waiting') continue;
      if (flying >= IN_FLIGHT || !this.#send(postOf(item))) return;
      flying += 1;
      this.#put({ ...item, state: 'sent' });
    }
  }

  /** The connection broke: nobody knows what arrived, so all of it goes out again. */
  lost(): void {
    this.items = this.items.map((item) => (item.state === 'sent' ? { ...item, state: 'waiting' } : item));
  }

  /** It is with the server; `held` when a moderator looks at it first. */
  acknowledged(ref: string, state: 'stored' | 'held' = 'stored'): void {
    const item = this.find(ref);
    if (!item) return;
    this.#store.remove(this.#key(ref));
    this.items = this.items.map((other) => (other === item ? { ...item, state } : other));
    this.flush();
  }

  /** True when the refusal is final and the writer has to decide. */
  refused(ref: string, code: string, extra: Record<string, unknown> = {}): boolean {
    const item = this.find(ref);
    if (!item) return false;
    const final = !PASSING.has(code);
    this.#put(final ? { ...item, state: 'refused', code, extra } : { ...item, state: 'waiting' });
    if (final) this.flush();
    return final;
  }

  /** Once more, on the writer's word; into `channel` when its topic has gone there meanwhile. */
  retry(ref: string, channel?: string): void {
    const item = this.find(ref);
    if (!item) return;
    this.#put({ ...postOf(item), channel: channel ?? item.channel, quoted: item.quoted, files: item.files, at: item.at, state: 'waiting' });
    this.flush();
  }

  /** Out of the outbox: it arrived, or the writer threw it away or took it back to change it. */
  remove(ref: string): Waiting | undefined {
    const item = this.find(ref);
    this.items = this.items.filter((other) => other !== item);
    this.#store.remove(this.#key(ref));
    return item;
  }

  /** What no moderator's or server's hands have: it would be gone with this browser's storage. */
  get unsent(): Waiting[] {
    return this.items.filter(({ state }) => state === 'waiting' || state === 'sent' || state === 'refused');
  }

  get refusals(): Waiting[] {
    return this.items.filter(({ state }) => state === 'refused');
  }

  find(ref: string): Waiting | undefined {
    return this.items.find((item) => item.ref === ref);
  }

  /** Whether something has been under way since before `time` without an answer. */
  staleSince(sentBefore: ReadonlySet<string>): boolean {
    return this.items.some((item) => item.state === 'sent' && sentBefore.has(item.ref));
  }

  /** Signing out leaves nothing behind. */
  forget(account: string): void {
    const prefix = `egida.outbox.${account}.`;
    for (const key of this.#store.keys()) if (key.startsWith(prefix)) this.#store.remove(key);
    this.items = [];
  }

  #key(ref: string): string {
    return `egida.outbox.${this.#account}.${ref}`;
  }

  #put(item: Waiting): void {
    this.#store.set(this.#key(item.ref), item);
    this.items = this.find(item.ref)
      ? this.items.map((other) => (other.ref === item.ref ? item : other))
      : [...this.items, item];
  }
}

function postOf({ at: _at, state: _state, code: _code, extra: _extra, quoted: _quoted, files: _files, ...post }: Waiting): Post {
  return post;
}
