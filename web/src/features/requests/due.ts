/** Deadlines in plain words. */
import { t, type Key } from '../../base/i18n.svelte';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Span {
  unit: 'minutes' | 'hours' | 'days';
  count: number;
}

/** A time in the unit that one thinks in: days from two of them on, hours from one on. What has begun doesn't count. */
export function spanOf(seconds: number): Span {
  const size = Math.abs(seconds);
  if (size >= 2 * DAY) return { unit: 'days', count: Math.floor(size / DAY) };
  if (size >= HOUR) return { unit: 'hours', count: Math.floor(size / HOUR) };
  return { unit: 'minutes', count: Math.floor(size / MINUTE) };
}

export interface Timed {
  due: string;
  stands_since?: string | null;
  left: number;
  ended: boolean;
}

/** How pressing it is. */
export type Press = 'calm' | 'soon' | 'late' | 'still' | 'ended';

/** Seconds that are left at a time (milliseconds); while the clock stands still or has ended, what was left then. */
export function leftOf(clock: Timed, now: number): number {
  return clock.ended || clock.stands_since ? clock.left : Math.floor((Date.parse(clock.due) - now) / 1000);
}

export function pressOf(clock: Timed, now: number): Press {
  if (clock.ended) return 'ended';
  const left = leftOf(clock, now);
  if (clock.stands_since) return 'still';
  if (left <= 0) return 'late';
  return left < 8 * HOUR ? 'soon' : 'calm';
}

const said = (how: string, seconds: number): string => {
  const { unit, count } = spanOf(seconds);
  return t(`requests_${how}_${unit}` as Key, { count });
};

/** "due in 5 hours", "2 days late", "clock stands still, 5 hours left", "answered 5 hours before the end". */
export function dueText(clock: Timed, now: number): string {
  const left = leftOf(clock, now);
  if (clock.ended) return left < 0 ? t('requests_ended_late') : t('requests_ended_in_time');
  if (clock.stands_since) return t('requests_clock_still', { left: left <= 0 ? said('late', left) : said('left', left) });
  return left <= 0 ? said('late', left) : said('due', left);
}

/** For how long a clock has stood still, in words. */
export const stoodText = (seconds: number): string => said('stood', seconds);

/** A moment by the clocks of a zone: Friday 27 November 2026 at 16:20. */
export function inZone(at: string, zone: string, locale: string): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeStyle: 'short' };
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(new Date(at));
  } catch {
    return new Intl.DateTimeFormat(locale, options).format(new Date(at));
  }
}
