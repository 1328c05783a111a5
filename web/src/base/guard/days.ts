/** Days of the calendar, and the dates that stand in a text. */
import type { Group } from './numbers';
import type { Day } from './setting';
import type { Signs } from './signs';
import { before } from './spans';
import type { Hit } from './words';

/** A date in a text, in signs. */
export interface Dated extends Group {
  day: Day;
  /** Whether a word beside it makes it a birth. */
  birth: boolean;
}

/** Whether there is such a day. */
export function exists(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** `Q1 2009`: the quarter that a day lies in. */
export const quarter = (day: Day) => `Q${Math.ceil(day.month / 3)} ${day.year}`;

const value = (signs: Signs, group: Group) => Number(signs.text(group.start, group.end));
const length = (group: Group) => group.end - group.start;

/** The dates of a text: `14.03.2009`, `14. 3. 2009`, `2009-03-14`, `14 March 2009`, `March 14, 2009`. */
export function datesIn(signs: Signs, groups: Group[], hits: Hit[]): Dated[] {
  const found: (Dated | null)[] = [];
  groups.forEach((a, at) => {
    const [b, c] = [groups[at + 1], groups[at + 2]];
    if (b && c) found.push(numeric(signs, a, b, c));
  });
  found.push(...worded(signs, groups, hits));
  return found.filter((one) => one !== null).sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Three numbers between which the same sign stands; a blank may follow a dot. */
function numeric(signs: Signs, a: Group, b: Group, c: Group): Dated | null {
  const between = (from: number, to: number) => {
    const [one, two] = [signs.at(from).class, signs.at(from + 1).class];
    if (to - from === 1 && ['dash', 'dot', 'slash'].includes(one)) return one;
    return to - from === 2 && one === 'dot' && two === 'space' ? 'dot' : null;
  };
  const sign = between(a.end, b.start);
  if (!sign || between(b.end, c.start) !== sign || length(b) > 2) return null;
  const month = value(signs, b);
  if (length(a) === 4 && length(c) <= 2) return dated(a.start, c.end, value(signs, a), month, value(signs, c));
  if (length(a) <= 2 && length(c) === 4) return dated(a.start, c.end, value(signs, c), month, value(signs, a));
  return null;
}

/** Two numbers, the second a year, and a month's name before, between or after the first: of several the first that fits. */
function worded(signs: Signs, groups: Group[], hits: Hit[]): Dated[] {
  const found = new Map<number, Dated>();
  for (const hit of hits) {
    if (hit.word.group !== 'month') continue;
    for (let at = before(groups, hit.start - 3, (group) => group.end); ; at++) {
      const [a, b] = [groups[at], groups[at + 1]];
      if (!a || !b || a.start > hit.end + 2) break;
      const date = beside(signs, a, b, hit);
      if (date && !found.has(at)) found.set(at, date);
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, date]) => date);
}

/** The date that a month's name makes of two numbers beside it. */
function beside(signs: Signs, a: Group, b: Group, hit: Hit): Dated | null {
  if (length(a) > 2 || length(b) !== 4 || b.start - a.end > 24) return null;
  const between = hit.start >= a.end && hit.start - a.end <= 3 && hit.end <= b.start && b.start - hit.end <= 3;
  const ahead = hit.end <= a.start && a.start - hit.end <= 2 && b.start - a.end <= 3;
  if (!between && !ahead) return null;
  return dated(Math.min(a.start, hit.start), b.end, value(signs, b), Number(hit.word.key), value(signs, a));
}

function dated(start: number, end: number, year: number, month: number, day: number): Dated | null {
  return year >= 1800 && year <= 2100 && exists(year, month, day) ? { start, end, day: { year, month, day }, birth: false } : null;
}
