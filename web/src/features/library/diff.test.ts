import { expect, test } from 'vitest';
import { blank } from './content';
import { difference, differences } from './diff';

const shown = (before: string, after: string) =>
  difference(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'gone' ? `[-${text}-]` : `[+${text}+]`))
    .join('');

test('words that changed are told from those that stayed', () => {
  expect(shown('two schools in Elbasan', 'six schools in Elbasan')).toBe('[-two-][+six+] schools in Elbasan');
  expect(shown('a b c', 'a c')).toBe('a [-b -]c');
  expect(shown('a c', 'a b c')).toBe('a [+b +]c');
  expect(shown('same', 'same')).toBe('same');
  expect(shown('', 'new')).toBe('[+new+]');
  expect(shown('gone', '')).toBe('[-gone-]');
});

test('changes beside each other are read as one', () => {
  expect(shown('they met every week here', 'they saw each month here')).toBe('they [-met every week-][+saw each month+] here');
});

test('other alphabets have words, too', () => {
  expect(shown('деца в училище', 'деца в града')).toBe('деца в [-училище-][+града+]');
  expect(shown('παιδιά στο σχολείο', 'παιδιά στο σπίτι')).toBe('παιδιά στο [-σχολείο-][+σπίτι+]');
});

test('what is put together again is what was there', () => {
  const [one, other] = ['A b, c d. E f g!', 'A c, d b. F g e!'];
  const pieces = difference(one, other);
  const side = (but: string) => pieces.filter(({ kind }) => kind !== but).map(({ text }) => text).join('');
  expect([side('new'), side('gone')]).toEqual([one, other]);
});

test('long texts are compared in time', () => {
  const long = Array.from({ length: 5000 }, (_, at) => `word${at}`).join(' ');
  expect(difference(long, long.split(' ').reverse().join(' ')).length).toBeGreaterThan(1);
});

test('only fields that say something else are named', () => {
  const before = { ...blank('en'), title: 'A club', steps: ['one', 'two'] };
  const after = { ...before, steps: ['one', 'three'], countries: ['AL'] };
  expect(differences(before, after).map(({ field }) => field)).toEqual(['countries', 'steps']);
  expect(differences(before, before)).toEqual([]);
});
