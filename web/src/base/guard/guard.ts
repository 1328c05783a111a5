/**
 * The personal-data guard in the browser: it warns while somebody types, and the server decides. The twin of the crate
 * `guard/`, function by function, over the same tables (docs/decisions/0019).
 */
import { digitsHold } from './checks';
import { codeHolds, findCodes } from './codes';
import { contactHolds, findEmails, findPhones, hasAt } from './contacts';
import { datesIn } from './days';
import { type Finding, KINDS, SEVERITIES, type Spread, codesOf, kindNamed } from './finding';
import { findCoordinates, findPlates, plateHolds } from './maps';
import { findMarks } from './marks';
import { findNumbers, groupsIn } from './numbers';
import { findPeople } from './people';
import { pathsIn, quietIn } from './quiet';
import { type Found, Scan } from './reading';
import { type Day, Known, type Setting } from './setting';
import { Signs, isDigit } from './signs';
import { Contexts, hitsIn } from './words';

export { mask } from './mask';
export type { Day, Finding, Setting, Spread };
export type { Kind, Severity } from './finding';

/** Digits below which no value is looked for: a Romanian plate has two. */
const LEAST = 2;

const weight = (one: Found) => SEVERITIES.indexOf(one.severity);
const rank = (one: Found) => KINDS.indexOf(one.kind);

/** What is found among the signs, in their order. */
function read(signs: Signs, setting: Known): Found[] {
  const hits = hitsIn(signs);
  const digits = signs.all.filter(isDigit).length;
  const at = hasAt(signs);
  if (hits.length === 0 && digits < LEAST && !at) return [];
  const groups = groupsIn(signs);
  const dates = datesIn(signs, groups, hits);
  const quiet = quietIn(signs, groups, dates, hits);
  const scan = new Scan(signs, setting, hits, new Contexts(hits), groups, dates, quiet, pathsIn(signs));
  if (at) findEmails(scan);
  if (digits >= LEAST) {
    findPhones(scan);
    findNumbers(scan);
    findCodes(scan);
    findCoordinates(scan);
    findPlates(scan);
  }
  const values = scan.found;
  scan.found = [];
  findPeople(scan);
  findMarks(scan);
  return strongest(values, scan.found, signs.length);
}

/** Of findings that overlap one stays, and of values the one that weighs most: one value, one finding. */
function strongest(values: Found[], soft: Found[], signs: number): Found[] {
  if (values.length === 0 && soft.length === 0) return [];
  const length = (one: Found) => one.end - one.start;
  values.sort(
    (a, b) =>
      weight(b) - weight(a) ||
      Number(b.context) - Number(a.context) ||
      length(b) - length(a) ||
      a.start - b.start ||
      rank(a) - rank(b),
  );
  const taken = new Uint8Array(signs);
  const found = [...values, ...soft].filter((one) => takes(one, taken));
  return found.sort((a, b) => a.start - b.start || a.end - b.end || rank(a) - rank(b));
}

/** Takes the signs of a finding, if nothing has taken one of them yet. */
function takes({ start, end }: Found, taken: Uint8Array): boolean {
  const own = taken.subarray(start, end);
  if (own.includes(1)) return false;
  own.fill(1);
  return true;
}

function placed(signs: Signs, { kind, countries, severity, start, end, offer }: Found): Finding {
  return { kind, countries: codesOf(countries), severity, start: signs.at(start).start, end: signs.at(end - 1).end, offer };
}

/** What is found in a text, in its order. */
export function scan(text: string, setting: Setting): Finding[] {
  const signs = Signs.of(text);
  return read(signs, new Known(setting)).map((one) => placed(signs, one));
}

/**
 * What is found in messages read as one, oldest first: somebody may split a number over two. Only what lies in the last
 * one or reaches over a border counts; the others were read when they came.
 */
export function joined(messages: string[], setting: Setting): Spread[] {
  const signs = new Signs();
  const bounds: { start: number; end: number }[] = [];
  for (const message of messages) {
    const start = bounds.at(-1)?.end ?? 0;
    if (bounds.length > 0) signs.border(start);
    signs.add(message, start);
    bounds.push({ start, end: start + message.length });
  }
  return read(signs, new Known(setting)).flatMap((one) => {
    const { start, end, ...finding } = placed(signs, one);
    const parts = bounds
      .map((of, at): Spread['parts'][number] => [at, Math.max(start, of.start) - of.start, Math.min(end, of.end) - of.start])
      .filter(([, from, to]) => from < to);
    const counts = parts.length > 1 || parts[0]?.[0] === messages.length - 1;
    return counts ? [{ ...finding, parts }] : [];
  });
}

/** A text as the guard reads it, and where in the original, in UTF-16 units, each of its characters stands. */
export function normalise(text: string): { text: string; places: [start: number, end: number][] } {
  const signs = Signs.of(text);
  return { text: signs.text(0, signs.length), places: signs.all.map(({ start, end }) => [start, end]) };
}

/** Whether a whole text fulfils the rule of a row of `national-ids.tsv`; null if there is no such row. */
export function passes(id: string, text: string, today: Day): boolean | null {
  const kind = kindNamed(id);
  if (!kind) return null;
  const signs = Signs.of(text);
  const digits = signs.all.filter(isDigit).map((sign) => sign.code);
  const separated = signs.all.every((sign) => ['digit', 'space', 'dash', 'dot'].includes(sign.class));
  const holds = digitsHold(kind, digits.join(''), today);
  if (holds !== null) return holds && separated;
  return codeHolds(kind, signs) ?? contactHolds(kind, signs) ?? plateHolds(id, signs);
}
