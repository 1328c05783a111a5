/** Stretches of a text, kept so that what lies near a place is found without looking at all of them. */
import type { Group } from './numbers';

/** How many of these, which are in order, come before a place. */
export function before<T>(all: readonly T[], place: number, of: (one: T) => number): number {
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const one = all[middle];
    if (one !== undefined && of(one) < place) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Stretches in signs, none of them empty. */
export class Spans {
  /** Where each begins, in order, and how far those up to it reach. */
  private readonly all: Group[];

  constructor(all: readonly Group[]) {
    this.all = all.map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start || a.end - b.end);
    let reach = 0;
    for (const one of this.all) one.end = reach = Math.max(reach, one.end);
  }

  /** The same and more. */
  with(more: readonly Group[]): Spans {
    return new Spans([...this.all, ...more]);
  }

  /** How far those reach that begin before a sign. */
  reach(place: number): number {
    return this.all[before(this.all, place, (one) => one.start) - 1]?.end ?? 0;
  }

  /** Whether one of them has a sign from `start` to `end`. */
  meet(start: number, end: number): boolean {
    return this.reach(end) > start;
  }

  /** Whether one of them is at most `within` signs away from those from `start` to `end`. */
  near(start: number, end: number, within: number): boolean {
    const reach = this.reach(end + within + 1);
    return reach > 0 && reach + within >= start;
  }
}

/** Whether one of these places, which are in order, lies in a range with both its ends. */
export function lieIn(places: readonly number[], from: number, to: number): boolean {
  return (places[before(places, from, (place) => place)] ?? Infinity) <= to;
}
