/** A month as weeks of days that begin on Monday, by the reader's clock. */
import type { AgendaEvent } from './agenda.svelte';

export interface Day {
  /** 2026-12-01 */
  key: string;
  date: Date;
  /** Whether it is of the month that is shown. */
  inside: boolean;
  events: AgendaEvent[];
}

const pad = (part: number) => String(part).padStart(2, '0');
export const keyOf = (date: Date): string => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
/** Noon, so that no change of the clocks moves a day. */
export const dateOf = (key: string): Date => new Date(`${key}T12:00:00`);
export const monthOf = (key: string): string => key.slice(0, 7);

export function addDays(key: string, days: number): string {
  const date = dateOf(key);
  date.setDate(date.getDate() + days);
  return keyOf(date);
}

/** The same day of another month; the last one where there is none. */
export function addMonths(key: string, months: number): string {
  const date = dateOf(key);
  const day = date.getDate();
  date.setDate(1);
  date.setMonth(date.getMonth() + months);
  const last = new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate();
  date.setDate(Math.min(day, last));
  return keyOf(date);
}

/** The first day of the first week that is shown of a month. */
export function firstShown(month: string): string {
  const first = dateOf(`${month}-01`);
  return addDays(keyOf(first), -((first.getDay() + 6) % 7));
}

/** The moments between which a month is shown. */
export function bounds(month: string): { from: string; to: string } {
  const first = firstShown(month);
  const midnight = (key: string) => new Date(`${key}T00:00:00`).toISOString();
  return { from: midnight(first), to: midnight(addDays(first, 42)) };
}

/** Six weeks, so that the page doesn't jump from month to month. An event stands on each of its days. */
export function weeks(month: string, events: AgendaEvent[]): Day[][] {
  const first = firstShown(month);
  const days = Array.from({ length: 42 }, (_, index): Day => {
    const key = addDays(first, index);
    return { key, date: dateOf(key), inside: monthOf(key) === month, events: events.filter((event) => fallsOn(event, key)) };
  });
  return Array.from({ length: 6 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** What ends at midnight doesn't fall on the day that begins then. */
export function fallsOn({ starts_at, ends_at }: Pick<AgendaEvent, 'starts_at' | 'ends_at'>, key: string): boolean {
  const end = new Date(Math.max(Date.parse(ends_at) - 1, Date.parse(starts_at)));
  return keyOf(new Date(starts_at)) <= key && keyOf(end) >= key;
}

/** Where a key leads from a day; null for keys that lead nowhere. */
export function step(key: string, pressed: string): string | null {
  const weekday = (dateOf(key).getDay() + 6) % 7;
  switch (pressed) {
    case 'ArrowLeft':
      return addDays(key, -1);
    case 'ArrowRight':
      return addDays(key, 1);
    case 'ArrowUp':
      return addDays(key, -7);
    case 'ArrowDown':
      return addDays(key, 7);
    case 'Home':
      return addDays(key, -weekday);
    case 'End':
      return addDays(key, 6 - weekday);
    case 'PageUp':
      return addMonths(key, -1);
    case 'PageDown':
      return addMonths(key, 1);
    default:
      return null;
  }
}
