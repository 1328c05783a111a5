import { expect, it } from 'vitest';
import { Handling } from './handling.svelte';
import type { CaseEntry } from './types';

it('wishes for words with an H3 alone', () => {
  const handling = new Handling({ handling: ['h1', 'h3'], restriction: 'Not by telephone' } as CaseEntry);
  expect(handling.wish).toEqual({ handling: ['h1', 'h3'], restriction: 'Not by telephone' });
  handling.restriction = ' ';
  expect(handling.unsaid).toBe(true);
  handling.codes = ['h1'];
  expect(handling.unsaid).toBe(false);
  expect(handling.wish).toEqual({ handling: ['h1'] });
  handling.take();
  expect(handling.wish).toEqual({ handling: [] });
});
