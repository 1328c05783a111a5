import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Topic } from './types';

const line = vi.hoisted(() => ({ page: { items: [] as unknown[], next: null as string | null } }));
vi.mock('./client', () => ({ api: { get: async () => line.page } }));
const { topics } = await import('./topics.svelte');

const topic = (id: string, minute: number, channel = 'c') =>
  ({ id, channel, title: id, last_seq: minute, last_at: `2026-11-24T10:0${minute}:00Z`, unread: 0, mentions: 0 }) as Topic;
const ids = (channel = 'c') => topics.of(channel).map(({ id }) => id);

describe('the topics of a channel', () => {
  beforeEach(async () => {
    topics.clear();
    line.page = { items: [topic('new', 9), topic('moved', 8), topic('old', 1)], next: null };
    await topics.load('c');
  });

  it('renewed, lose what has gone and keep what lies behind the page', async () => {
    line.page = { items: [topic('newer', 9), topic('new', 7)], next: 'more' };
    await topics.renew('c');
    expect(ids()).toEqual(['newer', 'new', 'old']);
    expect(topics.hasMore('c')).toBe(true);
  });

  it('renewed as a whole, are those of the answer', async () => {
    line.page = { items: [topic('new', 9)], next: null };
    await topics.renew('c');
    expect(ids()).toEqual(['new']);
  });

  it('of a channel one no longer belongs to are forgotten', async () => {
    line.page = { items: [topic('other', 3, 'd')], next: null };
    await topics.load('d');
    topics.keep((channel) => channel === 'd');
    expect([ids(), topics.isLoaded('c'), ids('d')]).toEqual([[], false, ['other']]);
  });
});
