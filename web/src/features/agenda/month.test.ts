import { expect, test } from 'vitest';
import { addDays, addMonths, bounds, fallsOn, firstShown, step, weeks } from './month';
import type { AgendaEvent } from './agenda.svelte';

const event = (from: string, to: string) => ({ starts_at: new Date(from).toISOString(), ends_at: new Date(to).toISOString() }) as AgendaEvent;

test('a month is six weeks from Monday, whatever the clocks do', () => {
  for (const month of ['2026-02', '2026-11', '2027-03', '2027-10']) {
    const shown = weeks(month, []);
    expect(shown.length).toBe(6);
    expect(shown.every((week) => week.length === 7 && week[0]!.date.getDay() === 1)).toBe(true);
    expect(new Set(shown.flat().map((day) => day.key)).size).toBe(42);
  }
  expect(firstShown('2026-11')).toBe('2026-10-26');
  expect(firstShown('2027-03')).toBe('2027-03-01');
  expect(bounds('2027-03').from).toBe(new Date('2027-03-01T00:00:00').toISOString());
});

test('days and months go on over their ends', () => {
  expect(addDays('2027-03-28', 1)).toBe('2027-03-29');
  expect(addDays('2027-10-31', 1)).toBe('2027-11-01');
  expect(addMonths('2027-01-31', 1)).toBe('2027-02-28');
  expect(addMonths('2026-12-15', 1)).toBe('2027-01-15');
  expect(addMonths('2027-01-15', -1)).toBe('2026-12-15');
});

test('an event stands on each of its days and on no other', () => {
  const course = event('2026-12-01T22:00', '2026-12-03T00:00');
  expect(['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03'].filter((day) => fallsOn(course, day))).toEqual(['2026-12-01', '2026-12-02']);
  const due = event('2026-12-01T00:00', '2026-12-01T00:00');
  expect(fallsOn(due, '2026-12-01')).toBe(true);
  expect(weeks('2026-12', [course]).flat().filter((day) => day.events.length).map((day) => day.key)).toEqual(['2026-12-01', '2026-12-02']);
});

test('keys go through the month as through a table', () => {
  const from = '2026-12-16';
  const led = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown', 'x'].map((key) => step(from, key));
  expect(led).toEqual(['2026-12-15', '2026-12-17', '2026-12-09', '2026-12-23', '2026-12-14', '2026-12-20', '2026-11-16', '2027-01-16', null]);
});
