import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channel, Me, ServerFrame, Topic } from './types';

/** The server as the page sees it: its lists by address, what was asked, and the frames it sends. */
const server = vi.hoisted(() => ({
  channels: [] as unknown[],
  topics: [] as unknown[],
  asked: [] as string[],
  onFrame: (_: unknown) => {},
}));
vi.mock('./client', () => ({
  Problem: class Problem extends Error {},
  whenSignedOut: () => {},
  api: {
    get: async (path: string) => {
      if (path === '/api/me/moderation') return { held: [], mutes: [], warnings: [], helpers: [] };
      server.asked.push(path);
      if (path === '/api/region') return { countries: [], themes: [], functions: [] };
      if (path === '/api/channels') return { items: server.channels, next: null };
      if (path.endsWith('/topics')) return { items: server.topics, next: null };
      return server.channels.find((each) => path.endsWith((each as Channel).id));
    },
  },
}));
vi.mock('./socket.svelte', () => ({
  Socket: class {
    state = 'live';
    broken = false;
    constructor(readonly options: { cursors: () => Record<string, number>; onFrame: (frame: unknown) => void }) {
      server.onFrame = options.onFrame;
      cursors = options.cursors;
      breakLine = () => (this.broken = true);
    }
    start() {}
    stop() {}
    send = () => true;
    restart() {}
  },
}));
let breakLine = () => {};
let cursors: () => Record<string, number> = () => ({});
vi.stubGlobal('localStorage', {});

const { channels } = await import('./channels.svelte');
const { session } = await import('./session.svelte');
const { sync } = await import('./sync.svelte');
const { topics } = await import('./topics.svelte');

const channel = (id: string, change: Partial<Channel> = {}) =>
  ({ id, member: true, archived: false, head_seq: 4, read_seq: 4, unread: 0, mentions: 0, can: { read: true }, ...change }) as Channel;
const hear = (frame: unknown) => server.onFrame(frame as ServerFrame);
const says = (id: string, seq: number) =>
  hear({ type: 'message', message: { id: `${id}${seq}`, channel: id, topic: 't', seq, changed_seq: seq, author: 'ion', mentions: [], deleted: false } });
const settled = () => vi.advanceTimersByTimeAsync(1000);

describe('after a break of the line', () => {
  beforeEach(async () => {
    vi.useFakeTimers({ now: new Date('2026-11-24T10:00:00Z') });
    server.channels = [channel('mine'), channel('closed')];
    server.topics = [{ id: 't', channel: 'closed', last_seq: 4, last_at: '' } as Topic];
    session.enter({ id: 'ana', roles: [] as Me['roles'], factor: { asleep: false } } as Me);
    await sync.start('ana');
    await topics.load('closed');
    server.asked = [];
    return () => {
      sync.stop();
      vi.useRealTimers();
    };
  });

  it('one knows the channels that one was put into or out of meanwhile', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    server.channels = [channel('mine'), channel('closed', { member: false, can: { ...channel('').can, read: false } }), channel('direct', { unread: 1 })];
    hear({ type: 'live' });
    await settled();
    expect(channels.joined.map(({ id }) => id)).toEqual(['mine', 'direct']);
    expect(cursors()).toEqual({ mine: 4, direct: 4 });
    expect(topics.of('closed')).toEqual([]);
  });

  it('the list just loaded is not asked for again, but after every break it is', async () => {
    hear({ type: 'live' });
    await settled();
    expect(server.asked).toEqual([]);
    breakLine();
    hear({ type: 'live' });
    await settled();
    expect(server.asked).toEqual(['/api/channels']);
  });

  it('what the list counted is not counted again when it comes over the line', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    server.channels = [channel('mine', { head_seq: 6, unread: 2 }), channel('closed')];
    hear({ type: 'live' });
    await settled();
    says('mine', 5);
    says('mine', 6);
    says('mine', 7);
    expect(channels.find('mine')?.unread).toBe(3);
    expect(cursors().mine).toBe(7);
  });

  it('a channel nobody told of appears with its first message', async () => {
    server.channels = [...server.channels, channel('direct', { unread: 1 })];
    says('direct', 4);
    await settled();
    expect(channels.find('direct')?.unread).toBe(1);
  });

  it('a resync loads the topics too, and goes on from there', async () => {
    server.channels = [channel('mine'), channel('closed', { head_seq: 900 })];
    server.topics = [{ id: 'u', channel: 'closed', last_seq: 900, last_at: '' } as Topic];
    hear({ type: 'resync', channel: 'closed' });
    await settled();
    expect(topics.of('closed').map(({ id }) => id)).toEqual(['u']);
    expect(cursors()).toEqual({ mine: 4, closed: 900 });
    server.asked = [];
    hear({ type: 'resync', channel: null });
    await settled();
    expect(server.asked).toEqual(['/api/channels', '/api/channels/closed/topics']);
  });
});
