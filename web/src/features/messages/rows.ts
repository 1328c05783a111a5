/** What the message list shows, line by line: days, the first unread, topics, messages grouped by author. */
import type { Message } from '../../api/types';
import { dayKey } from '../../base/dates';
import { signsOf } from './labels';

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'topic'; key: string; topic: string }
  | { kind: 'message'; key: string; message: Message; head: boolean };

/** Messages of one person this close together share one heading. */
const TOGETHER = 5 * 60_000;

export interface RowOptions {
  /** The line "new" stands before the first message from this number on. */
  firstUnread: number | null;
  /** In the stream of all topics, a line says where the topic changes. */
  showTopics: boolean;
}

export function rowsOf(messages: Message[], options: RowOptions): Row[] {
  const rows: Row[] = [];
  let previous: Message | null = null;
  let marked = false;
  for (const message of messages) {
    const newDay: boolean = !previous || dayKey(previous.posted_at) !== dayKey(message.posted_at);
    const newTopic: boolean = options.showTopics && previous?.topic !== message.topic;
    const firstUnread: boolean = !marked && options.firstUnread !== null && message.seq >= options.firstUnread;
    if (newDay) rows.push({ kind: 'day', key: `day ${dayKey(message.posted_at)}`, at: message.posted_at });
    if (firstUnread) rows.push({ kind: 'unread', key: 'unread' });
    if (newTopic) rows.push({ kind: 'topic', key: `topic ${message.id}`, topic: message.topic });
    marked ||= firstUnread;
    const head = newDay || newTopic || firstUnread || !continues(previous, message);
    rows.push({ kind: 'message', key: message.id, message, head });
    previous = message;
  }
  return rows;
}

function continues(previous: Message | null, message: Message): boolean {
  if (!previous || previous.author !== message.author || previous.deleted) return false;
  if (message.quote || previous.topic !== message.topic || previous.marking !== message.marking || signsOf(previous) !== signsOf(message)) return false;
  return Date.parse(message.posted_at) - Date.parse(previous.posted_at) < TOGETHER;
}

/**
 * Where the line "new" stands once a message came that nobody saw come: where it stood while something before the
 * message is unseen, else before the first that is. `seen` is the newest message seen so far, 0 for none.
 */
export function newLineAfter(line: number | null, seq: number, seen: number, messages: Message[]): number {
  const before = messages.findLast((message) => message.seq < seq)?.seq ?? 0;
  if (line !== null && seen < before) return Math.min(line, seq);
  const unseen = seen > 0 ? messages.find((message) => message.seq > seen) : undefined;
  return unseen?.seq ?? seq;
}

/** Where unread begins in a conversation of which only their number is known. */
export function firstOfUnread(messages: Message[], unread: number, reader: string): number | null {
  let left = unread;
  for (let index = messages.length - 1; index >= 0 && left > 0; index -= 1) {
    const message = messages[index]!;
    if (message.author === reader || message.deleted) continue;
    left -= 1;
    if (left === 0) return message.seq;
  }
  return unread > 0 ? (messages[0]?.seq ?? null) : null;
}
