import { expect, test } from 'vitest';
import { lastQuarter, SECTIONS, TAKING } from './newsletter';

test('an issue is begun for the quarter that is over', () => {
  expect(lastQuarter(new Date(2026, 10, 29))).toEqual({ year: 2026, quarter: 3 });
  expect(lastQuarter(new Date(2026, 1, 1))).toEqual({ year: 2025, quarter: 4 });
  expect(lastQuarter(new Date(2026, 3, 1))).toEqual({ year: 2026, quarter: 1 });
});

test('things are taken into sections that there are', () => {
  expect(TAKING.every((section) => SECTIONS.includes(section))).toBe(true);
});
