import { expect, test } from 'vitest';
import { memoryStore } from '../../base/storage';
import { forgetSearches, recentSearches, rememberSearch } from './recent';

test('the latest search comes first, and only once', () => {
  const store = memoryStore();
  rememberSearch(store, 'ana', 'begging');
  rememberSearch(store, 'ana', ' training ');
  rememberSearch(store, 'ana', 'begging');
  expect(recentSearches(store, 'ana')).toEqual(['begging', 'training']);
  expect(recentSearches(store, 'ion')).toEqual([]);
});

test('eight are kept, blank ones never, and all are forgotten on leaving', () => {
  const store = memoryStore();
  for (let number = 0; number < 12; number += 1) rememberSearch(store, 'ana', `word ${number}`);
  rememberSearch(store, 'ana', '   ');
  expect(recentSearches(store, 'ana')).toHaveLength(8);
  expect(recentSearches(store, 'ana')[0]).toBe('word 11');
  forgetSearches(store, 'ana');
  expect(recentSearches(store, 'ana')).toEqual([]);
});

test('what others wrote into the storage does no harm', () => {
  const store = memoryStore();
  store.set('egida.recent-searches.ana', { broken: true });
  expect(recentSearches(store, 'ana')).toEqual([]);
  store.set('egida.recent-searches.ana', ['good', 7]);
  expect(recentSearches(store, 'ana')).toEqual(['good']);
});
