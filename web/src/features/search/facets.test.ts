import { expect, test } from 'vitest';
import { groupsOf, pressedIn } from './facets';

const facets = {
  looked_at: 500,
  whole: false,
  kinds: [{ value: 'message', count: 12 }, { value: 'topic', count: 3 }],
  countries: [{ value: 'RO', count: 7 }, { value: 'RS', count: 2 }],
  themes: [],
  languages: [{ value: 'bcms', count: 4 }],
  years: [{ value: '2026', count: 12 }],
};

test('what was found can be pressed, what is empty is left out', () => {
  const groups = groupsOf(facets, 'rad');
  expect(groups.map((group) => group.facet)).toEqual(['kind', 'country', 'lang', 'year']);
  expect(groups[1]!.chips[0]).toEqual({ value: 'RO', count: 7, pressed: false, query: 'rad country:RO' });
  expect(groups[3]!.chips[0]!.query).toBe('rad after:2026-01-01 before:2027-01-01');
  expect(pressedIn(groups)).toBe(0);
});

test('what is pressed can be taken away', () => {
  const groups = groupsOf(facets, 'rad country:ro lang:sr after:2026-01-01 before:2027-01-01');
  const pressed = groups.flatMap(({ chips }) => chips.filter((chip) => chip.pressed).map(({ value, query }) => [value, query]));
  expect(pressed).toEqual([
    ['RO', 'rad lang:sr after:2026-01-01 before:2027-01-01'],
    ['bcms', 'rad country:ro after:2026-01-01 before:2027-01-01'],
    ['2026', 'rad country:ro lang:sr'],
  ]);
  expect(pressedIn(groups)).toBe(3);
});

test('so can what finds nothing, with no number at all', () => {
  expect(groupsOf(null, 'rad theme:forced-begging country:gr')).toEqual([
    { facet: 'country', chips: [{ value: 'GR', count: null, pressed: true, query: 'rad theme:forced-begging' }] },
    { facet: 'theme', chips: [{ value: 'forced-begging', count: null, pressed: true, query: 'rad country:gr' }] },
  ]);
});
