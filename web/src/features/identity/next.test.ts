import { expect, test } from 'vitest';
import { placeAfter } from './next';

const origin = 'https://egida.example';

test('a place within the site is kept, with its query', () => {
  expect(placeAfter('/search?q=training', origin)).toBe('/search?q=training');
  expect(placeAfter('/m/1#x', origin)).toBe('/m/1#x');
});

test('nobody is sent elsewhere', () => {
  for (const wish of [null, '', 'https://evil.example/', '//evil.example/x', '/\\evil.example', 'javascript:alert(1)', '/sign-in', '/join#t', 'http://'])
    expect(placeAfter(wish, origin), String(wish)).toBe('/');
});
