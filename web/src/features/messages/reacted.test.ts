import { beforeAll, expect, test } from 'vitest';
import { names } from '../../api/names.svelte';
import { useLanguage } from '../../base/i18n.svelte';
import { NAMED, whoReacted } from './reacted';

beforeAll(async () => {
  await useLanguage('en');
  names.learn('a', 'Ana');
  names.learn('b', 'Bo');
});

test('whoever reacted is named, oneself first', () => {
  expect(whoReacted(['a', 'me', 'b'], 'me')).toBe('you, Ana and Bo');
  expect(whoReacted(['a'], 'me')).toBe('Ana');
});

test('who has no name yet is counted, and nobody named says nothing', () => {
  expect(whoReacted(['a', 'x', 'y'], 'me')).toBe('Ana and 2 others');
  expect(whoReacted(['x'], 'me')).toBe('');
});

test('a long list is cut, and nobody is lost in the count', () => {
  const many = Array.from({ length: 40 }, (_, n) => `p${n}`);
  many.forEach((id, n) => names.learn(id, `Person ${n}`));
  const text = whoReacted(many, 'me');
  expect(text).toContain(`Person ${NAMED - 1}`);
  expect(text).not.toContain(`Person ${NAMED},`);
  expect(text).toContain(`${40 - NAMED} others`);
});
