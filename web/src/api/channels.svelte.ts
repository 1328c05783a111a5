/** The channels the reader may know of, with live counts. */
import { SvelteMap } from 'svelte/reactivity';
import { localName } from '../base/i18n.svelte';
import { api, Problem } from './client';
import { channelAfter } from './counting';
import { countryName } from './region.svelte';
import type { Channel, Message, Page } from './types';

const byId = new SvelteMap<string, Channel>();
let loaded = $state(false);
const refreshing = new Map<string, ReturnType<typeof setTimeout>>();

export const channels = {
  get loaded(): boolean {
    return loaded;
  },
  get all(): Channel[] {
    return [...byId.values()];
  },
  get joined(): Channel[] {
    return [...byId.values()].filter((channel) => channel.member && !channel.archived);
  },
  find(id: string): Channel | undefined {
    return byId.get(id);
  },
  async load(): Promise<Channel[]> {
    const { items } = await api.get<Page<Channel>>('/api/channels');
    const known = new Set(items.map((channel) => channel.id));
    for (const id of byId.keys()) if (!known.has(id)) byId.delete(id);
    items.forEach(answered);
    loaded = true;
    return items;
  },
  put(channel: Channel): void {
    byId.set(channel.id, channel);
  },
  /** Asks for one channel again; it disappears when it may no longer be known. */
  async refresh(id: string): Promise<Channel | null> {
    try {
      const channel = await api.get<Channel>(`/api/channels/${id}`);
      answered(channel);
      return channel;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
      byId.delete(id);
      return null;
    }
  },
  /** The same, but once for many reasons that come together. */
  refreshSoon(id: string): void {
    clearTimeout(refreshing.get(id));
    refreshing.set(
      id,
      setTimeout(() => void channels.refresh(id).catch(() => {}), 300),
    );
  },
  received(message: Message, reader: string): void {
    const channel = byId.get(message.channel);
    if (channel) byId.set(channel.id, channelAfter(channel, message, reader));
    // One came to belong to it without a word of it: while the line was broken.
    else channels.refreshSoon(message.channel);
  },
  /** A read mark was set; `seq` is null when it was that of a topic. */
  marked(id: string, mark: { seq: number | null; unread: number; mentions: number }): void {
    const channel = byId.get(id);
    if (!channel) return;
    const { unread, mentions } = mark;
    byId.set(id, { ...channel, read_seq: mark.seq ?? channel.read_seq, unread, mentions });
  },
  clear(): void {
    byId.clear();
    loaded = false;
  },
};

/** Takes over what the server says of a channel. */
function answered(channel: Channel): void {
  const before = byId.get(channel.id)?.head_seq ?? 0;
  byId.set(channel.id, channel);
  // A message overtook the answer, whose counts are old: ask once more.
  if (before > channel.head_seq) channels.refreshSoon(channel.id);
}

/** What a channel is called for the reader: a direct one by the people in it. */
export function channelName(channel: Channel | null | undefined): string {
  if (!channel) return '';
  if (channel.kind === 'direct') return channel.with.map((person) => person.name).join(', ');
  if (channel.purpose === 'country' && channel.country) return countryName(channel.country);
  return localName(channel.name);
}
