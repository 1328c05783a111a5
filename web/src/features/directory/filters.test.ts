import { expect, it } from 'vitest';
import { addressOf, chosen, readFilters } from './filters';

it('reads back what it wrote', () => {
  const filters = { q: 'ana & co', country: 'RO', topic: 'shelter', theme: '', function: '', language: 'ro' };
  const address = addressOf(filters);
  expect(address).toBe('/directory?q=ana+%26+co&country=RO&topic=shelter&language=ro');
  expect(readFilters(new URL(address, 'http://localhost').searchParams)).toEqual(filters);
  expect(chosen(filters)).toBe(3);
});

it('leaves out what is empty', () => {
  expect(addressOf({ q: '  ' })).toBe('/directory');
  expect(chosen(readFilters(new URLSearchParams('q=ana')))).toBe(0);
});
