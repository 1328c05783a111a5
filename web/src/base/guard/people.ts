/** Cues of a person: no detector of names is reliable in ten languages, but what stands beside a name often is. */
import { type Dated, quarter } from './days';
import { codesOf } from './finding';
import type { Group } from './numbers';
import { type Found, type Scan, found } from './reading';
import { type Sign, type Signs, isWord } from './signs';
import { Spans, before, lieIn } from './spans';
import { type Hit, NEAR, spansOf, wordEnd } from './words';

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

/** The words of a group, and where they end, in order. */
function such(scan: Scan, group: Hit['word']['group']): { hits: Hit[]; starts: number[]; ends: number[] } {
  const hits = scan.hits.filter((hit) => hit.word.group === group);
  return { hits, starts: hits.map((hit) => hit.start), ends: hits.map((hit) => hit.end).sort((a, b) => a - b) };
}

/** Dates that a word makes births. */
function births(scan: Scan): void {
  if (scan.dates.length === 0) return;
  const { starts, ends } = such(scan, 'born');
  for (const date of scan.dates) {
    date.birth = lieIn(ends, date.start - NEAR, date.start) || lieIn(starts, date.end, date.end + BEFORE);
    if (date.birth) scan.found.push(birth(date));
  }
}

const birth = (date: Dated) => found('birth', 'warn', date.start, date.end, { offer: quarter(date.day) });

/** Whether only what is neither letter nor digit stands from `start` to `end`, and little of it. */
function beside(signs: Signs, start: number, end: number): boolean {
  return start <= end && end - start <= BESIDE && !signs.slice(start, end).some((sign) => isWord(sign) || sign.class === 'border');
}

/** A word of at least two letters of which the first alone is a capital. */
const isCapitalised = ([first, ...rest]: Sign[]) => rest.length > 0 && !!first?.upper && !rest.some((sign) => sign.upper);

/** Capitalised words, in signs, but for those that name an office, a month or a place. */
function capitalised({ signs, hits }: Scan): Group[] {
  const taken = spansOf(hits, (word) => ['office', 'month', 'place', 'nation', 'born'].includes(word.group));
  const words: Group[] = [];
  for (let start = 0; start < signs.length; start++) {
    const end = wordEnd(signs, start);
    if (end === start) continue;
    if (isCapitalised(signs.slice(start, end)) && !taken.meet(start, start + 1)) words.push({ start, end });
    start = end - 1;
  }
  return words;
}

/** Of stretches in order those whose place lies at most `BESIDE` signs after `from`. */
function after<T>(all: T[], from: number, place: (one: T) => number): T[] {
  const close: T[] = [];
  for (let at = before(all, from, place); at < all.length; at++) {
    const one = all[at];
    if (one === undefined || place(one) > from + BESIDE) break;
    close.push(one);
  }
  return close;
}

function names(scan: Scan): void {
  const { signs, dates } = scan;
  const [born, kin] = [such(scan, 'born').hits, such(scan, 'kin').hits];
  if (born.length === 0 && kin.length === 0 && dates.length === 0) return;
  const words = capitalised(scan);
  const joined = (a: Group, b: Group) => b.start === a.end + 1 && ['space', 'dash'].includes(signs.at(a.end).class);
  const pairs = words.flatMap((a, at) => {
    const b = words[at + 1];
    return b && joined(a, b) ? [{ start: a.start, end: b.end }] : [];
  });
  const ahead = (at: number) => after(pairs, at - BESIDE, (pair) => pair.end).filter((pair) => beside(signs, pair.end, at));
  const behind = (all: Group[], at: number) =>
    after(all, at, (word) => word.start).filter((word) => beside(signs, at, word.start));
  const name = ({ start, end }: Group) => found('name', 'warn', start, end);
  const more: Found[] = [];
  for (const date of dates) {
    if (!lived(scan, date)) continue;
    for (const pair of [...ahead(date.start), ...behind(pairs, date.end)]) {
      more.push(name(pair));
      if (!date.birth) more.push(birth(date));
    }
  }
  for (const hit of born) more.push(...ahead(hit.start).map(name));
  for (const hit of kin) {
    const [first] = behind(words, hit.end);
    if (!first) continue;
    const second = after(words, first.end, (word) => word.start).find((word) => joined(first, word));
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
  const all = ages(scan);
  if (all.length === 0) return;
  const origins = spansOf(scan.hits, (word) => word.group === 'nation');
  const towns = scan.hits.filter((hit) => hit.word.group === 'place' && scan.signs.at(hit.start).upper);
  const places = new Spans(towns);
  const more: Found[] = [];
  let told = 0;
  for (const age of all) {
    if (!origins.near(age.start, age.end, TOGETHER) || !places.near(age.start, age.end, TOGETHER)) continue;
    const years = Number(scan.signs.text(age.start, age.end));
    const band = BANDS.find(([last]) => years <= last)?.[1] ?? '18+';
    more.push(found('age', 'warn', age.start, age.end, { offer: band }));
    // Those before were told of beside an age before, or end too far from this one.
    const close = before(towns, age.end + TOGETHER + 1, (town) => town.start);
    for (const { word, start, end } of towns.slice(told, close)) {
      if (end + TOGETHER < age.start) continue;
      const [code] = codesOf(word.countries);
      more.push(found('place', 'warn', start, end, { countries: word.countries, offer: code ? `${code} ${word.key}` : null }));
    }
    told = Math.max(told, close);
  }
  scan.keep(more);
}

/** Numbers below a hundred beside a word of age. */
function ages(scan: Scan): Group[] {
  const { starts, ends } = such(scan, 'age');
  const { signs } = scan;
  const place = (at: number) => at;
  return scan.groups.filter(
    (group) =>
      group.end - group.start <= 2 &&
      (after(starts, group.end, place).some((start) => beside(signs, group.end, start)) ||
        after(ends, group.start - BESIDE, place).some((end) => end < group.start && beside(signs, end, group.start))),
  );
}
