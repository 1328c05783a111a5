/**
 * One open channel or topic: its timeline, what is new in it, and what the reader is doing with a
 * message. Components get it from the context.
 */
import { createContext } from 'svelte';
import { channelName, channels } from '../../api/channels.svelte';
import { api, Problem } from '../../api/client';
import { markRead, markUnread } from '../../api/reading';
import { session } from '../../api/session.svelte';
import { outbox, sync } from '../../api/sync.svelte';
import { topics } from '../../api/topics.svelte';
import type { Channel, FileView, Message, Quoted, Topic } from '../../api/types';
import { t } from '../../base/i18n.svelte';
import { navigate } from '../../base/navigation.svelte';
import { uuid } from '../../base/uuid';
import { toast } from '../../ui/toasts.svelte';
import { Writing } from './draft.svelte';
import { Drafts, placeOf, placeOfEdit } from './drafts';
import { warningText } from './labels';
import { literal, plainText } from './mentions';
import { looking, ReadTracker } from './read-tracker';
import { firstOfUnread, newLineAfter } from './rows';
import { Timeline } from './timeline.svelte';
import { Typing } from './typing.svelte';

/** So much of a new message is read out. */
const READ_OUT = 200;

export type Question =
  | 'history'
  | 'expiry'
  | 'delete'
  | 'reactions'
  | 'marking'
  | 'proposals'
  | 'readers'
  | 'release'
  | 'report'
  | 'retract'
  | 'sanction';
/** Where the list goes next: to a message (by number), to the first unread, or to the end. */
export type Goal = { seq: number } | 'unread' | 'end';

export class Conversation {
  readonly timeline: Timeline;
  readonly tracker: ReadTracker;
  readonly typing: Typing;
  readonly writing: Writing;

  firstUnread = $state<number | null>(null);
  goal = $state.raw<Goal | null>(null);
  editing = $state<string | null>(null);
  /** New messages of others that came while the reader was further up. */
  arrived = $state(0);
  atEnd = $state(true);
  announcement = $state('');
  asking = $state.raw<{ question: Question; message: Message } | null>(null);
  /** The topic isn't there, or nowhere where the reader may go. */
  gone = $state(false);

  readonly #stopListening: () => void;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly channelId: string,
    readonly topicId: string | null,
  ) {
    this.timeline = new Timeline(channelId, topicId, (message) => this.#came(message));
    this.tracker = new ReadTracker(channelId, topicId, topicId ? 0 : (this.channel?.read_seq ?? 0));
    this.typing = new Typing(channelId, topicId);
    this.writing = new Writing(channelId, topicId);
    this.#stopListening = sync.listen((frame) => {
      // The channel says only that the topic left it; where it went says the topic.
      if (frame.type === 'topic' && frame.topic.gone && frame.topic.id === topicId) void this.#findTopic();
    });
  }

  /** The message that what is being written answers. */
  get quoting(): Quoted | null {
    return this.writing.quoting;
  }

  set quoting(message: Quoted | null) {
    if (message) this.writing.answer(message);
    else this.writing.quoting = null;
  }

  get channel(): Channel | undefined {
    return channels.find(this.channelId);
  }

  get topic(): Topic | undefined {
    return topics.find(this.topicId);
  }

  /** Opens around a message when one is asked for, else where the reader stopped, else at the end. */
  async open(seq: number | null): Promise<void> {
    if (this.topicId && !this.topic) await this.#findTopic();
    if (this.gone) return;
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
    if (seq === null) this.#goOnEditing();
  }

  /** A change that was begun and neither saved nor cancelled (the session ended under it) is gone on with. */
  #goOnEditing(): void {
    const drafts = new Drafts(session.me?.id ?? '');
    const begun = this.timeline.messages.findLast(
      (message) => this.mayEdit(message) && drafts.find(placeOfEdit(message.id)) !== null,
    );
    if (!begun) return;
    this.editing = begun.id;
    this.goal = { seq: begun.seq };
  }

  async #findTopic(): Promise<void> {
    try {
      await topics.fetch(this.topicId ?? '');
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) return;
      this.#lost();
    }
  }

  /** The topic was moved while it was open: goes along if one may, with what is being written. */
  async follow(id: string): Promise<void> {
    const channel = channels.find(id) ?? (await channels.refresh(id).catch(() => null));
    if (!channel?.can.read) return this.#lost();
    this.#moveDraft(placeOf(id, this.topicId));
    toast(t('chat_topic_moved', { channel: channelName(channel) }));
    navigate(`/c/${id}/t/${this.topicId}`, { replace: true });
  }

  #lost(): void {
    this.gone = true;
    this.#moveDraft(placeOf(this.channelId, null));
  }

  #moveDraft(to: string): void {
    new Drafts(session.me?.id ?? '').move(placeOf(this.channelId, this.topicId), to);
  }

  /** A topic's unread are known by their number only: they can be counted back from its end, and from nowhere else. */
  #firstOf(unread: number, reader: string): number | null {
    const { messages, hasAfter } = this.timeline.stretch;
    return hasAfter ? null : firstOfUnread(messages, unread, reader);
  }

  close(): void {
    clearTimeout(this.#silence);
    this.#stopListening();
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

  /** Sends what is being written, with these files; where nothing is, it says what they are called. */
  post(files: FileView[] = []): void {
    const { markup, topic, newTopic, quoting } = this.writing;
    const body = markup.trim() ? markup : files.map(({ name }) => literal(name)).join(', ');
    const title = newTopic?.trim() || null;
    outbox.add({
      ref: uuid(),
      channel: this.channelId,
      topic: title ? null : topic,
      new_topic: title,
      body,
      ...this.writing.labels,
      quote: quoting?.id ?? null,
      attachments: files.map(({ id }) => id),
      ...(files.length > 0 && { files }),
      quoted: quoting,
    });
    this.writing.sent();
    this.typing.sent();
    void this.toEnd();
  }

  async edit(message: Message, body: string): Promise<void> {
    this.timeline.apply(await api.patch<Message>(`/api/messages/${message.id}`, { body }));
  }

  /** The message with its words, for whoever may have them. One's own then stand in their place as any other. */
  async unseal(message: Message, acknowledging: boolean): Promise<Message> {
    if (acknowledging) await api.post(`/api/messages/${message.id}/acknowledgement`);
    const opened = await api.get<Message>(`/api/messages/${message.id}`);
    if (opened.author === session.me?.id) this.timeline.apply(opened);
    return opened;
  }

  async remove(message: Message): Promise<void> {
    await api.delete(`/api/messages/${message.id}`);
    this.hide(message);
  }

  /** Shows the tombstone at once; the server tells everybody the same. */
  hide(message: Message): void {
    this.timeline.apply({ ...message, deleted: true, body: '', html: '', attachments: [], reactions: [] });
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
    return !message.deleted && this.mayRetract(message);
  }

  /** Also what was deleted before: the data-protection officer is to know of it. */
  mayRetract(message: Message): boolean {
    return message.author === session.me?.id || Boolean(this.channel?.can.moderate);
  }

  /** Somebody else's message, where there are moderators to look at it. */
  mayReport(message: Message): boolean {
    return !message.deleted && message.author !== session.me?.id && this.channel?.kind !== 'direct';
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
    if (message.author === session.me?.id) return;
    if (!looking() && !this.tracker.paused) {
      // The line "new" stands before what comes while nobody looks, unless the reader has put it elsewhere.
      this.firstUnread = newLineAfter(this.firstUnread, message.seq, this.tracker.seen, this.timeline.messages);
    }
    if (!this.atEnd || this.timeline.stretch.hasAfter) this.arrived += 1;
    const words = message.warning ? warningText(message.warning) : plainText(message.body).slice(0, READ_OUT);
    this.#announce(`${message.author_name}: ${words}`);
  }
}

export const [conversation, provideConversation] = createContext<Conversation>();
