/** What the library is narrowed down to. The address carries it, so that it can be kept and sent. */
import type { Choice } from './codes';

export const CHOICES: Choice[] = ['country', 'theme', 'stage', 'level', 'age', 'setting', 'pillar', 'language', 'state'];
export const VIEWS = ['library', 'mine', 'to_review', 'to_tend'] as const;
export type View = (typeof VIEWS)[number];
export type Sort = '' | 'newest' | 'level';

export interface Filters extends Record<Choice, string> {
  q: string;
  view: View;
  sort: Sort;
}

export function readFilters(query: URLSearchParams): Filters {
  const of = (name: string) => query.get(name)?.trim() ?? '';
  const view = VIEWS.find((known) => known === of('view')) ?? 'library';
  const sort = (['newest', 'level'] as const).find((known) => known === of('sort')) ?? '';
  const chosen = Object.fromEntries(CHOICES.map((name) => [name, of(name)])) as Record<Choice, string>;
  return { q: of('q'), view, sort, ...chosen };
}

/** The address of the library with these filters; what is empty is left out. */
export function addressOf(filters: Partial<Filters>): string {
  const query = new URLSearchParams();
  for (const name of ['view', 'q', 'sort', ...CHOICES] as const) {
    const value = filters[name]?.trim();
    if (value && !(name === 'view' && value === 'library')) query.set(name, value);
  }
  const text = query.toString();
  return text ? `/library?${text}` : '/library';
}

/** How many choices are made, the words not counted. */
export const chosen = (filters: Filters): number => CHOICES.filter((name) => filters[name]).length;

/** The same as the server is asked. */
export function questionOf(filters: Filters): Record<string, string> {
  const { q, view, sort } = filters;
  return { q, view, sort, ...Object.fromEntries(CHOICES.map((name) => [name, filters[name]])) };
}
