import { expect, test } from 'vitest';
import { draftFor, endAfter } from './wish';
import { differs, hours, span, zoneOf, zones } from './zones';

test('an event begins in a week by the clocks of the country of its writer', () => {
  const draft = draftFor('RO', 'en', new Date(2026, 10, 28, 23, 30));
  expect([draft.start, draft.end, draft.zone]).toEqual(['2026-12-05T09:00', '2026-12-05T10:30', 'Europe/Bucharest']);
  expect(draft.countries).toEqual(['RO']);
  expect(zoneOf('XK')).toBe('Europe/Belgrade');
  expect(zones('Asia/Tbilisi')).toContain('Asia/Tbilisi');
});

test('an event keeps its length when its begin moves', () => {
  const before = { start: '2027-03-27T22:00', end: '2027-03-28T01:00' };
  expect(endAfter(before, '2027-03-28T22:00')).toBe('2027-03-29T01:00');
  expect(endAfter(before, '')).toBe('2027-03-28T01:00');
});

test('times are shown by the clocks there', () => {
  const [from, to] = ['2027-03-29T06:30:00Z', '2027-03-29T08:00:00Z'];
  expect(span(from, to, 'Europe/Bucharest')).toContain('09:30');
  expect(span(from, from, 'Europe/Bucharest')).not.toContain('11');
  expect(hours(from, to)).toMatch(/\d\d:30/);
  expect(differs(from, Intl.DateTimeFormat().resolvedOptions().timeZone)).toBe(false);
  expect(differs(from, 'Pacific/Kiritimati')).toBe(true);
});
