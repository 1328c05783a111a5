/** Notes what was really seen: on screen, in a window that is looked at, with all that was missed on its page. */
import { markRead } from '../../api/reading';
import { sync } from '../../api/sync.svelte';

const SETTLE = 600;

export class ReadTracker {
  /** After "mark unread from here" nothing counts as seen until the conversation is opened again. */
  paused = false;

  #seen = 0;
  #marked: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly channel: string,
    readonly topic: string | null,
    alreadyRead: number,
  ) {
    this.#marked = alreadyRead;
  }

  /** The newest message that was seen here. */
  get seen(): number {
    return this.#seen;
  }

  /** Where the mark stands already: only what is newer will move it. */
  startAt(seq: number): void {
    this.#marked = Math.max(this.#marked, seq);
  }

  /** The newest message that is wholly on screen. */
  saw(seq: number): void {
    if (this.paused || seq <= this.#seen || !looking()) return;
    this.#seen = seq;
    if (seq <= this.#marked) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#mark(), SETTLE);
  }

  close(): void {
    clearTimeout(this.#timer);
    if (!this.paused && this.#seen > this.#marked) void this.#mark();
  }

  async #mark(): Promise<void> {
    const seq = this.#seen;
    const before = this.#marked;
    this.#marked = seq;
    try {
      this.startAt(await markRead(this.channel, seq, this.topic));
    } catch {
      this.#marked = before;
      this.#seen = before;
    }
  }
}

/** Whether somebody reads what comes: what pours in after a break is not read while it pours. */
export function looking(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && sync.state === 'live';
}
