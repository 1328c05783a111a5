import { expect, test } from 'vitest';
import { matches } from './matching';

test('beginnings of words are found, whatever their case and accents', () => {
  expect(matches('Bosnia and Herzegovina', 'her bos')).toBe(true);
  expect(matches('Kosovo*', 'kosovo')).toBe(true);
  expect(matches('Élodie Šaćirbegić', 'sacir')).toBe(true);
  expect(matches('Радостина Белокамова', 'бело')).toBe(true);
  expect(matches('Λυδία Παπαδάκη', 'λυδια')).toBe(true);
  expect(matches('Romania', 'mania')).toBe(false);
  expect(matches('Romania', '')).toBe(true);
});
