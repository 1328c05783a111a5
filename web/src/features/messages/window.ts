/** The stretch of a conversation that is on the page: ascending by `seq`, without holes, of bounded length. */
import type { Message } from '../../api/types';

/** More rows than this make a slow phone stutter; what is cut is fetched again when scrolled to. */
export const WINDOW = 300;

export interface Stretch {
  messages: Message[];
  hasBefore: boolean;
  hasAfter: boolean;
}

const newer = (one: Message, other: Message) => (other.changed_seq > one.changed_seq ? other : one);

/** Both lists as one, in order, each message once in its latest form. */
export function merge(one: Message[], other: Message[]): Message[] {
  const byId = new Map(one.map((message) => [message.id, message]));
  for (const message of other) {
    const before = byId.get(message.id);
    byId.set(message.id, before ? newer(before, message) : message);
  }
  return [...byId.values()].sort((first, second) => first.seq - second.seq);
}

export function withOlder(stretch: Stretch, page: Message[], hasBefore: boolean): Stretch {
  const all = merge(page, stretch.messages);
  const kept = all.slice(0, WINDOW);
  return { messages: kept, hasBefore, hasAfter: stretch.hasAfter || kept.length < all.length };
}

export function withNewer(stretch: Stretch, page: Message[], hasAfter: boolean): Stretch {
  const all = merge(stretch.messages, page);
  const kept = all.slice(-WINDOW);
  return { messages: kept, hasBefore: stretch.hasBefore || kept.length < all.length, hasAfter };
}

/**
 * The stretch after one change came in. A message of another topic leaves it (it was moved away); a
 * new one joins only when the stretch reaches the present, or it belongs in its middle.
 */
export function withChange(stretch: Stretch, message: Message, topic: string | null): Stretch {
  const known = stretch.messages.findIndex((each) => each.id === message.id);
  const fits = topic === null || message.topic === topic;
  if (known >= 0) {
    const current = stretch.messages[known]!;
    if (!fits) return { ...stretch, messages: stretch.messages.toSpliced(known, 1) };
    if (message.changed_seq < current.changed_seq) return stretch;
    return { ...stretch, messages: stretch.messages.with(known, message) };
  }
  if (!fits) return stretch;
  const first = stretch.messages[0];
  const last = stretch.messages.at(-1);
  const beyond = !last || message.seq > last.seq;
  if (beyond && stretch.hasAfter) return stretch;
  if (first && message.seq < first.seq && stretch.hasBefore) return stretch;
  return withNewer(stretch, [message], stretch.hasAfter);
}
