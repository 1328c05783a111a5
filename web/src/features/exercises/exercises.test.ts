import { expect, test } from 'vitest';
import type { Me } from '../../api/types';
import { placesOf } from './exercises';

const me = (...scopes: [string, string][]) => ({ roles: scopes.map(([role, scope]) => ({ role, scope })) }) as unknown as Me;

test('who moderates a scope may start an exercise for it', () => {
  expect(placesOf(me(['moderator', 'region']))).toEqual([{ country: null, theme: null }]);
  expect(placesOf(me(['moderator', 'country:RO'], ['moderator', 'theme:forced-begging']))).toEqual([
    { country: 'RO', theme: null },
    { country: null, theme: 'forced-begging' },
  ]);
  expect(placesOf(me(['administrator', 'region'], ['moderator', 'channel:1'], ['editor', 'region']))).toEqual([]);
  expect(placesOf(null)).toEqual([]);
});
