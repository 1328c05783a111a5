/** Topics of the channels that were opened, latest activity first. */
import { SvelteMap } from 'svelte/reactivity';
import { api } from './client';
import { topicAfter } from './counting';
import type { Message, Page, Topic } from './types';

const byId = new SvelteMap<string, Topic>();
const lists = new SvelteMap<string, { next: string | null }>();
const asked = new Set<string>();
/** The list on its way, if any: what it brings needn't be asked for one by one. */
let list: Promise<unknown> = Promise.resolve();

export const topics = {
  find(id: string | null | undefined): Topic | undefined {
    return id ? byId.get(id) : undefined;
  },
  of(channel: string): Topic[] {
    return [...byId.values()]
      .filter((topic) => topic.channel === channel)
      .sort((one, other) => other.last_seq - one.last_seq);
  },
  isLoaded(channel: string): boolean {
    return lists.has(channel);
  },
  hasMore(channel: string): boolean {
    return Boolean(lists.get(channel)?.next);
  },
  /** The first page again, or the next one with `more`. */
  async load(channel: string, more = false): Promise<void> {
    const cursor = more ? lists.get(channel)?.next : null;
    const asking = api.get<Page<Topic>>(`/api/channels/${channel}/topics`, { query: { cursor } });
    list = asking.catch(() => {});
    const page = await asking;
    for (const topic of page.items) byId.set(topic.id, topic);
    lists.set(channel, { next: page.next });
  },
  /** The channels whose topics were loaded. */
  loaded(): string[] {
    return [...lists.keys()];
  },
  /** The first page again, in place of all that was loaded: something changed unheard. */
  async renew(channel: string): Promise<void> {
    const page = await api.get<Page<Topic>>(`/api/channels/${channel}/topics`);
    const newest = new Set(page.items.map((topic) => topic.id));
    const reach = page.next === null ? '' : (page.items.at(-1)?.last_at ?? '');
    for (const topic of topics.of(channel)) {
      // What lies behind the page may be as it was; what should be on it and isn't has gone.
      if (!newest.has(topic.id) && (topic.last_at ?? '') >= reach) byId.delete(topic.id);
    }
    for (const topic of page.items) byId.set(topic.id, topic);
    lists.set(channel, { next: page.next });
  },
  async fetch(id: string): Promise<Topic> {
    const topic = await api.get<Topic>(`/api/topics/${id}`);
    byId.set(id, topic);
    return topic;
  },
  /** Topics by a part of their title, or by whether they are settled: also those that no page has brought yet. */
  async seek(channel: string, wish: { q?: string; resolved?: boolean }): Promise<void> {
    const page = await api.get<Page<Topic>>(`/api/channels/${channel}/topics`, { query: { ...wish, limit: 100 } });
    for (const topic of page.items) byId.set(topic.id, topic);
  },
  put(topic: Topic): void {
    byId.set(topic.id, topic);
  },
  /** Messages mention topics by id only: fetches one that isn't known yet, once. */
  need(id: string): void {
    if (byId.has(id) || asked.has(id)) return;
    asked.add(id);
    void list
      .then(() => (byId.has(id) ? null : topics.fetch(id)))
      .catch(() => {})
      .then(() => asked.delete(id));
  },
  changed(topic: Omit<Topic, 'unread' | 'mentions'> & { gone?: boolean }): void {
    const before = byId.get(topic.id);
    if (topic.gone) {
      if (before?.channel === topic.channel) byId.delete(topic.id);
      return;
    }
    const { gone: _, ...rest } = topic;
    byId.set(topic.id, { ...rest, unread: before?.unread ?? 0, mentions: before?.mentions ?? 0 });
  },
  received(message: Message, reader: string): void {
    const topic = byId.get(message.topic);
    if (topic) byId.set(topic.id, topicAfter(topic, message, reader));
    else if (lists.has(message.channel)) topics.need(message.topic);
  },
  allRead(channel: string): void {
    for (const topic of byId.values()) {
      if (topic.channel === channel && topic.unread > 0) byId.set(topic.id, { ...topic, unread: 0, mentions: 0 });
    }
  },
  /** Forgets the topics of every other channel. */
  keep(wanted: (channel: string) => boolean): void {
    for (const topic of byId.values()) if (!wanted(topic.channel)) byId.delete(topic.id);
    for (const channel of lists.keys()) if (!wanted(channel)) lists.delete(channel);
  },
  clear(): void {
    byId.clear();
    lists.clear();
    asked.clear();
  },
};
