import { expect, test } from 'vitest';
import { chosen, daysFor, isStricter, MARKINGS, signs, signsOf, tlpMeaning } from './labels';

const plain = { handling: [], act: 'ask' as const, grading: null, restriction: null };

test('what goes without saying is not shown', () => {
  expect(signs(plain)).toEqual([]);
  const labels = signs({ handling: ['h1', 'h3'], act: 'quiet', grading: 'B2', restriction: 'Not by telephone' });
  expect(labels.map(({ label }) => label)).toEqual(['H1', 'H3', 'ACT:QUIET', 'B2']);
  expect(labels[1]!.meaning).toBe('Not by telephone');
});

test('every marking has a meaning of its own', () => {
  expect(new Set(MARKINGS.map(tlpMeaning)).size).toBe(5);
  expect(isStricter('red', 'amber+strict') && !isStricter('green', 'green') && !isStricter('clear', 'green')).toBe(true);
});

test('messages are labelled alike or not', () => {
  expect(signsOf(plain)).toBe(signsOf({ ...plain }));
  expect(signsOf(plain)).not.toBe(signsOf({ ...plain, act: 'none' }));
  expect(chosen({ marking: 'red', handling: ['h2'], act: 'quiet' })).toBe(2);
  expect(chosen({ marking: null, warning: 'death' })).toBe(1);
});

test('nothing is kept for longer than by its channel, and RED for 90 days at most', () => {
  expect(daysFor('green', null)).toEqual([1, 7, 30, 90, 365]);
  expect(daysFor('red', null)).toEqual([1, 7, 30, 90]);
  expect(daysFor('red', 3650)).toEqual([1, 7, 30, 90]);
  expect(daysFor('amber', 30)).toEqual([1, 7, 30]);
  expect(daysFor('amber', 5)).toEqual([1]);
});
