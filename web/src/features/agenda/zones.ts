/** Times of an event: by the clocks of its place, and by the reader's own. */
import { locale } from '../../base/i18n.svelte';

/** Where the clocks of a country are kept. */
const OF_COUNTRY: Record<string, string> = {
  AL: 'Europe/Tirane',
  BA: 'Europe/Sarajevo',
  BG: 'Europe/Sofia',
  GR: 'Europe/Athens',
  HR: 'Europe/Zagreb',
  MD: 'Europe/Chisinau',
  ME: 'Europe/Podgorica',
  MK: 'Europe/Skopje',
  RO: 'Europe/Bucharest',
  RS: 'Europe/Belgrade',
  XK: 'Europe/Belgrade',
};
/** Where else people of this work meet. */
const ELSEWHERE = ['Europe/Vienna', 'Europe/Paris', 'Europe/Brussels', 'Europe/Istanbul', 'UTC'];

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const zoneOf = (country: string | null | undefined): string => OF_COUNTRY[country ?? ''] ?? ownZone();

/** The zones to choose from, with one more that is chosen already. */
export function zones(chosen: string): string[] {
  return [...new Set([...Object.values(OF_COUNTRY), ...ELSEWHERE, ownZone(), chosen])].sort();
}

/** Europe/Bucharest: Bucharest. */
export const zoneName = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');

/** 1 December 2026, 09:30–12:00; with both days where it ends on another one. `zone` none: the reader's own. */
export function span(from: string, to: string, zone?: string): string {
  const options = { dateStyle: 'full', timeStyle: 'short', timeZone: zone } as const;
  const format = new Intl.DateTimeFormat(locale(), options);
  return from === to ? format.format(new Date(from)) : format.formatRange(new Date(from), new Date(to));
}

/** 09:30–12:00. `zone` none: by the reader's clock. */
export function hours(from: string, to: string, zone?: string): string {
  const format = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', timeZone: zone });
  return from === to ? format.format(new Date(from)) : format.formatRange(new Date(from), new Date(to));
}

/** Whether the clocks there show something else than the reader's. */
export function differs(at: string, zone: string): boolean {
  const shown = (timeZone?: string) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(at));
  return shown(zone) !== shown();
}
