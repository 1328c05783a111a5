/** Where somebody is or drives: coordinates and plates. */
import { countriesOf } from './finding';
import type { Group } from './numbers';
import { ROWS } from './policy';
import { type Found, type Scan, found } from './reading';
import { type Sign, type Signs, isLetter, isWord } from './signs';
import { lieIn } from './spans';

/** Decimal places from which on a coordinate tells a house from its neighbours, and those of a precise one. */
const TELLING = 3;
const PRECISE = 4;
/** How far apart a latitude and a longitude in minutes may stand, in signs. */
const PAIRED = 6;

/** A number of degrees, in signs. */
interface Degrees extends Group {
  whole: number;
  places: number;
  /** With a degree sign or a letter of the compass. */
  marked: boolean;
}

const within = (value: number, from: number, to: number) => value >= from && value <= to;
const length = (group: Group) => group.end - group.start;
const value = (signs: Signs, group: Group) => Number(signs.text(group.start, group.end));

/** Finds coordinates: `44.8125, 20.4612`, `44°48'45"N 20°27'40"E`. */
export function findCoordinates(scan: Scan): void {
  const { signs, groups } = scan;
  const parts = groups.map((_, at) => sexagesimal(signs, groups, at)).filter((part) => part !== null);
  const starts = parts.map((part) => part.start);
  const ends = parts.map((part) => part.end).sort((a, b) => a - b);
  for (const part of parts) {
    const pair = lieIn(starts, part.end, part.end + PAIRED) || lieIn(ends, part.start - PAIRED, part.start);
    if (part.marked || pair) scan.found.push(found('coordinates', 'warn', part.start, part.end));
  }
  const decimals = groups.map((_, at) => decimal(signs, groups, at)).filter((one) => one !== null);
  decimals.forEach((a, at) => {
    const b = decimals[at + 1];
    if (!b || !within(b.start - a.end, 1, 4)) return;
    const joined = signs
      .slice(a.end, b.start)
      .every((sign) => ['space', 'slash', 'dash'].includes(sign.class) || sign.code === ',' || sign.code === ';');
    // In the region, pairs of decimals are coordinates even without a degree sign.
    const region = within(a.whole, 34, 48) && within(b.whole, 13, 30) && Math.min(a.places, b.places) >= PRECISE;
    const world = a.whole <= 90 && b.whole <= 180 && (a.marked || b.marked);
    if (joined && (region || world)) scan.found.push(found('coordinates', 'warn', a.start, b.end));
  });
}

const isCompass = (sign: Sign) => isLetter(sign) && sign.upper && /^[nsew]$/.test(sign.code);

/** The end of a degree sign and a letter of the compass after `at`. */
function markedEnd(signs: Signs, at: number): number {
  const end = signs.at(at).code === '°' ? at + 1 : at;
  const blank = signs.at(end).class === 'space' ? 1 : 0;
  return isCompass(signs.at(end + blank)) && !isWord(signs.at(end + blank + 1)) ? end + blank + 1 : end;
}

function decimal(signs: Signs, groups: Group[], at: number): Degrees | null {
  const [a, b] = [groups[at], groups[at + 1]];
  if (!a || !b || b.start !== a.end + 1 || (signs.at(a.end).class !== 'dot' && signs.at(a.end).code !== ',')) return null;
  if (length(a) > 3 || length(b) < TELLING) return null;
  const minus = signs.at(a.start - 1).class === 'dash' ? 1 : 0;
  const end = markedEnd(signs, b.end);
  return { start: a.start - minus, end, whole: value(signs, a), places: length(b), marked: end > b.end };
}

/** Degrees and minutes, with or without seconds. */
function sexagesimal(signs: Signs, groups: Group[], at: number): Degrees | null {
  const [a, b] = [groups[at], groups[at + 1]];
  if (!a || !b || signs.at(a.end).code !== '°' || b.start > a.end + 2) return null;
  if (length(b) > 2 || length(a) > 3 || value(signs, b) > 59 || !/^['’′´`‘]$/.test(signs.at(b.end).code)) return null;
  let end = b.end + 1;
  for (const part of groups.slice(at + 2, at + 4)) {
    if (part.start > end + 1 || length(part) > 4) break;
    end = part.end;
  }
  end += signs.count(end, (sign) => /^["”″'’′]$/.test(sign.code));
  const stop = markedEnd(signs, end);
  return { start: a.start, end: stop, whole: value(signs, a), places: 0, marked: stop > end };
}

/** The series of each country, with what must not stand around a plate. */
const SERIES = ROWS.filter((row) => row.kind === 'plate').map(({ countries, shape }) => ({
  countries,
  series: new RegExp(`(?:^|[^0-9A-Z])(${shape})(?:$|[^0-9A-Z])`, 'g'),
}));

/** Signs as the series are written: one ASCII character for each. */
function view(signs: Signs): string {
  const written = (sign: Sign) =>
    (isWord(sign) || ['space', 'dash'].includes(sign.class)) && sign.code < '\x80' ? sign.code.toUpperCase() : '.';
  return signs.all.map(written).join('');
}

/** Finds plates near a word that announces them. */
export function findPlates(scan: Scan): void {
  if (!scan.hits.some((hit) => hit.word.group === 'context' && hit.word.key === 'plate')) return;
  const text = view(scan.signs);
  const known = new Map<string, Found>();
  for (const { countries, series } of SERIES) {
    for (const { start, end } of matches(series, text)) {
      const signs = scan.signs.slice(start, end);
      const letters = signs.filter(isLetter);
      const spaced = signs.some((sign) => sign.class === 'space');
      const written = letters.every((sign) => sign.upper) || (!spaced && letters.every((sign) => !sign.upper));
      const context = scan.announced('plate', start, end);
      const severity = scan.severity('plate', context);
      if (!severity || !written || scan.quiet.meet(start, end)) continue;
      const same = known.get(`${start} ${end}`);
      if (same) {
        same.countries |= countries;
        continue;
      }
      const plate = found('plate', severity, start, end, { countries, context });
      known.set(`${start} ${end}`, plate);
      scan.found.push(plate);
    }
  }
}

/** Every place of the first group; what ends one match may begin the next. */
function* matches(series: RegExp, text: string): Generator<Group> {
  series.lastIndex = 0;
  for (let match = series.exec(text); match; match = series.exec(text)) {
    const [all, plate = ''] = match;
    const start = match.index + all.indexOf(plate);
    const end = start + plate.length;
    yield { start, end };
    series.lastIndex = end;
  }
}

/** Whether the whole text has the shape of a plate of this row of the table (`plate_al`, …); null for other rows. */
export function plateHolds(id: string, signs: Signs): boolean | null {
  const country = countriesOf(id.replace(/^plate_/, '').toUpperCase());
  const known = SERIES.find(({ countries }) => countries === country);
  if (!id.startsWith('plate_') || !known) return null;
  const text = view(signs);
  const [first] = matches(known.series, text);
  return first !== undefined && length(first) === text.length;
}
