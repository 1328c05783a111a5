/** Days of case rooms in plain words; days are `YYYY-MM-DD`, as the reader's calendar has them. */
import { locale, t } from '../../base/i18n.svelte';

const DAY = 86_400_000;
const instant = (day: string) => Date.parse(`${day}T00:00:00Z`);
const two = (part: number) => String(part).padStart(2, '0');

export const today = (now = new Date()): string => `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;

export const plusDays = (day: string, days: number): string => new Date(instant(day) + days * DAY).toISOString().slice(0, 10);

/** How many days from one to another: negative when it has gone by. */
export const daysTo = (day: string, from = today()): number => Math.round((instant(day) - instant(from)) / DAY);

/** 31 December 2026 */
export const dayText = (day: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeZone: 'UTC' }).format(instant(day.slice(0, 10)));

/** The next review: in 3 days, today, 5 days late. */
export function reviewText(day: string, from = today()): string {
  const days = daysTo(day, from);
  if (days === 0) return t('cases_review_today');
  return days > 0 ? t('cases_review_in', { count: days }) : t('cases_review_late', { count: -days });
}

/** Something that is due: by 3 December, today, 2 days late. */
export function dueText(day: string, from = today()): string {
  const days = daysTo(day, from);
  if (days === 0) return t('cases_due_today');
  return days > 0 ? t('cases_due_by', { day: dayText(day) }) : t('cases_due_late', { count: -days });
}

/** What a field for a moment holds (`2026-12-31T09:30`, in the reader's time zone), for a moment and back. */
export function localMoment(at: string): string {
  const date = new Date(at);
  return `${today(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
export const momentOf = (local: string): string => new Date(local).toISOString();
