/** Numbers as people write them: in groups, with whatever stands between. */
import { type Fits, fitting, isCardNetwork, isLength } from './checks';
import type { Kind } from './finding';
import { type Found, type Scan, found } from './reading';
import { type Sign, type Signs, isDigit, isLetter } from './signs';
import { wordEnd, wordStart } from './words';

/** The longest identifier of digits, in digits, and what may stand between two groups of one number, in signs. */
const LONGEST = 19;
const GAP = 3;

/** A run of signs. */
export interface Group {
  start: number;
  end: number;
}

/** What stands between two groups. */
interface Gap {
  /** One number can go on here. */
  joins: boolean;
  /** Of nothing but this, so many times. */
  alike: string | null;
  odd: boolean;
  dot: boolean;
  space: boolean;
}

const NONE: Gap = { joins: false, alike: null, odd: false, dot: false, space: false };
const POINT = 'dot 1';

function gapOf(signs: Sign[]): Gap {
  const seen = signs.filter((sign) => sign.class !== 'border').length;
  if (signs.length === 0 || seen > GAP) return NONE;
  const has = (kind: string) => signs.some((sign) => sign.class === kind);
  const joins = signs.every((sign) => ['dot', 'space', 'odd', 'line', 'dash', 'slash', 'border'].includes(sign.class));
  const first = signs[0]?.class;
  const even = joins && !has('odd') && signs.every((sign) => sign.class === first);
  return { joins, alike: even ? `${first} ${signs.length}` : null, odd: has('odd'), dot: has('dot'), space: has('space') };
}

/** Whether nothing goes on here. */
const isAlone = (gap: Gap) => !gap.joins || gap.odd;

/** Whether something else stands here than between groups that are all parted by the same. */
const isOther = (gap: Gap, alike: string | null) => alike !== null && gap.alike !== alike;

/** Whether groups that belong together by themselves can begin between this and the next gap. */
const mayBegin = (gap: Gap, next: Gap) => isAlone(gap) || isOther(gap, next.alike);

function runs(length: number, isPart: (at: number) => boolean): Group[] {
  const found: Group[] = [];
  for (let at = 0; at < length; at++) {
    const start = at;
    while (at < length && isPart(at)) at++;
    if (at > start) found.push({ start, end: at });
  }
  return found;
}

/** The runs of digits of a text. */
export const groupsIn = (signs: Signs): Group[] => runs(signs.length, (at) => isDigit(signs.at(at)));

/** The digit that a sign is or, when digits are typed as letters, looks like. */
function digitOf(sign: Sign, loose: boolean): string {
  if (sign.class === 'digit') return sign.code;
  if (loose && sign.code === 'o') return '0';
  return loose && (sign.code === 'l' || sign.code === 'i') ? '1' : '';
}

/** Finds identifiers made of digits. */
export function findNumbers(scan: Scan): void {
  windows(scan, scan.groups, false);
  if (scan.contexts.isEmpty) return;
  const { signs } = scan;
  // Runs in which letters stand among digits: `O1O19O17l0008`.
  const loose = runs(signs.length, (at) => digitOf(signs.at(at), true) !== '').filter(({ start, end }) =>
    signs.slice(start, end).some(isDigit),
  );
  const alike = loose.length === scan.groups.length && loose.every((run, at) => sameGroup(run, scan.groups[at]));
  if (!alike) windows(scan, loose, true);
}

const sameGroup = (a: Group, b?: Group) => a.start === b?.start && a.end === b.end;

function windows(scan: Scan, groups: Group[], loose: boolean): void {
  const { signs } = scan;
  const gaps = groups.slice(1).map((group, at) => gapOf(signs.slice(groups[at]?.end ?? 0, group.start)));
  const texts = groups.map(({ start, end }) => (end - start > LONGEST ? '' : digitsOf(signs, start, end, loose)));
  const lettered = groups.map(({ start, end }) => loose && signs.slice(start, end).some(isLetter));
  groups.forEach(({ start }, first) => {
    const before = gaps[first - 1] ?? NONE;
    // Most groups that can be read as one have nothing that says so.
    const until = Math.min(first + LONGEST, groups.length);
    const announced = isLetter(signs.at(start - 1)) || scan.contexts.announceAny(start, groups[until - 1]?.end ?? start);
    const stop = announced || mayBegin(before, gaps[first] ?? NONE) ? until : first + 1;
    let [length, digits, letters] = [0, '', false];
    for (let last = first; last < stop; last++) {
      const { start: from, end } = groups[last] ?? { start: 0, end: 0 };
      if (last > first && !gaps[last - 1]?.joins) break;
      length += end - from;
      if (length > LONGEST) break;
      digits += texts[last] ?? '';
      letters ||= lettered[last] ?? false;
      if (!isLength(length) || (loose && !letters)) continue;
      const around: Window['around'] = [before, gaps[last] ?? NONE];
      look(scan, { start, end, groups, gaps, first, last, around, loose }, digits);
    }
  });
}

const digitsOf = (signs: Signs, start: number, end: number, loose: boolean) =>
  signs
    .slice(start, end)
    .map((sign) => digitOf(sign, loose))
    .join('');

/** Groups that can be one number: those from the first to the last. */
interface Window extends Group {
  groups: Group[];
  gaps: Gap[];
  first: number;
  last: number;
  /** What stands before and after them. */
  around: [before: Gap, after: Gap];
  loose: boolean;
}

function look(scan: Scan, window: Window, digits: string): void {
  for (const fits of fitting(digits, scan.setting.today)) {
    const one = judge(scan, window, digits, fits);
    if (one) scan.found.push(one);
  }
}

function judge(scan: Scan, window: Window, digits: string, { kind, countries, unlikely }: Fits): Found | null {
  if (kind === 'pan' && !isCardNetwork(digits)) return null;
  const { start, end } = window;
  const context = scan.announced(kind, start, end) || hasPrefix(scan.signs, kind, start);
  let severity = scan.severity(kind, context);
  if (severity === null) return null;
  if (!context) {
    if (window.loose || !isWhole(window) || !standsApart(scan.signs, window) || scan.quiet.meet(start, end)) return null;
    // Numbers of ten and eleven digits are common in addresses of pages and after the point of a decimal.
    const common = isFraction(window) || scan.paths.meet(start, start + 1);
    if (common && severity === 'warn') return null;
    const telling = kind === 'jmbg' || kind === 'cnp';
    if (unlikely || (common && !telling)) severity = 'warn';
  }
  return found(kind, severity, start, end, { countries, context });
}

/** Whether it is what follows the point of a decimal, or all of one. */
function isFraction({ groups, gaps, first, last, around }: Window): boolean {
  const [whole, places] = groups.slice(first, last + 1);
  if (first === last) return around[0].alike === POINT;
  if (last > first + 1 || !whole || !places) return false;
  return gaps[first]?.alike === POINT && whole.end - whole.start <= 3 && places.end - places.start > 6;
}

/**
 * Whether groups belong together by themselves: the same stands between all of them and no more of it around, or they
 * are all that stands there. Rows of decimals don't.
 */
function isWhole({ gaps, first, last, around: [before, after] }: Window): boolean {
  if (first === last) return true;
  const alike = gaps[first]?.alike ?? null;
  const inside = () => gaps.slice(first, last);
  if (isOther(before, alike) && isOther(after, alike) && inside().every((gap) => gap.alike === alike)) return true;
  if (!isAlone(before) || !isAlone(after)) return false;
  const has = (kind: 'odd' | 'dot' | 'space') => inside().some((gap) => gap[kind]);
  return !has('odd') && !(has('dot') && has('space'));
}

/** `HR12345678903`, `EL123456783`. */
function hasPrefix(signs: Signs, kind: Kind, start: number): boolean {
  const prefix = kind === 'oib' ? 'hr' : kind === 'afm' ? 'el' : null;
  return prefix !== null && start >= 2 && wordStart(signs, start) === start - 2 && signs.text(start - 2, start) === prefix;
}

/** Whether the number isn't a piece of something longer, such as a hash. A word of three letters may stand on one side. */
function standsApart(signs: Signs, { start, end }: Group): boolean {
  const before = signs.slice(wordStart(signs, start), start);
  const after = signs.slice(end, wordEnd(signs, end));
  const word = (letters: Sign[]) => letters.length >= 3 && !letters.every((sign) => /^[a-f]$/.test(sign.code));
  if (before.length > 0 && after.length > 0) return false;
  return (before.length === 0 || word(before)) && (after.length === 0 || word(after));
}
