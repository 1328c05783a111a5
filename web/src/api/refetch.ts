/**
 * What the live connection will not send is fetched by HTTP, and asked for again until it has come:
 * what is told meanwhile moves the cursors on, so that nobody would ever ask for it again.
 */
export class Refetch {
  readonly #wanted = new Map<string | null, ReturnType<typeof setTimeout> | undefined>();
  readonly #fetch: (channel: string | null) => Promise<unknown>;
  readonly #pause: number;

  /** Fetches one channel, or with `null` all of them; pauses for so many milliseconds after a failure. */
  constructor(fetch: (channel: string | null) => Promise<unknown>, pause = 2000) {
    this.#fetch = fetch;
    this.#pause = pause;
  }

  want(channel: string | null): void {
    clearTimeout(this.#wanted.get(channel));
    this.#wanted.set(channel, undefined);
    this.#fetch(channel).then(
      () => this.#wanted.delete(channel),
      () => this.#later(channel),
    );
  }

  stop(): void {
    for (const timer of this.#wanted.values()) clearTimeout(timer);
    this.#wanted.clear();
  }

  #later(channel: string | null): void {
    if (!this.#wanted.has(channel)) return;
    clearTimeout(this.#wanted.get(channel));
    this.#wanted.set(
      channel,
      setTimeout(() => this.want(channel), this.#pause),
    );
  }
}
