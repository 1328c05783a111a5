import { expect, test } from 'vitest';
import type { Practice } from '../../api/types';
import { adapted, blank, linesOf, listOf, progress } from './content';

test('a list is typed a line each', () => {
  expect(listOf(' one \n\n two ')).toEqual(['one', 'two']);
  expect(listOf(linesOf(['one', 'two']))).toEqual(['one', 'two']);
});

test('progress counts the fields that say something', () => {
  const content = { ...blank('en'), problem: 'Children miss school' };
  expect(progress(content, 'why')).toEqual({ filled: 1, of: 2 });
  expect(progress(content, 'what')).toEqual({ filled: 0, of: 7 });
});

test('an adaptation takes over the method and none of the results', () => {
  const content = { ...blank('sq'), title: 'A club', theory: 'because', results: '29 of 43', countries: ['AL'], materials: [] };
  const child = adapted({ content } as unknown as Practice, 'BG', 'bg');
  expect(child).toMatchObject({ theory: 'because', results: '', limits: '', countries: ['BG'], language: 'bg', sources: ['A club'] });
  expect(child.adaptation).toEqual({ kept: '', changed: '', dropped: '', why: '', result: '' });
  expect(content.countries).toEqual(['AL']);
});
