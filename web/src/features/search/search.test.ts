import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { useLanguage } from '../../base/i18n.svelte';
import { Search, unclearText } from './search.svelte';

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const page = (ids: string[], next: string | null) => answer(200, { items: ids.map((id) => ({ message: { id } })), next });
const fetch = vi.fn<() => Promise<Response>>();
const shown = (search: Search) => search.hits.map((hit) => hit.message.id);

beforeAll(async () => {
  vi.stubGlobal('fetch', fetch);
  vi.stubGlobal('location', new URL('http://localhost/search'));
  await useLanguage('en');
});
afterEach(() => fetch.mockReset());

test('a search that failed can be made again', async () => {
  const search = new Search();
  fetch.mockRejectedValueOnce(new TypeError('offline'));
  await search.run('okapi');
  expect(search.problem).not.toBe('');
  fetch.mockResolvedValueOnce(page(['1'], null));
  await search.run('okapi');
  expect([search.problem, shown(search)]).toEqual(['', ['1']]);
});

test('a further page that fails leaves what was found, and is asked for again', async () => {
  const search = new Search();
  fetch.mockResolvedValueOnce(page(['1'], 'more'));
  await search.run('okapi');
  fetch.mockRejectedValueOnce(new TypeError('offline'));
  await search.more();
  expect([shown(search), search.problem, search.next]).toEqual([['1'], '', 'more']);
  expect(search.moreProblem).not.toBe('');
  fetch.mockResolvedValueOnce(page(['2'], null));
  await search.more();
  expect([shown(search), search.moreProblem]).toEqual([['1', '2'], '']);
});

test('why a query is not understood is said in the reader’s language', async () => {
  const why = { reason: 'not_a_date', word: 'after:banana', example: 'after:2026-01-01', detail: 'after:banana is not a date' };
  expect(unclearText(why)).toBe('“after:banana” is not a date. Write it as in “after:2026-01-01”.');
  await useLanguage('fr');
  expect(unclearText(why)).toContain('n’est pas une date');
  const search = new Search();
  fetch.mockResolvedValueOnce(answer(400, { code: 'bad_query', ...why }));
  await search.run('after:banana');
  expect(search.misunderstood).toContain('n’est pas une date');
  expect(search.problem).toBe('');
  await useLanguage('en');
});

test('a reason this page does not know yet is said in the server’s words', () => {
  expect(unclearText({ reason: 'newer_than_this_page', detail: 'Something else' })).toBe('Something else');
});
