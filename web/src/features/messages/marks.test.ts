import { expect, it } from 'vitest';
import type { Finding } from '../../base/guard';
import { carried, markAt, neighbour, numbered, type Marked } from './marks';

const finding = (text: string, word: string): Finding => {
  const start = text.indexOf(word);
  return { kind: 'jmbg', countries: [], severity: 'block', start, end: start + word.length, offer: null };
};
const marked = (text: string, ...words: string[]): Marked => ({
  text,
  marks: numbered(words.map((word) => finding(text, word)), [], 0),
});
const words = ({ text, marks }: Marked) => marks.map((mark) => text.slice(mark.start, mark.end));

it('carries marks along with what is written before and behind them', () => {
  const before = marked('ask 111 and 222 now', '111', '222');
  expect(words(carried(before, 'please ask 111 and 222 now'))).toEqual(['111', '222']);
  expect(words(carried(before, 'ask 111 and perhaps 222 now'))).toEqual(['111', '222']);
  expect(words(carried(before, 'ask 111 and 222 now, or later'))).toEqual(['111', '222']);
  expect(words(carried(before, '222 now'))).toEqual(['222']);
  expect(carried(before, 'so ask 111 and 222 now').marks.map((mark) => mark.id)).toEqual([0, 1]);
});

it('never marks a word that nobody has read', () => {
  const before = marked('ask 111 and 222 now', '111', '222');
  expect(words(carried(before, 'ask 1x1 and 222 now')), 'changed inside').toEqual(['222']);
  expect(words(carried(before, 'ask 1115 and 222 now')), 'grown at its end').toEqual(['222']);
  expect(words(carried(before, 'ask 111 and ж222 now')), 'grown at its beginning').toEqual(['111']);
  expect(words(carried(before, 'ask 111, and 222 now'))).toEqual(['111', '222']);
  expect(words(carried(before, 'ask  222 now')), 'partly gone').toEqual(['222']);
  expect(words(carried(before, ''))).toEqual([]);
  // The same sign again before and behind: wherever the change is seen, each mark is on its own word.
  expect(words(carried(marked('aa 1 aa', '1'), 'aaa 1 aa'))).toEqual(['1']);
  expect(words(carried(marked('1 1', '1'), '1 1 1'))).toEqual(['1']);
});

it('keeps the number of what stands where it stood', () => {
  const { text, marks } = marked('ask 111 and 222 now', '111', '222');
  const again = numbered([finding(text, '222'), finding(text, 'now')], marks, 7);
  expect(again.map((mark) => mark.id)).toEqual([1, 7]);
});

it('finds the mark at the caret and its neighbours', () => {
  const { marks } = marked('ask 111 and 222 now', '111', '222');
  const word = (mark: { start: number } | null) => mark?.start ?? null;
  expect([markAt(marks, 4, 4), markAt(marks, 7, 7), markAt(marks, 5, 6), markAt(marks, 8, 8), markAt(marks, 4, 14)].map(word)).toEqual([4, 4, 4, null, null]);
  expect(word(neighbour(marks, 0, 0, false))).toBe(4);
  expect(word(neighbour(marks, 4, 7, false))).toBe(12);
  expect(word(neighbour(marks, 12, 15, false)), 'around the end').toBe(4);
  expect(word(neighbour(marks, 12, 15, true))).toBe(4);
  expect(word(neighbour(marks, 4, 7, true)), 'around the beginning').toBe(12);
  expect(neighbour([], 0, 0, false)).toBeNull();
});
