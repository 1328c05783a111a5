/** The rail's order: countries, themes, rooms, direct messages; each by name as the reader's language sorts. */
import { channelName } from '../../api/channels.svelte';
import type { Channel } from '../../api/types';
import { compareNames, type Key } from '../../base/i18n.svelte';
import type { IconName } from '../../ui/icons';

export interface Group {
  id: 'rooms' | 'countries' | 'themes' | 'direct';
  title: Key;
  channels: Channel[];
}

const ROOM_ORDER = ['lobby', 'newcomers', 'cell', 'group'];

function groupOf(channel: Channel): Group['id'] {
  if (channel.kind === 'direct') return 'direct';
  if (channel.purpose === 'country') return 'countries';
  return channel.purpose === 'theme' ? 'themes' : 'rooms';
}

const byName = (one: Channel, other: Channel) => compareNames(channelName(one), channelName(other));
const byPlace = (one: Channel, other: Channel) =>
  ROOM_ORDER.indexOf(one.purpose) - ROOM_ORDER.indexOf(other.purpose) || byName(one, other);
const byActivity = (one: Channel, other: Channel) => (other.last_at ?? '').localeCompare(one.last_at ?? '');

/** Every group, also the empty ones: an empty group can say how to fill it. */
export function groups(channels: Channel[]): Group[] {
  const of = (id: Group['id']) => channels.filter((channel) => groupOf(channel) === id);
  return [
    { id: 'rooms', title: 'nav_rooms', channels: of('rooms').sort(byPlace) },
    { id: 'countries', title: 'nav_countries', channels: of('countries').sort(byName) },
    { id: 'themes', title: 'nav_themes', channels: of('themes').sort(byName) },
    { id: 'direct', title: 'nav_direct', channels: of('direct').sort(byActivity) },
  ];
}

export function channelIcon(channel: Channel): IconName {
  if (channel.kind === 'direct') return channel.with.length > 1 ? 'users' : 'user';
  if (channel.kind === 'closed') return 'lock';
  return channel.purpose === 'country' ? 'globe' : 'hash';
}
