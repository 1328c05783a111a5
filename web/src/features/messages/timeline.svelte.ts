/** The messages of one channel or topic: fetched page by page in both directions, kept up to date live. */
import { api } from '../../api/client';
import { sync } from '../../api/sync.svelte';
import type { Message, MessagePage, ServerFrame } from '../../api/types';
import { type Stretch, withChange, withNewer, withOlder } from './window';

const NOTHING: Stretch = { messages: [], hasBefore: false, hasAfter: false };
const PAGE = 50;

export type Busy = 'opening' | 'before' | 'after' | null;

export class Timeline {
  stretch = $state.raw<Stretch>(NOTHING);
  busy = $state<Busy>(null);
  failure = $state.raw<unknown>(null);
  opened = $state(false);

  #turn = 0;
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
  async open(around: number | null = null, limit = PAGE): Promise<void> {
    await this.#load('opening', around === null ? { limit } : { around, limit }, (page) => ({
      messages: page.items,
      hasBefore: page.has_before,
      hasAfter: page.has_after,
    }));
    this.opened = true;
  }

  async older(): Promise<void> {
    const first = this.messages[0];
    if (!first || this.busy || !this.stretch.hasBefore) return;
    await this.#load('before', { before: first.seq, limit: PAGE }, (page) =>
      withOlder(this.stretch, page.items, page.has_before),
    );
  }

  async newer(): Promise<void> {
    const last = this.messages.at(-1);
    if (!last || this.busy || !this.stretch.hasAfter) return;
    await this.#load('after', { after: last.seq, limit: PAGE }, (page) =>
      withNewer(this.stretch, page.items, page.has_after),
    );
  }

  /** A change made here, or heard of, applied at once. */
  apply(message: Message): void {
    this.stretch = withChange(this.stretch, message, this.topic);
  }

  async #load(busy: Busy, query: Record<string, number>, use: (page: MessagePage) => Stretch): Promise<void> {
    const turn = ++this.#turn;
    this.busy = busy;
    this.failure = null;
    try {
      const page = await api.get<MessagePage>(`/api/channels/${this.channel}/messages`, {
        query: { ...query, topic: this.topic },
      });
      if (turn === this.#turn) this.stretch = use(page);
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
    } finally {
      if (turn === this.#turn) this.busy = null;
    }
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'message' && frame.message.channel === this.channel) {
      const isNew = frame.message.seq === frame.message.changed_seq;
      const before = this.stretch;
      this.apply(frame.message);
      if (isNew && (before !== this.stretch || before.hasAfter)) this.onNew(frame.message);
    }
    if (frame.type === 'topic' && frame.topic.gone && frame.topic.channel === this.channel) {
      const gone = frame.topic.id;
      const messages = this.messages.filter((message) => message.topic !== gone);
      if (this.topic === null) this.stretch = { ...this.stretch, messages };
    }
    if (frame.type === 'resync' && (frame.channel === null || frame.channel === this.channel)) {
      void this.open(this.stretch.hasAfter ? (this.messages[0]?.seq ?? null) : null);
    }
  }
}
