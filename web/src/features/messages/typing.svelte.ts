/** Who is writing, and telling others that we are. */
import { sync } from '../../api/sync.svelte';
import { session } from '../../api/session.svelte';

const TELL_EVERY = 3000;
const SHOW_FOR = 6000;

export class Typing {
  #writers = $state.raw<{ account: string; name: string; topic: string | null; until: number }[]>([]);
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop: () => void;

  constructor(
    readonly channel: string,
    readonly topic: string | null,
  ) {
    this.#stop = sync.listen((frame) => {
      if (frame.type === 'message' && frame.message.channel === channel) this.#done(frame.message.author);
      if (frame.type !== 'typing' || frame.channel !== channel || frame.account === session.me?.id) return;
      if (topic !== null && frame.topic !== null && frame.topic !== topic) return;
      const others = this.#writers.filter((writer) => writer.account !== frame.account);
      this.#writers = [...others, { ...frame, until: Date.now() + SHOW_FOR }];
      this.#sweepLater();
    });
  }

  get names(): string[] {
    return this.#writers.map((writer) => writer.name);
  }

  /** A key was pressed in the composer. */
  tell(): void {
    session.touch();
    const now = Date.now();
    if (now - this.#told < TELL_EVERY) return;
    if (sync.send({ type: 'typing', channel: this.channel, topic: this.topic })) this.#told = now;
  }

  /** Sent: the next key tells again at once. */
  sent(): void {
    this.#told = 0;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #done(account: string): void {
    this.#writers = this.#writers.filter((writer) => writer.account !== account);
  }

  #sweepLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const now = Date.now();
      this.#writers = this.#writers.filter((writer) => writer.until > now);
      if (this.#writers.length > 0) this.#sweepLater();
    }, 1000);
  }
}
