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

it('begins the page anew where a piece still fails though the server is there, once', async () => {
  const kept = new Map<string, string>();
  const reload = vi.fn();
  const fetched = vi.fn(async () => ({ ok: true }));
  vi.stubGlobal('document', { querySelectorAll: () => [] });
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text) });
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('fetch', fetched);
  const again = () => fetchAgain(() => Promise.reject(new Error('remembered')));
  fetched.mockRejectedValueOnce(new Error('offline'));
  await expect(again()).rejects.toThrow();
  expect(reload).not.toHaveBeenCalled();
  await expect(again()).rejects.toThrow();
  await expect(again()).rejects.toThrow();
  expect(reload).toHaveBeenCalledTimes(1);
});
