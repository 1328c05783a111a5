/** Writing to somebody alone: the same two people always get the same conversation. */
import { channels } from '../../api/channels.svelte';
import { api } from '../../api/client';
import type { Channel } from '../../api/types';
import { navigate } from '../../base/navigation.svelte';

export async function openConversation(person: string): Promise<void> {
  const channel = await api.post<Channel>('/api/channels', { kind: 'direct', people: [person] });
  channels.put(channel);
  navigate(`/c/${channel.id}`);
}
