import { expect, test } from 'vitest';
import { has, kindOf, plainWords, respelled, termsOf, toggled, toggledYear, withFewerWords, withoutOperators, yearOf } from './terms';

test('a query falls into words, phrases and operators', () => {
  const query = '  "forced begging" -campaign in:“the lobby” country:ro note: „просјачење деце“ is:unresolved ';
  expect(termsOf(query).map(({ operator, value }) => [operator, value])).toEqual([
    ['', 'forced begging'],
    ['', 'campaign'],
    ['in', 'the lobby'],
    ['country', 'ro'],
    ['', 'note:'],
    ['', 'просјачење деце'],
    ['is', 'unresolved'],
  ]);
  expect(termsOf('"not closed').map(({ value }) => value)).toEqual(['not closed']);
  expect(termsOf('- "" :')).toHaveLength(3);
  expect(termsOf('')).toEqual([]);
});

test('an operator is put in, and taken out again', () => {
  expect(toggled('begging', 'country', 'RO')).toBe('begging country:RO');
  expect(toggled('begging country:ro "in school"', 'country', 'RO')).toBe('begging "in school"');
  expect(toggled('begging country:RO', 'country', 'RS')).toBe('begging country:RO country:RS');
  expect(toggled('', 'theme', 'forced-begging')).toBe('theme:forced-begging');
});

test('one kind at a time', () => {
  expect(toggled('rad kind:topic', 'kind', 'person')).toBe('rad kind:person');
  expect(toggled('rad kind:topic', 'kind', 'topic')).toBe('rad');
  expect([kindOf('rad kind:Topic'), kindOf('rad')]).toEqual(['topic', '']);
});

test('Serbian, Bosnian, Croatian and Montenegrin are one', () => {
  expect(has('rad lang:sr', 'lang', 'bcms')).toBe(true);
  expect(toggled('rad lang:sr lang:bg', 'lang', 'bcms')).toBe('rad lang:bg');
  expect(has('rad lang:bg', 'lang', 'bcms')).toBe(false);
});

test('a year is two days', () => {
  expect(toggledYear('rad', '2026')).toBe('rad after:2026-01-01 before:2027-01-01');
  expect(yearOf('rad after:2026-01-01 before:2027-01-01')).toBe('2026');
  expect(toggledYear('rad after:2026-01-01 before:2027-01-01', '2026')).toBe('rad');
  expect(toggledYear('after:2025-03-01 rad', '2026')).toBe('rad after:2026-01-01 before:2027-01-01');
  expect(yearOf('rad after:2026-01-01')).toBe('');
  expect(yearOf('rad after:2026-01-01 before:2026-06-01')).toBe('');
});

test('what helps when nothing was found', () => {
  const query = 'forced begging -campaign school country:RO is:unresolved';
  expect(withoutOperators(query)).toBe('forced begging -campaign school');
  expect(plainWords('"forced begging" -campaign country:RO')).toBe('forced begging');
  expect(withFewerWords(query)).toBe('forced begging country:RO is:unresolved');
  expect(withFewerWords('trgovina ljudima')).toBe('trgovina');
  expect(withFewerWords('trgovina country:RO')).toBe('');
  expect(respelled('zrtva Trgovinee $1', 'trgovinee', '$&')).toBe('zrtva $& $1');
  expect(respelled('Просјачење у Школии', 'skolii', 'школи')).toBe('Просјачење у школи');
  expect(respelled('"žrtve trgoviine" in:trgoviine', 'trgoviine', 'trgovine')).toBe('"žrtve trgovine" in:trgoviine');
  expect(respelled('art', 'ar', 'or')).toBe('art');
});
