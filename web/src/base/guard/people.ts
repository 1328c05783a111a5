/** Cues of a person: no detector of names is reliable in ten languages, but what stands beside a name often is. */
import { type Dated, quarter } from './days';
import { codesOf } from './finding';
import type { Group } from './numbers';
import { type Found, type Scan, found } from './reading';
import { type Sign, type Signs, isWord } from './signs';
import { type Hit, NEAR, wordEnd } from './words';

/** How far a date may stand before the word that makes it a birth, in signs. */
const BEFORE = 12;
/** How far from an age a town and an origin may stand, in signs. */
const TOGETHER = 60;
/** What may stand between a name and what is beside it, in signs. */
const BESIDE = 3;
/** Bands in which ages are said, as on file cards. */
const BANDS: [last: number, band: string][] = [
  [5, '0-5'],
  [9, '6-9'],
  [13, '10-13'],
  [15, '14-15'],
  [17, '16-17'],
];

/** Finds cues of births, names and profiles. */
export function findPeople(scan: Scan): void {
  births(scan);
  names(scan);
  profiles(scan);
}

const such = (scan: Scan, group: Hit['word']['group']) => scan.hits.filter((hit) => hit.word.group === group);

function isBirth(scan: Scan, date: Dated): boolean {
  return such(scan, 'born').some((hit) => {
    const after = hit.end <= date.start && date.start - hit.end <= NEAR;
    return after || (hit.start >= date.end && hit.start - date.end <= BEFORE);
  });
}

function births(scan: Scan): void {
  for (const date of scan.dates) {
    if (isBirth(scan, date)) scan.found.push(found('birth', 'warn', date.start, date.end, { offer: quarter(date.day) }));
  }
}

/** Whether only what is neither letter nor digit stands from `start` to `end`, and little of it. */
function beside(signs: Signs, start: number, end: number): boolean {
  return start <= end && end - start <= BESIDE && !signs.slice(start, end).some((sign) => isWord(sign) || sign.class === 'border');
}

/** A word of at least two letters of which the first alone is a capital. */
const isCapitalised = ([first, ...rest]: Sign[]) => rest.length > 0 && !!first?.upper && !rest.some((sign) => sign.upper);

/** Capitalised words, in signs, but for those that name an office, a month or a place. */
function capitalised({ signs, hits }: Scan): Group[] {
  const words: Group[] = [];
  for (let start = 0; start < signs.length; start++) {
    const end = wordEnd(signs, start);
    if (end === start) continue;
    const taken = () =>
      hits.some(
        (hit) => hit.start <= start && start < hit.end && ['office', 'month', 'place', 'nation', 'born'].includes(hit.word.group),
      );
    if (isCapitalised(signs.slice(start, end)) && !taken()) words.push({ start, end });
    start = end - 1;
  }
  return words;
}

function names(scan: Scan): void {
  const { signs, dates } = scan;
  const [born, kin] = [such(scan, 'born'), such(scan, 'kin')];
  if (born.length === 0 && kin.length === 0 && dates.length === 0) return;
  const words = capitalised(scan);
  const joined = (a: Group, b: Group) => b.start === a.end + 1 && ['space', 'dash'].includes(signs.at(a.end).class);
  const pairs = words.flatMap((a, at) => {
    const b = words[at + 1];
    return b && joined(a, b) ? [{ start: a.start, end: b.end }] : [];
  });
  const name = ({ start, end }: Group) => found('name', 'warn', start, end);
  const more: Found[] = [];
  for (const date of dates) {
    if (!lived(scan, date)) continue;
    for (const pair of pairs) {
      if (!beside(signs, pair.end, date.start) && !beside(signs, date.end, pair.start)) continue;
      more.push(name(pair));
      if (!isBirth(scan, date)) more.push(found('birth', 'warn', date.start, date.end, { offer: quarter(date.day) }));
    }
  }
  for (const hit of born) more.push(...pairs.filter((pair) => beside(signs, pair.end, hit.start)).map(name));
  for (const hit of kin) {
    const first = words.find((word) => beside(signs, hit.end, word.start));
    if (!first) continue;
    const second = words.find((word) => joined(first, word));
    more.push(name({ start: first.start, end: (second ?? first).end }));
  }
  scan.keep(more);
}

/** Whether somebody born on that day may live, and the day isn't one on which something is to happen or just has. */
function lived({ setting: { today } }: Scan, { day }: Dated): boolean {
  if (day.year < 1900 || day.year >= today.year) return false;
  const order = (year: number, month: number, of: number) => year * 10_000 + month * 100 + of;
  return order(day.year + 1, day.month, day.day) < order(today.year, today.month, today.day);
}

/** Age, town and origin together: in a small place that is a person. */
function profiles(scan: Scan): void {
  const more: Found[] = [];
  for (const age of ages(scan)) {
    const near = scan.hits.filter((hit) => {
      const apart = hit.start >= age.end ? hit.start - age.end : Math.max(age.start - hit.end, 0);
      return apart <= TOGETHER;
    });
    const towns = near.filter((hit) => hit.word.group === 'place' && scan.signs.at(hit.start).upper);
    if (!near.some((hit) => hit.word.group === 'nation') || towns.length === 0) continue;
    const years = Number(scan.signs.text(age.start, age.end));
    const band = BANDS.find(([last]) => years <= last)?.[1] ?? '18+';
    more.push(found('age', 'warn', age.start, age.end, { offer: band }));
    for (const { word, start, end } of towns) {
      const [code] = codesOf(word.countries);
      more.push(found('place', 'warn', start, end, { countries: word.countries, offer: code ? `${code} ${word.key}` : null }));
    }
  }
  scan.keep(more);
}

/** Numbers below a hundred beside a word of age. */
function ages(scan: Scan): Group[] {
  const words = such(scan, 'age');
  const { signs } = scan;
  return scan.groups.filter(
    (group) =>
      group.end - group.start <= 2 &&
      words.some(
        (hit) => beside(signs, group.end, hit.start) || (hit.end < group.start && beside(signs, hit.end, group.start)),
      ),
  );
}
