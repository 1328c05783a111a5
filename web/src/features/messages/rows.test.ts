import { describe, expect, it } from 'vitest';
import type { Message } from '../../api/types';
import { firstOfUnread, newLineAfter, type Row, rowsOf } from './rows';

const message = (seq: number, time: string, change: Partial<Message> = {}) =>
  ({ id: `m${seq}`, seq, topic: 't', author: 'ana', marking: 'green', posted_at: time, deleted: false, quote: null, ...change }) as Message;
const shape = (rows: Row[]) => rows.map((row) => (row.kind === 'message' ? `${row.head ? 'head' : 'rest'} ${row.message.seq}` : row.kind));
const plain = { firstUnread: null, showTopics: false };

describe('the lines of the list', () => {
  it('groups what one person says within five minutes', () => {
    const rows = rowsOf(
      [
        message(1, '2026-11-24T10:00:00'),
        message(2, '2026-11-24T10:04:00'),
        message(3, '2026-11-24T10:10:00'),
        message(4, '2026-11-24T10:11:00', { author: 'ion' }),
      ],
      plain,
    );
    expect(shape(rows)).toEqual(['day', 'head 1', 'rest 2', 'head 3', 'head 4']);
  });

  it('draws a line for each day', () => {
    const rows = rowsOf([message(1, '2026-11-23T23:59:00'), message(2, '2026-11-24T00:01:00')], plain);
    expect(shape(rows)).toEqual(['day', 'head 1', 'day', 'head 2']);
  });

  it('marks the first unread once, even when that very message is gone', () => {
    const rows = rowsOf(
      [message(1, '2026-11-24T10:00:00'), message(4, '2026-11-24T10:01:00'), message(5, '2026-11-24T10:02:00')],
      { firstUnread: 3, showTopics: false },
    );
    expect(shape(rows)).toEqual(['day', 'head 1', 'unread', 'head 4', 'rest 5']);
  });

  it('says where the topic changes in the stream of all topics', () => {
    const rows = rowsOf(
      [message(1, '2026-11-24T10:00:00'), message(2, '2026-11-24T10:01:00', { topic: 'u' })],
      { firstUnread: null, showTopics: true },
    );
    expect(shape(rows)).toEqual(['day', 'topic', 'head 1', 'topic', 'head 2']);
  });

  it('gives every line a key of its own', () => {
    const rows = rowsOf(
      [1, 2, 3].map((seq) => message(seq, `2026-11-2${seq}T10:00:00`, { topic: `${seq % 2}` })),
      { firstUnread: 2, showTopics: true },
    );
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
});

describe('the first of so many unread', () => {
  const list = [1, 2, 3, 4].map((seq) => message(seq, '2026-11-24T10:00:00', { author: seq === 3 ? 'me' : 'ana' }));

  it("counts back over other people's messages", () => {
    expect(firstOfUnread(list, 2, 'me')).toBe(2);
    expect(firstOfUnread(list, 0, 'me')).toBeNull();
  });

  it('is the first one there when not all are', () => {
    expect(firstOfUnread(list, 50, 'me')).toBe(1);
  });
});

describe('the line "new" when a message comes unseen', () => {
  const list = [1, 2, 3, 4].map((seq) => message(seq, '2026-11-24T10:00:00'));

  it('stands before it when all else was seen', () => {
    expect(newLineAfter(null, 4, 3, list)).toBe(4);
    expect(newLineAfter(2, 4, 3, list)).toBe(4);
    expect(newLineAfter(null, 5, 4, list)).toBe(5);
  });

  it('stands before what was left unseen', () => {
    expect(newLineAfter(2, 4, 2, list)).toBe(2);
    expect(newLineAfter(null, 4, 2, list)).toBe(3);
  });

  it('stands before it when the page was never looked at and nothing was unread', () => {
    expect(newLineAfter(null, 4, 0, list)).toBe(4);
  });
});
