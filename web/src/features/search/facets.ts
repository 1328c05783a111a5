/** What a search can be narrowed down by, as buttons that are pressed or not. Pure. */
import type { Count, SearchFacets } from './answer';
import { has, toggled, toggledYear, valuesOf, yearOf } from './terms';

export type Facet = 'kind' | 'country' | 'theme' | 'lang' | 'year';

export interface Chip {
  value: string;
  /** Null where what is pressed isn't among what was found. */
  count: number | null;
  pressed: boolean;
  /** The query when it is pressed next. */
  query: string;
}

export interface Group {
  facet: Facet;
  chips: Chip[];
}

/** In the order in which one asks: what, where, about what, in which language, when. */
export function groupsOf(facets: SearchFacets | null, query: string): Group[] {
  const counts: [Facet, Count[]][] = [
    ['kind', facets?.kinds ?? []],
    ['country', facets?.countries ?? []],
    ['theme', facets?.themes ?? []],
    ['lang', facets?.languages ?? []],
    ['year', facets?.years ?? []],
  ];
  return counts.map(([facet, found]) => ({ facet, chips: chipsOf(facet, found, query) })).filter(({ chips }) => chips.length > 0);
}

/** How many are pressed. */
export function pressedIn(groups: Group[]): number {
  return groups.reduce((sum, { chips }) => sum + chips.filter((chip) => chip.pressed).length, 0);
}

function chipsOf(facet: Facet, found: Count[], query: string): Chip[] {
  const year = yearOf(query);
  const pressed = (value: string) => (facet === 'year' ? value === year : has(query, facet, value));
  const next = (value: string) => (facet === 'year' ? toggledYear(query, value) : toggled(query, facet, value));
  const chips: Chip[] = found.map(({ value, count }) => ({ value, count, pressed: pressed(value), query: next(value) }));
  // What is pressed can always be taken away again.
  for (const value of facet === 'year' ? [year].filter(Boolean) : valuesOf(query, facet)) {
    if (!chips.some((chip) => chip.pressed && (facet === 'year' || has(`${facet}:${chip.value}`, facet, value)))) {
      chips.push({ value: nameable(facet, value), count: null, pressed: true, query: next(value) });
    }
  }
  return chips;
}

/** As the vocabulary writes it. */
function nameable(facet: Facet, value: string): string {
  return facet === 'country' ? value.toUpperCase() : value.toLowerCase();
}
