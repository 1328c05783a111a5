/** Numbers as people write them: in groups, with whatever stands between. */
import { type Fits, fitting, isCardNetwork, isLength } from './checks';
import type { Kind } from './finding';
import { type Found, type Scan, found } from './reading';
import { type Sign, type Signs, isDigit, isLetter } from './signs';
import { announced, wordEnd, wordStart } from './words';

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
  if (!scan.hasContext) return;
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
  const gaps = groups.slice(1).map((group, at) => gapOf(scan.signs.slice(groups[at]?.end ?? 0, group.start)));
  groups.forEach(({ start }, first) => {
    let digits = 0;
    for (const [at, { start: from, end }] of groups.slice(first, first + LONGEST).entries()) {
      const last = first + at;
      if (at > 0 && !gaps[last - 1]?.joins) break;
      digits += end - from;
      if (digits > LONGEST) break;
      if (!isLength(digits)) continue;
      const inside = gaps.slice(first, last);
      const [before, after] = [gaps[first - 1] ?? NONE, gaps[last] ?? NONE];
      const whole = inside.length === 0 || isWhole(inside, before, after);
      const fraction = isFraction(groups.slice(first, last + 1), inside, before);
      look(scan, { start, end, whole, loose, fraction });
    }
  });
}

/** What follows the point of a decimal, or all of one. */
function isFraction(groups: Group[], inside: Gap[], before: Gap): boolean {
  const [whole, places] = groups;
  if (groups.length === 1) return before.alike === POINT;
  if (groups.length !== 2 || !whole || !places) return false;
  return inside[0]?.alike === POINT && whole.end - whole.start <= 3 && places.end - places.start > 6;
}

/**
 * Whether groups belong together by themselves: the same stands between all of them and no more of it around, or they
 * are all that stands there. Rows of decimals don't.
 */
function isWhole(inside: Gap[], before: Gap, after: Gap): boolean {
  const alike = inside[0]?.alike ?? null;
  const even = alike !== null && inside.every((gap) => gap.alike === alike) && before.alike !== alike && after.alike !== alike;
  const alone = (gap: Gap) => !gap.joins || gap.odd;
  const mixed = inside.some((gap) => gap.odd) || (inside.some((gap) => gap.dot) && inside.some((gap) => gap.space));
  return even || (alone(before) && alone(after) && !mixed);
}

/** Groups that can be one number. */
interface Window extends Group {
  whole: boolean;
  loose: boolean;
  /** What follows the point of a decimal. */
  fraction: boolean;
}

function look(scan: Scan, window: Window): void {
  const signs = scan.signs.slice(window.start, window.end);
  if (window.loose && !signs.some(isLetter)) return;
  const digits = signs.map((sign) => digitOf(sign, window.loose)).join('');
  for (const fits of fitting(digits, scan.setting.today)) {
    const one = judge(scan, window, digits, fits);
    if (one) scan.found.push(one);
  }
}

function judge(scan: Scan, window: Window, digits: string, { kind, countries, unlikely }: Fits): Found | null {
  const { start, end } = window;
  const context = announced(scan.hits, kind, start, end) || hasPrefix(scan.signs, kind, start);
  if (kind === 'pan' && !isCardNetwork(digits)) return null;
  let severity = scan.severity(kind, context);
  if (severity === null) return null;
  if (!context) {
    if (window.loose || !window.whole || !standsApart(scan.signs, window) || scan.isQuiet(start, end)) return null;
    // Numbers of ten and eleven digits are common in addresses of pages and after the point of a decimal.
    const common = window.fraction || scan.isPath(start);
    if (common && severity === 'warn') return null;
    const telling = kind === 'jmbg' || kind === 'cnp';
    if (unlikely || (common && !telling)) severity = 'warn';
  }
  return found(kind, severity, start, end, { countries, context });
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
