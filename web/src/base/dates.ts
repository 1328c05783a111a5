/** Dates and times in the reader's language and time zone. */
import { locale } from './i18n.svelte';

/** Made once each: making one costs a slow phone a millisecond, using it nothing. */
const made = new Map<string, unknown>();

function kept<Format>(name: string, make: (locale: string) => Format): Format {
  const key = `${locale()} ${name}`;
  if (!made.has(key)) made.set(key, make(locale()));
  return made.get(key) as Format;
}

function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(name, (locale) => new Intl.DateTimeFormat(locale, options));
}

/** 14:05 */
export function time(at: string): string {
  return formatter('time', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/** Tuesday 24 November, with the year when it isn't this one. */
export function day(at: string, now = new Date()): string {
  const date = new Date(at);
  const thisYear = date.getFullYear() === now.getFullYear();
  return thisYear
    ? formatter('day', { weekday: 'long', day: 'numeric', month: 'long' }).format(date)
    : formatter('day-year', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}

/** 24 Nov 2026, 14:05 */
export function moment(at: string): string {
  return formatter('moment', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

/** The calendar day of an instant where the reader is: two messages of one day share it. */
export function dayKey(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['month', 2_592_000],
  ['year', 31_536_000],
];

/** 3 hr ago; in long words where there is room for them: 3 hours ago */
export function ago(at: string, now = Date.now(), style: 'short' | 'long' = 'short'): string {
  const seconds = (Date.parse(at) - now) / 1000;
  let [unit, size] = STEPS[0]!;
  for (const step of STEPS) if (Math.abs(seconds) >= step[1]) [unit, size] = step;
  const format = kept(`ago ${style}`, (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style }));
  return format.format(Math.round(seconds / size), unit);
}
