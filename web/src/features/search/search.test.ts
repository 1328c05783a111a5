import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { useLanguage } from '../../base/i18n.svelte';
import { Search, unclearText } from './search.svelte';

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const page = (ids: string[], next: string | null, more = {}) =>
  answer(200, { items: ids.map((id) => ({ message: { id } })), next, things: [], also: [], facets: null, spellings: [], ...more });
const fetch = vi.fn<(url: URL) => Promise<Response>>();
const asked = (call = 0) => Object.fromEntries(fetch.mock.calls[call]![0].searchParams);
const of = (q: string, more = {}) => ({ q, sort: 'newest', across: true, ...more }) as const;
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
  await search.run(of('okapi'));
  expect(search.problem).not.toBe('');
  fetch.mockResolvedValueOnce(page(['1'], null));
  await search.run(of('okapi'));
  expect([search.problem, shown(search)]).toEqual(['', ['1']]);
});

test('a further page that fails leaves what was found, and is asked for again', async () => {
  const search = new Search();
  fetch.mockResolvedValueOnce(page(['1'], 'more'));
  await search.run(of('okapi'));
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
  await search.run(of('after:banana'));
  expect(search.misunderstood).toContain('n’est pas une date');
  expect(search.problem).toBe('');
  await useLanguage('en');
});

test('a reason this page does not know yet is said in the server’s words', () => {
  expect(unclearText({ reason: 'newer_than_this_page', detail: 'Something else' })).toBe('Something else');
});

test('how to search is sent along, facets are asked for once', async () => {
  const search = new Search();
  fetch.mockResolvedValueOnce(page(['1'], 'more'));
  await search.run(of('okapi'));
  expect(asked()).toEqual({ q: 'okapi', limit: '20', facets: 'true' });
  fetch.mockResolvedValueOnce(page(['2'], 'more'));
  await search.more();
  expect(asked(1)).toEqual({ q: 'okapi', limit: '20', cursor: 'more' });
  fetch.mockResolvedValueOnce(page(['3'], null));
  await search.run(of('okapi', { sort: 'relevance', across: false }));
  expect(asked(2)).toEqual({ q: 'okapi', limit: '20', facets: 'true', sort: 'relevance', across: 'false' });
});

test('what the first page says beside its messages stays while further ones come', async () => {
  const search = new Search();
  const facets = { looked_at: 500, whole: false, kinds: [], countries: [{ value: 'RO', count: 2 }], themes: [], languages: [], years: [] };
  const also = [{ concept: 'child-trafficking', typed: 'trgovina decom', words: [{ language: 'bg', text: 'трафик на деца' }] }];
  const things = [{ kind: 'country', id: 'RO', title: '', about: null, channel: null }];
  fetch.mockResolvedValueOnce(page(['1'], 'more', { facets, also, things }));
  await search.run(of('trgovina decom'));
  fetch.mockResolvedValueOnce(page(['2'], null));
  await search.more();
  expect([shown(search), search.facets, search.also, search.things]).toEqual([['1', '2'], facets, also, things]);
  await search.run(of(''));
  expect([shown(search), search.facets, search.also, search.things]).toEqual([[], null, [], []]);
});

test('an empty page that goes on keeps what the first said', async () => {
  const search = new Search();
  const spellings = [{ word: 'okapy', instead: 'okapi' }];
  fetch.mockResolvedValueOnce(page([], 'a', { spellings })).mockResolvedValueOnce(page([], 'b')).mockResolvedValueOnce(page(['1'], null));
  await search.run(of('okapy'));
  expect([shown(search), search.next, search.spellings]).toEqual([['1'], null, spellings]);
});

test('a new search drops what the one before is still waiting for', async () => {
  const search = new Search();
  let answerLate = (_: Response) => {};
  fetch.mockReturnValueOnce(new Promise((ready) => (answerLate = ready)));
  const late = search.run(of('oka'));
  fetch.mockResolvedValueOnce(page(['new'], null));
  await search.run(of('okapi'));
  answerLate(page(['old'], null));
  await late;
  expect([shown(search), search.answered.q, search.busy]).toEqual([['new'], 'okapi', false]);
});
