import { describe, expect, it } from 'vitest';
import type { Message } from '../../api/types';
import { merge, type Stretch, WINDOW, withChange, withNewer, withOlder } from './window';

const message = (seq: number, change: Partial<Message> = {}) =>
  ({ id: `m${seq}`, seq, changed_seq: seq, topic: 't', ...change }) as Message;
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => message(from + n));
const stretch = (messages: Message[], hasBefore = false, hasAfter = false): Stretch => ({ messages, hasBefore, hasAfter });
const seqs = (of: Stretch) => of.messages.map(({ seq }) => seq);

describe('the window of messages', () => {
  it('puts pages together, each message once, in its latest form', () => {
    const edited = message(2, { changed_seq: 9, body: 'new' });
    expect(merge([message(1), edited], [message(2), message(3)])).toEqual([message(1), edited, message(3)]);
  });

  it('grows towards the past and lets go of the present', () => {
    const grown = withOlder(stretch(run(51, 50 + WINDOW)), run(1, 50), false);
    expect(grown.messages).toHaveLength(WINDOW);
    expect(grown.messages[0]?.seq).toBe(1);
    expect(grown).toMatchObject({ hasBefore: false, hasAfter: true });
  });

  it('grows towards the present and lets go of the past', () => {
    const grown = withNewer(stretch(run(1, WINDOW)), run(WINDOW + 1, WINDOW + 10), false);
    expect(grown.messages).toHaveLength(WINDOW);
    expect(grown.messages.at(-1)?.seq).toBe(WINDOW + 10);
    expect(grown).toMatchObject({ hasBefore: true, hasAfter: false });
  });

  it('takes a new message at the end, but leaves no hole', () => {
    expect(seqs(withChange(stretch([message(1)]), message(2), null))).toEqual([1, 2]);
    expect(seqs(withChange(stretch([message(1)], false, true), message(9), null))).toEqual([1]);
    expect(seqs(withChange(stretch([message(5)], true), message(2), null))).toEqual([5]);
  });

  it('replaces a message by its newer form only', () => {
    const before = stretch([message(1, { changed_seq: 4, body: 'b' })]);
    expect(withChange(before, message(1, { changed_seq: 3, body: 'a' }), null).messages[0]?.body).toBe('b');
    expect(withChange(before, message(1, { changed_seq: 5, body: 'c' }), null).messages[0]?.body).toBe('c');
  });

  it('holds one topic when one is open: what is moved away leaves, what is moved in comes to its place', () => {
    const before = stretch([message(1), message(5)]);
    expect(seqs(withChange(before, message(5, { topic: 'u', changed_seq: 7 }), 't'))).toEqual([1]);
    expect(seqs(withChange(before, message(3, { changed_seq: 8 }), 't'))).toEqual([1, 3, 5]);
    expect(seqs(withChange(before, message(6, { topic: 'u' }), 't'))).toEqual([1, 5]);
  });
});
