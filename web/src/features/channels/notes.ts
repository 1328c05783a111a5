import { countryFootnote } from '../../api/region.svelte';
import type { Channel } from '../../api/types';

/** The footnote that belongs to a channel's name, such as the one on Kosovo*. */
export function channelFootnote(channel: Channel | null | undefined): string {
  return channel?.purpose === 'country' || channel?.purpose === 'cell' ? countryFootnote(channel.country) : '';
}
