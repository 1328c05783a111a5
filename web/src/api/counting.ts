/** How an incoming change moves the counts of a channel or topic. */
import type { Channel, Message, Topic } from './types';

/** The server counts to a hundred and no further; the reader sees "99+". */
export const COUNT_CAP = 100;

export const capped = (count: number) => Math.min(COUNT_CAP, Math.max(0, count));

/** A change that is a new message, not an edit, reaction or deletion of an old one. */
export function isNew(message: Message): boolean {
  return message.seq === message.changed_seq && !message.deleted;
}

export function channelAfter(channel: Channel, message: Message, reader: string): Channel {
  // The list was fetched after this change: its counts know it already.
  if (message.changed_seq <= channel.head_seq) return channel;
  const next = { ...channel, head_seq: message.changed_seq };
  if (!isNew(message)) return next;
  next.last_at = message.posted_at;
  if (message.author === reader || message.seq <= channel.read_seq) return next;
  next.unread = capped(channel.unread + 1);
  if (message.mentions.includes(reader)) next.mentions = capped(channel.mentions + 1);
  return next;
}

export function topicAfter(topic: Topic, message: Message, reader: string): Topic {
  if (!isNew(message) || message.seq <= topic.last_seq) return topic;
  const next = { ...topic, last_seq: message.seq, last_at: message.posted_at, messages: topic.messages + 1 };
  if (message.author === reader) return next;
  next.unread = capped(topic.unread + 1);
  if (message.mentions.includes(reader)) next.mentions = capped(topic.mentions + 1);
  return next;
}
