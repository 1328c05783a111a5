import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { MOST, SavedSearches } from './saved.svelte';

const fetch = vi.fn<(url: URL, request: RequestInit) => Promise<Response>>();
const answers = (status: number, body: unknown = null) =>
  fetch.mockResolvedValueOnce(new Response(status === 204 ? null : JSON.stringify(body), { status }));
const kept = (id: string, query: string) => ({ id, name: query, query, alert: false, created_at: '2026-11-29T09:00:00Z', found_at: null as string | null });
const asked = () => {
  const [url, request] = fetch.mock.calls.at(-1)!;
  return [request.method, url.pathname, request.body && JSON.parse(String(request.body))];
};

beforeAll(() => {
  vi.stubGlobal('fetch', fetch);
  vi.stubGlobal('location', new URL('http://localhost/search'));
});
afterEach(() => fetch.mockReset());

test('a search is kept, named anew, told of and dropped', async () => {
  const saved = new SavedSearches();
  answers(200, { items: [kept('1', 'begging')] });
  await saved.load();
  answers(201, kept('2', 'training'));
  await saved.save({ name: 'Training', query: 'training', alert: true });
  expect(asked()).toEqual(['POST', '/api/search/saved', { name: 'Training', query: 'training', alert: true }]);
  expect(saved.items?.map((each) => each.id)).toEqual(['2', '1']);
  answers(204);
  await saved.change('1', { alert: true });
  expect(asked()).toEqual(['PATCH', '/api/search/saved/1', { alert: true }]);
  expect([saved.of('begging')?.alert, saved.of('beg')]).toEqual([true, undefined]);
  answers(204);
  await saved.remove('2');
  expect(asked().slice(0, 2)).toEqual(['DELETE', '/api/search/saved/2']);
  expect(saved.items?.map((each) => each.id)).toEqual(['1']);
});

test('what is new in it is new until it was looked at', async () => {
  const saved = new SavedSearches();
  answers(200, { items: [{ ...kept('1', 'begging'), found_at: '2026-11-29T10:00:00Z' }, kept('2', 'training')] });
  await saved.load();
  answers(204);
  await saved.see('1');
  expect(asked()).toEqual(['PATCH', '/api/search/saved/1', { seen: true }]);
  expect(saved.items?.map((each) => each.found_at)).toEqual([null, null]);
  await saved.see('2');
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('what the server refuses changes nothing here', async () => {
  const saved = new SavedSearches();
  answers(200, { items: [kept('1', 'begging')] });
  await saved.load();
  answers(400, { code: 'bad_query' });
  await expect(saved.save({ name: 'x', query: 'after:x', alert: false })).rejects.toThrow('bad_query');
  answers(404, { code: 'not_found' });
  await expect(saved.change('1', { name: 'New' })).rejects.toThrow('not_found');
  expect(saved.items).toEqual([kept('1', 'begging')]);
});

test('fifty are as many as there can be', async () => {
  const saved = new SavedSearches();
  expect(saved.full).toBe(false);
  answers(200, { items: Array.from({ length: MOST }, (_, index) => kept(String(index), `word ${index}`)) });
  await saved.load();
  expect(saved.full).toBe(true);
});
