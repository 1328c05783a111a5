import { expect, it } from 'vitest';
import { covers } from './covers.svelte';

it('covers until somebody wants to read, one message at a time', () => {
  expect(covers.isShown('a')).toBe(false);
  covers.turn('a');
  expect([covers.isShown('a'), covers.isShown('b')]).toEqual([true, false]);
  covers.turn('a');
  expect(covers.isShown('a')).toBe(false);
});

it('shows all at once for who has chosen so, and still covers what they cover', () => {
  covers.turn('a');
  covers.atOnce = true;
  expect([covers.isShown('a'), covers.isShown('b')]).toEqual([true, true]);
  covers.turn('b');
  expect(covers.isShown('b')).toBe(false);
  covers.atOnce = false;
  expect([covers.isShown('a'), covers.isShown('b')]).toEqual([false, false]);
});
