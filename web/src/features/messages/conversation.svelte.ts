/**
 * One open channel or topic: its timeline, what is new in it, and what the reader is doing with a
 * message. Components get it from the context.
 */
import { createContext } from 'svelte';
import { channels } from '../../api/channels.svelte';
import { api } from '../../api/client';
import { markRead, markUnread } from '../../api/reading';
import { session } from '../../api/session.svelte';
import { outbox } from '../../api/sync.svelte';
import { topics } from '../../api/topics.svelte';
import type { Channel, Message, Topic } from '../../api/types';
import { navigate } from '../../base/navigation.svelte';
import { uuid } from '../../base/uuid';
import { looking, ReadTracker } from './read-tracker';
import { firstOfUnread, newLineAfter } from './rows';
import { Timeline } from './timeline.svelte';
import { Typing } from './typing.svelte';

export type Question = 'history' | 'delete';
/** Where the list goes next: to a message (by number), to the first unread, or to the end. */
export type Goal = { seq: number } | 'unread' | 'end';

export class Conversation {
  readonly timeline: Timeline;
  readonly tracker: ReadTracker;
  readonly typing: Typing;

  firstUnread = $state<number | null>(null);
  goal = $state.raw<Goal | null>(null);
  editing = $state<string | null>(null);
  quoting = $state.raw<Message | null>(null);
  /** New messages of others that came while the reader was further up. */
  arrived = $state(0);
  atEnd = $state(true);
  announcement = $state('');
  asking = $state.raw<{ question: Question; message: Message } | null>(null);

  readonly #expected = new Set<string>();
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly channelId: string,
    readonly topicId: string | null,
  ) {
    this.timeline = new Timeline(channelId, topicId, (message) => this.#came(message));
    this.tracker = new ReadTracker(channelId, topicId, topicId ? 0 : (this.channel?.read_seq ?? 0));
    this.typing = new Typing(channelId, topicId);
  }

  get channel(): Channel | undefined {
    return channels.find(this.channelId);
  }

  get topic(): Topic | undefined {
    return topics.find(this.topicId);
  }

  /** Opens around a message when one is asked for, else where the reader stopped, else at the end. */
  async open(seq: number | null): Promise<void> {
    if (this.topicId && !this.topic) await topics.fetch(this.topicId).catch(() => {});
    const unread = (this.topicId ? this.topic : this.channel)?.unread ?? 0;
    if (this.topic && unread === 0) this.tracker.startAt(this.topic.last_seq);
    const readTo = this.channel?.read_seq ?? 0;
    if (seq !== null) await this.timeline.open(seq);
    else if (unread === 0) await this.timeline.open();
    else if (this.topicId) await this.timeline.open(null, 100);
    else await this.timeline.open(readTo);
    if (unread > 0) {
      const reader = session.me?.id ?? '';
      this.firstUnread = this.topicId ? this.#firstOf(unread, reader) : readTo + 1;
    }
    this.goal = seq !== null ? { seq } : this.firstUnread !== null ? 'unread' : 'end';
  }

  /** A topic's unread are known by their number only: they can be counted back from its end, and from nowhere else. */
  #firstOf(unread: number, reader: string): number | null {
    const { messages, hasAfter } = this.timeline.stretch;
    return hasAfter ? null : firstOfUnread(messages, unread, reader);
  }

  close(): void {
    clearTimeout(this.#silence);
    this.tracker.close();
    this.typing.close();
    this.timeline.close();
  }

  async toEnd(): Promise<void> {
    if (this.timeline.stretch.hasAfter) await this.timeline.open();
    this.arrived = 0;
    this.goal = 'end';
  }

  async toFirstUnread(): Promise<void> {
    const seq = this.firstUnread;
    if (seq === null) return;
    const { messages, hasBefore } = this.timeline.stretch;
    if (hasBefore && (messages[0]?.seq ?? 0) > seq) await this.timeline.open(seq);
    this.goal = 'unread';
  }

  async toMessage(id: string): Promise<void> {
    const here = this.timeline.messages.find((message) => message.id === id);
    if (here) this.goal = { seq: here.seq };
    else navigate(`/m/${id}`);
  }

  post(text: { body: string; topic: string | null; newTopic: string | null }): void {
    const ref = uuid();
    if (text.newTopic && this.topicId) this.#expected.add(ref);
    outbox.add({
      ref,
      channel: this.channelId,
      topic: text.newTopic ? null : text.topic,
      new_topic: text.newTopic,
      body: text.body,
      marking: null,
      quote: this.quoting?.id ?? null,
      attachments: [],
    });
    this.quoting = null;
    this.typing.sent();
    void this.toEnd();
  }

  async edit(message: Message, body: string): Promise<void> {
    this.timeline.apply(await api.patch<Message>(`/api/messages/${message.id}`, { body }));
    this.editing = null;
  }

  async remove(message: Message): Promise<void> {
    await api.delete(`/api/messages/${message.id}`);
    this.timeline.apply({ ...message, deleted: true, body: '', html: '', reactions: [] });
  }

  /** Adds one's reaction, or takes it back. */
  async react(message: Message, emoji: string): Promise<void> {
    const path = `/api/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
    const own = session.me?.id ?? '';
    const mine = message.reactions.some((each) => each.emoji === emoji && each.accounts.includes(own));
    await (mine ? api.delete(path) : api.put(path));
  }

  async pin(message: Message): Promise<void> {
    const path = `/api/messages/${message.id}/pin`;
    await (message.pinned ? api.delete(path) : api.put(path));
  }

  /** Everything from this message on counts as unread again. */
  async markUnread(message: Message): Promise<void> {
    this.tracker.paused = true;
    this.firstUnread = message.seq;
    await markUnread(this.channelId, message.seq - 1, this.topicId);
  }

  async markAllRead(): Promise<void> {
    const last = this.timeline.messages.at(-1)?.seq ?? 0;
    const head = this.topicId ? Math.max(this.topic?.last_seq ?? 0, last) : (this.channel?.head_seq ?? last);
    await markRead(this.channelId, head, this.topicId);
    this.firstUnread = null;
  }

  mayEdit(message: Message): boolean {
    return !message.deleted && message.author === session.me?.id && this.mayPost;
  }

  mayRemove(message: Message): boolean {
    return !message.deleted && (message.author === session.me?.id || Boolean(this.channel?.can.moderate));
  }

  get mayPost(): boolean {
    return this.channel?.can.post ?? false;
  }

  /** Said once; it doesn't stay in the page, where it would outlive a deletion. */
  #announce(text: string): void {
    this.announcement = text;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => (this.announcement = ''), 1500);
  }

  #came(message: Message): void {
    if (message.ref && this.#expected.delete(message.ref)) {
      navigate(`/c/${this.channelId}/t/${message.topic}`);
      return;
    }
    if (message.author === session.me?.id) return;
    if (!looking()) {
      // The line "new" stands before what comes while nobody looks.
      this.firstUnread = newLineAfter(this.firstUnread, message.seq, this.tracker.seen, this.timeline.messages);
    }
    if (!this.atEnd || this.timeline.stretch.hasAfter) this.arrived += 1;
    this.#announce(`${message.author_name}: ${message.body.slice(0, 200)}`);
  }
}

export const [conversation, provideConversation] = createContext<Conversation>();
