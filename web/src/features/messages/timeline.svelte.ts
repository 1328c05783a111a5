/** The messages of one channel or topic: fetched page by page in both directions, kept up to date live. */
import { api } from '../../api/client';
import { sync } from '../../api/sync.svelte';
import type { Message, MessagePage, ServerFrame } from '../../api/types';
import { type Stretch, withChange, withNewer, withOlder } from './window';

const NOTHING: Stretch = { messages: [], hasBefore: false, hasAfter: false };
const PAGE = 50;
/** A short message with what is around it, in CSS pixels. */
const ROW = 64;
/**
 * Enough to fill most screens (a second page fills the rest): drawing more delays the first sight of them. The height of
 * the screen, as that of the window makes the browser lay out the page at once.
 */
const firstPage = () => Math.min(PAGE, Math.max(10, Math.ceil(screen.availHeight / ROW)));

export type Busy = 'opening' | 'before' | 'after' | null;

/** A page that was asked for: what to ask, and how its messages join those on the page. */
interface Wish {
  busy: Exclude<Busy, null>;
  query: Record<string, number>;
  use: (page: MessagePage) => Stretch;
}

export class Timeline {
  stretch = $state.raw<Stretch>(NOTHING);
  busy = $state<Busy>(null);
  failure = $state.raw<unknown>(null);
  /** Which way the page lay that could not be loaded. */
  failed = $state<Busy>(null);
  opened = $state(false);

  #turn = 0;
  /** What came while a page was on its way, which may have been made before it. */
  #heard: ServerFrame[] = [];
  #wish: Wish | null = null;
  readonly #stopListening: () => void;

  constructor(
    readonly channel: string,
    readonly topic: string | null,
    readonly onNew: (message: Message) => void = () => {},
  ) {
    this.#stopListening = sync.listen((frame) => this.#receive(frame));
  }

  get messages(): Message[] {
    return this.stretch.messages;
  }

  close(): void {
    this.#turn += 1;
    this.#stopListening();
  }

  /** Opens the newest page, or the page around a message. */
  async open(around: number | null = null, limit = firstPage()): Promise<void> {
    const query: Record<string, number> = around === null ? { limit } : { around, limit };
    await this.#load({
      busy: 'opening',
      query,
      use: (page) => ({ messages: page.items, hasBefore: page.has_before, hasAfter: page.has_after }),
    });
  }

  async older(): Promise<void> {
    const first = this.messages[0];
    if (!first || this.busy || !this.stretch.hasBefore) return;
    await this.#load({
      busy: 'before',
      query: { before: first.seq, limit: PAGE },
      use: (page) => withOlder(this.stretch, page.items, page.has_before),
    });
  }

  async newer(): Promise<void> {
    const last = this.messages.at(-1);
    if (!last || this.busy || !this.stretch.hasAfter) return;
    await this.#load({
      busy: 'after',
      query: { after: last.seq, limit: PAGE },
      use: (page) => withNewer(this.stretch, page.items, page.has_after),
    });
  }

  /** Asks again for the page that could not be loaded. */
  async retry(): Promise<void> {
    if (this.failure && this.#wish) await this.#load(this.#wish);
  }

  /** A change made here, or heard of, applied at once. */
  apply(message: Message): void {
    this.stretch = withChange(this.stretch, message, this.topic);
  }

  async #load(wish: Wish): Promise<void> {
    const turn = ++this.#turn;
    if (!this.busy) this.#heard = [];
    this.busy = wish.busy;
    this.#wish = wish;
    this.failure = this.failed = null;
    try {
      const page = await api.get<MessagePage>(`/api/channels/${this.channel}/messages`, {
        query: { ...wish.query, topic: this.topic },
      });
      if (turn !== this.#turn) return;
      this.stretch = wish.use(page);
      this.opened = true;
      for (const frame of this.#heard) this.#take(frame);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.failure = error;
      this.failed = wish.busy;
    }
    this.busy = null;
    if (this.opened && this.#heard.some((frame) => this.#mustReload(frame))) void this.#reload();
  }

  #receive(frame: ServerFrame): void {
    const isNew = frame.type === 'message' && this.#isNewHere(frame.message);
    if (this.busy) this.#heard.push(frame);
    // Before the first page there is nothing that a message could follow.
    if (this.opened) this.#take(frame);
    if (isNew) this.onNew(frame.message);
    if (frame.type === 'live' && this.opened) void this.retry();
    if (this.#mustReload(frame) && this.opened && !this.busy) void this.#reload();
  }

  #mustReload(frame: ServerFrame): boolean {
    return frame.type === 'resync' && (frame.channel === null || frame.channel === this.channel);
  }

  #reload(): Promise<void> {
    return this.open(this.stretch.hasAfter ? (this.messages[0]?.seq ?? null) : null);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'message' && frame.message.channel === this.channel) this.apply(frame.message);
    if (frame.type === 'topic' && frame.topic.gone && frame.topic.channel === this.channel && this.topic === null) {
      const gone = frame.topic.id;
      this.stretch = { ...this.stretch, messages: this.messages.filter((message) => message.topic !== gone) };
    }
  }

  #isNewHere({ id, channel, topic, seq, changed_seq }: Message): boolean {
    if (channel !== this.channel || (this.topic !== null && topic !== this.topic) || seq !== changed_seq) return false;
    return !this.messages.some((message) => message.id === id);
  }
}
