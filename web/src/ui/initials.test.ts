import { expect, test } from 'vitest';
import { colourOf, initialsOf } from './initials';

test('initials are taken from the first and the last word, in any script', () => {
  expect(initialsOf('Ana Popescu')).toBe('AP');
  expect(initialsOf('Радостина Белокамова')).toBe('РБ');
  expect(initialsOf('Λυδία')).toBe('Λ');
  expect(initialsOf('Ђорђе (Дом) Петровић-Савић')).toBe('ЂП');
  expect(initialsOf('  ')).toBe('?');
});

test('a person keeps their colour', () => {
  const id = '01932b1e-0000-7000-8000-000000000001';
  expect(colourOf(id)).toBe(colourOf(id));
  const seen = new Set(Array.from({ length: 200 }, (_, index) => colourOf(`person-${index}`)));
  expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
