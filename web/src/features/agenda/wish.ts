/** What is written into the form of an event. */
import type { AgendaEvent, EventWish } from './agenda.svelte';
import { zoneOf } from './zones';

export interface Draft extends Required<Omit<EventWish, 'link' | 'marking'>> {
  link: string;
  marking: string;
}

/** In a week, at nine, for an hour and a half, by the clocks of the writer's country. */
export function draftFor(country: string | null | undefined, language: string, now = new Date()): Draft {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 7, 12);
  const date = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  return {
    title: '',
    about: '',
    language,
    kind: 'meeting',
    countries: country ? [country] : [],
    themes: [],
    start: `${date}T09:00`,
    end: `${date}T10:30`,
    zone: zoneOf(country),
    place: '',
    link: '',
    marking: 'green',
  };
}

export function draftOf(event: AgendaEvent): Draft {
  const { title, about, language, kind, countries, themes, start, end, zone, place, marking } = event;
  return { title, about, language, kind, countries: [...countries], themes: [...themes], start, end, zone, place, link: event.link ?? '', marking };
}

/** The end moves along with the begin, so that an event keeps its length. */
export function endAfter(before: Pick<Draft, 'start' | 'end'>, start: string): string {
  const at = (local: string) => Date.parse(`${local}Z`);
  const moved = at(before.end) + at(start) - at(before.start);
  return Number.isNaN(moved) ? before.end : new Date(moved).toISOString().slice(0, 16);
}
