/** Days and weeks as campaigns count them; days are `YYYY-MM-DD`, without a time zone. */
import { locale } from '../../base/i18n.svelte';

const DAY = 86_400_000;
const instant = (day: string) => Date.parse(`${day}T00:00:00Z`);
const written = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The day so many days later. */
export const plusDays = (day: string, days: number): string => written(instant(day) + days * DAY);

/** The Monday of the week of a day. */
export function monday(day: string): string {
  const weekday = (new Date(instant(day)).getUTCDay() + 6) % 7;
  return plusDays(day, -weekday);
}

export const today = (now = new Date()): string => {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};

/** How many weeks of the calendar a span touches: over the end of a year, too. */
export const weeksOf = (start: string, end: string): number => (instant(monday(end)) - instant(monday(start))) / (7 * DAY) + 1;

/** 24 November, with the year when it isn't this one. */
export function dayText(day: string, withYear = day.slice(0, 4) !== String(new Date().getFullYear())): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: 'UTC', ...(withYear && { year: 'numeric' }) };
  return new Intl.DateTimeFormat(locale(), options).format(instant(day));
}

/** November 2026 */
export const monthText = (day: string, month: 'long' | 'short' = 'long'): string =>
  new Intl.DateTimeFormat(locale(), { month, year: 'numeric', timeZone: 'UTC' }).format(instant(day));

/** From when to when; the year once, where it is the same. */
export function spanText(start: string, end: string): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(locale(), options).formatRange(instant(start), instant(end));
}
