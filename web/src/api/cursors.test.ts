import { describe, expect, it } from 'vitest';
import { afterClose } from './backoff';
import { channelAfter, topicAfter } from './counting';
import { Cursors } from './cursors';
import type { Channel, Message, Topic } from './types';

const message = (change: Partial<Message> = {}) =>
  ({ id: 'm', channel: 'c', topic: 't', seq: 5, changed_seq: 5, author: 'ion', mentions: [], deleted: false, posted_at: 'later', ...change }) as Message;
const channel = (change: Partial<Channel> = {}) =>
  ({ id: 'c', head_seq: 4, read_seq: 4, unread: 0, mentions: 0, last_at: null, ...change }) as Channel;
const topic = (change: Partial<Topic> = {}) =>
  ({ id: 't', last_seq: 4, messages: 1, unread: 0, mentions: 0, last_at: null, ...change }) as Topic;

describe('cursors', () => {
  it('note each change once and only go up', () => {
    const cursors = new Cursors();
    cursors.startAt('c', 4);
    expect(cursors.saw('c', 5)).toBe(true);
    expect(cursors.saw('c', 5)).toBe(false);
    expect(cursors.saw('c', 3)).toBe(false);
    expect(cursors.all()).toEqual({ c: 5 });
  });

  it('never go back to where a list said the channel was', () => {
    const cursors = new Cursors();
    cursors.saw('c', 9);
    cursors.startAt('c', 7);
    expect(cursors.all()).toEqual({ c: 9 });
  });

  it('settle after a break: new channels start, lost ones end, those under way stay where they are', () => {
    const cursors = new Cursors();
    cursors.saw('mine', 5);
    cursors.saw('lost', 8);
    cursors.saw('vanished', 3);
    cursors.settle([
      { id: 'mine', member: true, head_seq: 6 },
      { id: 'lost', member: false, head_seq: 9 },
      { id: 'new', member: true, head_seq: 2 },
    ]);
    expect(cursors.all()).toEqual({ mine: 5, new: 2 });
  });

  it('begin anew below what they had seen, after a server that came back from a backup', () => {
    const cursors = new Cursors();
    cursors.startAt('c', 100);
    cursors.restart('c');
    expect(cursors.all()).toEqual({ c: 0 });
    expect(cursors.saw('c', 41)).toBe(true);
    cursors.startAt('c', 40);
    expect(cursors.all()).toEqual({ c: 41 });
    expect(cursors.saw('c', 41)).toBe(false);
  });

  it('forget a channel that was left', () => {
    const cursors = new Cursors();
    cursors.saw('c', 5);
    cursors.forget('c');
    expect(cursors.all()).toEqual({});
  });
});

describe('counting', () => {
  it('counts a new message of somebody else', () => {
    expect(channelAfter(channel(), message(), 'ana')).toMatchObject({ unread: 1, mentions: 0, head_seq: 5, last_at: 'later' });
    expect(topicAfter(topic(), message(), 'ana')).toMatchObject({ unread: 1, messages: 2, last_seq: 5 });
  });

  it('does not count again what the list of channels counted already', () => {
    expect(channelAfter(channel({ head_seq: 5, unread: 1 }), message(), 'ana').unread).toBe(1);
  });

  it('counts mentions of the reader', () => {
    expect(channelAfter(channel(), message({ mentions: ['ana'] }), 'ana')).toMatchObject({ unread: 1, mentions: 1 });
  });

  it("counts neither one's own messages, nor edits, nor what was read elsewhere", () => {
    expect(channelAfter(channel(), message({ author: 'ana' }), 'ana').unread).toBe(0);
    expect(channelAfter(channel(), message({ seq: 2 }), 'ana')).toMatchObject({ unread: 0, head_seq: 5 });
    expect(channelAfter(channel({ read_seq: 9 }), message(), 'ana').unread).toBe(0);
  });

  it('stops at a hundred, as the server does', () => {
    expect(channelAfter(channel({ unread: 100 }), message(), 'ana').unread).toBe(100);
  });
});

describe('after the connection closed', () => {
  it('comes back within five seconds from a restart', () => {
    expect(afterClose(1012, 0, () => 0)).toEqual({ kind: 'retry', delay: 500 });
    expect(afterClose(1012, 9, () => 1)).toEqual({ kind: 'retry', delay: 5000 });
  });

  it('waits longer each time, half of it by chance, thirty seconds at most', () => {
    expect(afterClose(1006, 0, () => 0)).toEqual({ kind: 'retry', delay: 500 });
    expect(afterClose(1006, 0, () => 1)).toEqual({ kind: 'retry', delay: 1000 });
    expect(afterClose(1006, 3, () => 1)).toEqual({ kind: 'retry', delay: 8000 });
    expect(afterClose(1006, 50, () => 1)).toEqual({ kind: 'retry', delay: 30_000 });
  });

  it('goes to sign-in when the session ended, and stays away when there are too many windows', () => {
    expect(afterClose(4401, 0).kind).toBe('signed-out');
    expect(afterClose(4403, 0).kind).toBe('signed-out');
    expect(afterClose(4409, 0).kind).toBe('stay-away');
    expect(afterClose(4408, 0).kind).toBe('retry');
  });
});
