import { expect, test } from 'vitest';
import { addressOf, chosen, questionOf, readFilters } from './filters';

test('an address carries what is chosen and nothing else', () => {
  const filters = readFilters(new URLSearchParams('q=school&country=AL&level=2&view=mine&sort=level&weather=fine'));
  expect(filters).toMatchObject({ q: 'school', country: 'AL', level: '2', view: 'mine', sort: 'level', theme: '' });
  expect(addressOf(filters)).toBe('/library?view=mine&q=school&sort=level&country=AL&level=2');
  expect(chosen(filters)).toBe(2);
  expect(questionOf(filters)).toMatchObject({ country: 'AL', theme: '', view: 'mine' });
});

test('what is no view and no order is the library, newest first', () => {
  const filters = readFilters(new URLSearchParams('view=everything&sort=random'));
  expect(filters).toMatchObject({ view: 'library', sort: '' });
  expect(addressOf(filters)).toBe('/library');
});
