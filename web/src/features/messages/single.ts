import { topics } from '../../api/topics.svelte';
import type { Channel } from '../../api/types';

/**
 * A direct conversation has no topics but the one every channel has: a list of it, and its name above the messages,
 * would only take room. (One that came otherwise to more shows them as any channel does.)
 */
export function isSingle(channel: Channel | undefined): boolean {
  return channel?.kind === 'direct' && topics.of(channel.id).length <= 1;
}
