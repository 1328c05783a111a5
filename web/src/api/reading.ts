/** Read marks: one a channel, one a topic; a lower mark makes things unread again. */
import { channels } from './channels.svelte';
import { api } from './client';
import { topics } from './topics.svelte';

interface Mark {
  channel: string;
  topic: string | null;
  seq: number;
  unread: number;
  mentions: number;
}

export async function markRead(channel: string, seq: number, topic: string | null = null): Promise<void> {
  const mark = await api.put<Mark>(`/api/channels/${channel}/read`, topic ? { seq, topic } : { seq });
  if (topic) {
    topics.marked(topic, mark.unread, mark.mentions);
    channels.refreshSoon(channel);
  } else {
    channels.marked(channel, mark);
    if (topics.isLoaded(channel)) await topics.load(channel);
  }
}
