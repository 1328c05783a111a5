/** Read marks: one a channel, one a topic. What was only looked at again stays read; making unread is said in so many words. */
import { channels } from './channels.svelte';
import { api } from './client';
import { topics } from './topics.svelte';
import type { Marked } from './types';

/** Marks set here: the server tells all of one's windows, this one too. */
const own = new Set<string>();
const keyOf = (channel: string, topic: string | null, seq: number) => `${channel} ${topic ?? ''} ${seq}`;

/** True for the echo of a mark that was set in this window. */
export function isOwnMark(channel: string, topic: string | null, seq: number): boolean {
  return own.delete(keyOf(channel, topic, seq));
}

/** Marks as read up to `seq`; where the mark now stands, which may be further. */
export async function markRead(channel: string, seq: number, topic: string | null = null): Promise<number> {
  return mark(channel, { seq, topic, unread: false });
}

/** Makes everything after `seq` unread again. */
export async function markUnread(channel: string, seq: number, topic: string | null = null): Promise<number> {
  return mark(channel, { seq, topic, unread: true });
}

async function mark(channel: string, wish: { seq: number; topic: string | null; unread: boolean }): Promise<number> {
  const { seq, topic } = wish;
  own.add(keyOf(channel, topic, seq));
  const mark = await api.put<Marked>(`/api/channels/${channel}/read`, wish);
  // It stood further already, or further than anything written: no echo of these numbers will come.
  if (mark.seq !== seq) own.delete(keyOf(channel, topic, seq));
  // The counts of the answer are those of the whole channel.
  channels.marked(channel, { ...mark, seq: topic ? null : mark.seq });
  if (topic) await topics.fetch(topic);
  else if (mark.unread === 0) topics.allRead(channel);
  else if (topics.isLoaded(channel)) await topics.load(channel);
  return mark.seq;
}
