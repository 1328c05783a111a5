import { afterEach, expect, it, vi } from 'vitest';
import { fetchAgain, fetchAhead } from './chunks';

afterEach(() => void vi.unstubAllGlobals());

it('fetches ahead one piece after another, and stops when the line is gone or nobody waits any more', async () => {
  const fetched: string[] = [];
  const piece = (name: string, fails = false) => async () => {
    fetched.push(name);
    if (fails) throw new Error('offline');
  };
  await fetchAhead([piece('a'), piece('b', true), piece('c')], () => false);
  expect(fetched).toEqual(['a', 'b']);
  await fetchAhead([piece('d'), piece('e')], () => fetched.includes('d'));
  expect(fetched).toEqual(['a', 'b', 'd']);
});

it('takes a style sheet that failed out of the way of the next attempt', async () => {
  const links = [{ sheet: {}, remove: vi.fn() }, { sheet: null, remove: vi.fn() }];
  vi.stubGlobal('document', { querySelectorAll: () => links });
  expect(await fetchAgain(async () => 'page')).toBe('page');
  expect(links.map(({ remove }) => remove.mock.calls.length)).toEqual([0, 1]);
});
