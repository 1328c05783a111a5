import { expect, test } from 'vitest';
import { monday, plusDays, today, weeksOf } from './weeks';

test('weeks go on over the end of a year', () => {
  expect(monday('2027-01-03')).toBe('2026-12-28');
  expect(monday('2026-12-28')).toBe('2026-12-28');
  expect(weeksOf('2026-12-31', '2027-01-01')).toBe(1);
  expect(weeksOf('2027-01-03', '2027-01-04')).toBe(2);
  expect(weeksOf('2026-11-30', '2027-02-28')).toBe(13);
});

test('days are counted without a time zone', () => {
  expect(plusDays('2026-10-24', 2)).toBe('2026-10-26');
  expect(plusDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(today(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});
