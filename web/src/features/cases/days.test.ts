import { beforeAll, expect, test } from 'vitest';
import { needAllTexts, useLanguage } from '../../base/i18n.svelte';
import { daysTo, dueText, localMoment, momentOf, plusDays, reviewText, today } from './days';

beforeAll(async () => {
  await useLanguage('en');
  await needAllTexts();
});

test('days are counted over months and the change of clocks', () => {
  expect(daysTo('2026-12-02', '2026-11-29')).toBe(3);
  expect(daysTo('2027-03-29', '2027-03-27')).toBe(2);
  expect(plusDays('2026-12-30', 14)).toBe('2027-01-13');
  expect(today(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});

test('a review and a task say in plain words when they are due', () => {
  const now = '2026-11-29';
  expect(['2026-12-02', '2026-11-30', now, '2026-11-24'].map((day) => reviewText(day, now))).toEqual([
    'Review in 3 days',
    'Review tomorrow',
    'Review today',
    'Review 5 days late',
  ]);
  expect(dueText('2026-11-28', now)).toBe('1 day late');
});

test('a moment goes into a field and back', () => {
  expect(momentOf(localMoment('2026-12-01T10:30:00.000Z'))).toBe('2026-12-01T10:30:00.000Z');
});
