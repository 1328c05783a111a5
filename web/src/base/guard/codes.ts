/** Identifiers with letters in them: account numbers, machine-readable zones, Albanian and Greek numbers. */
import { afm } from './checks';
import { exists } from './days';
import { type Kind, countriesOf } from './finding';
import type { Group } from './numbers';
import { type Scan, found } from './reading';
import { type Sign, type Signs, isDigit, isLetter, isWord } from './signs';
import { IBANS } from './tables';

/** What may stand between two signs of one code, and of a zone, in signs. */
const GAP = 3;
const ZONE_GAP = 7;
/** Digits below which an account number is rather words. */
const LEAST_DIGITS = 8;

/** A sign that codes are made of. */
interface Part {
  at: number;
  code: string;
  /** How much may have to stand between two signs of one code for this one to go on after the one before. */
  gap: number;
}

/** The signs of a code. */
interface Code extends Group {
  parts: Part[];
  text: string;
}

/** The parts of a text from one on. */
interface Place {
  all: Part[];
  first: number;
  at: number;
}

const isPart = (sign: Sign) => isWord(sign) || sign.code === '<';
const isCompact = (code: Code) => code.end - code.start === code.parts.length;
const areCapitals = (signs: Signs, code: Code) => code.parts.every(({ at }) => isDigit(signs.at(at)) || signs.at(at).upper);

/** The signs of a text that codes are made of. */
function partsOf(signs: Signs): Part[] {
  const found: Part[] = [];
  let [gap, seen] = [0, 0];
  signs.all.forEach((sign, at) => {
    if (isPart(sign)) {
      found.push({ at, code: sign.code, gap });
      [gap, seen] = [0, 0];
    } else if (sign.class === 'odd' || sign.class === 'other') {
      gap = Infinity;
    } else {
      gap = Math.max(gap, seen + 1);
      if (sign.class !== 'border') seen++;
    }
  });
  return found;
}

/**
 * The code of so many signs, at most so far apart, that begins with a part and ends where no other sign of one follows, if
 * each fits its place.
 */
function gather({ all, first }: Place, length: number, most: number, fits: (place: number, sign: string) => boolean): Code | null {
  for (let place = 0; place < length; place++) {
    const part = all[first + place];
    if (!part || !fits(place, part.code) || (place > 0 && part.gap > most)) return null;
  }
  if (all[first + length]?.gap === 0) return null;
  const parts = all.slice(first, first + length);
  const text = parts.map((part) => part.code).join('');
  return { parts, text, start: parts[0]?.at ?? 0, end: (parts.at(-1)?.at ?? 0) + 1 };
}

/** Finds what begins at the beginning of a word or number. */
export function findCodes(scan: Scan): void {
  const { signs } = scan;
  const all = partsOf(signs);
  all.forEach(({ at }, first) => {
    const place: Place = { all, first, at };
    const before = signs.at(at - 1);
    // `nalazRS35…`, the name of a file: a capital after a small letter begins something, too.
    const begins = !isPart(before) || (signs.at(at).upper && isLetter(before) && !before.upper);
    if (begins || (at >= 4 && signs.at(at - 1).code === 'n' && signs.text(at - 4, at) === 'iban')) {
      const code = iban(place);
      if (code) account(scan, code);
    }
    if (!begins) return;
    for (const [kind, code] of [
      ['mrz_td3', mrzTd3(place)],
      ['mrz_td1', mrzTd1(place)],
    ] as const) {
      const severity = scan.severity(kind, false);
      if (code && severity) scan.found.push(found(kind, severity, code.start, code.end));
    }
    albanian(scan, place);
    greek(scan, place);
  });
}

const lengths = new Map(
  IBANS.flatMap(([length, codes = '']) => codes.split(' ').map((code) => [code.toLowerCase(), Number(length)] as const)),
);

/** What has the shape of an account number: a country, then as many signs as its numbers have. */
function iban(place: Place): Code | null {
  const [first, next] = [place.all[place.first], place.all[place.first + 1]];
  if (!first || !next || next.at - first.at > GAP + 1) return null;
  const length = lengths.get(first.code + next.code);
  if (!length) return null;
  const fits = (place: number, sign: string) => place < 2 || /^[0-9oli]$/.test(sign) || (place > 3 && /^[a-z]$/.test(sign));
  const code = gather(place, length, GAP, fits);
  return code && code.text.replace(/\D/g, '').length >= LEAST_DIGITS ? code : null;
}

/** ISO 7064, mod 97,10, over the code with its first four signs at the end. */
function mod97(text: string, loose: boolean): boolean {
  const strict = (sign: string) => parseInt(sign, 36);
  const value = (sign: string) => (loose && sign === 'o' ? 0 : loose && /[li]/.test(sign) ? 1 : strict(sign));
  // The country's own letters are letters in any case.
  const values = [...[...text.slice(4)].map(value), ...[...text.slice(0, 2)].map(strict), ...[...text.slice(2, 4)].map(value)];
  return values.reduce((all, one) => (all * (one > 9 ? 100 : 10) + one) % 97, 0) === 1;
}

function account(scan: Scan, { text, start, end }: Code): void {
  const context = scan.announced('iban', start, end);
  const holds = /^..\d\d/.test(text) && mod97(text, false);
  if (!holds && !(context && mod97(text, true))) return;
  const severity = scan.severity('iban', context);
  const countries = countriesOf(text.slice(0, 2).toUpperCase());
  if (severity) scan.found.push(found('iban', severity, start, end, { countries, context }));
}

const within = (place: number, from: number, to: number) => place >= from && place <= to;

/** The check digit of a field (ICAO 9303-3, 4.9). */
function zoneCheck(field: string): string {
  const values = [...field].map((sign, at) => (sign === '<' ? 0 : parseInt(sign, 36)) * ([7, 3, 1][at % 3] ?? 0));
  return String(values.reduce((all, value) => all + value, 0) % 10);
}

function mrzTd3(place: Place): Code | null {
  const code = gather(place, 44, ZONE_GAP, (place, sign) => {
    if (place === 9 || within(place, 13, 19) || within(place, 21, 27) || place === 43) return /^\d$/.test(sign);
    if (within(place, 10, 12)) return /^[a-z<]$/.test(sign);
    if (place === 20) return /^[mfx<]$/.test(sign);
    return place === 42 ? /^[0-9<]$/.test(sign) : /^[a-z0-9<]$/.test(sign);
  });
  if (!code) return null;
  const s = code.text;
  const holds =
    zoneCheck(s.slice(0, 9)) === s[9] &&
    zoneCheck(s.slice(13, 19)) === s[19] &&
    zoneCheck(s.slice(21, 27)) === s[27] &&
    zoneCheck(s.slice(0, 10) + s.slice(13, 20) + s.slice(21, 43)) === s[43];
  return holds ? code : null;
}

function mrzTd1(place: Place): Code | null {
  const code = gather(place, 60, ZONE_GAP, (place, sign) => {
    if (place === 0) return /^[aci]$/.test(sign);
    if (within(place, 1, 4) || within(place, 45, 47)) return /^[a-z<]$/.test(sign);
    if (place === 14) return /^[0-9<]$/.test(sign);
    if (within(place, 30, 36) || within(place, 38, 44) || place === 59) return /^\d$/.test(sign);
    return place === 37 ? /^[mfx<]$/.test(sign) : /^[a-z0-9<]$/.test(sign);
  });
  if (!code) return null;
  const [a, b] = [code.text.slice(0, 30), code.text.slice(30)];
  const holds =
    zoneCheck(a.slice(5, 14)) === a[14] &&
    zoneCheck(b.slice(0, 6)) === b[6] &&
    zoneCheck(b.slice(8, 14)) === b[14] &&
    zoneCheck(a.slice(5, 30) + b.slice(0, 7) + b.slice(8, 15) + b.slice(18, 29)) === b[29];
  return holds ? code : null;
}

const OFFSETS = [0, 30, 50, 80];

/** Decade, year, month, day, serial, check letter; the month also says sex and origin. */
function alNid(place: Place): Code | null {
  const code = gather(place, 10, GAP, (place, sign) =>
    place === 0 ? /^[0-9a-t]$/.test(sign) : place === 9 ? /^[a-w]$/.test(sign) : /^\d$/.test(sign),
  );
  if (!code) return null;
  const [month, day] = [Number(code.text.slice(2, 4)), Number(code.text.slice(4, 6))];
  return OFFSETS.some((offset) => within(month - offset, 1, 12)) && within(day, 1, 31) ? code : null;
}

/** W is 0, A is 1, V is 22. */
const letterValue = (letter: string) => (letter.charCodeAt(0) - 96) % 23;

/** Whether date and check letter of an Albanian number hold. Many that were issued don't. */
function alNidHolds({ text }: Code): boolean {
  const year = 1800 + 10 * parseInt(text[0] ?? '', 36) + Number(text[1]);
  const coded = Number(text.slice(2, 4));
  const offset = OFFSETS.find((offset) => within(coded - offset, 1, 12)) ?? 0;
  const weights = [1, 1, 2, 3, 4, 5, 6, 7, 8];
  const sum = weights.reduce((all, weight, at) => {
    const sign = text[at] ?? '';
    return all + weight * (/\d/.test(sign) ? Number(sign) : letterValue(sign));
  }, 0);
  return exists(year, coded - offset, Number(text.slice(4, 6))) && sum % 23 === letterValue(text[9] ?? '');
}

function albanian(scan: Scan, place: Place): void {
  const { signs } = scan;
  const code = alNid(place);
  if (!code) return;
  const { start, end } = code;
  const context = scan.announced('al_nid', start, end);
  const spaced = (one: number) =>
    signs.slice((code.parts[one]?.at ?? 0) + 1, code.parts[one + 1]?.at ?? 0).some((sign) => sign.class === 'space');
  const alone = !scan.quiet.meet(start, end) && areCapitals(signs, code);
  // Without a word that announces it, a single letter beside a number of years isn't enough.
  const stands = context || (alone && (isCompact(code) || (alNidHolds(code) && !spaced(0) && !spaced(8))));
  const severity = scan.severity('al_nid', context);
  if (stands && severity) scan.found.push(found('al_nid', severity, start, end, { countries: countriesOf('AL'), context }));
}

function grPa(place: Place): Code | null {
  const code = gather(place, 12, GAP, (place, sign) => /^\d$/.test(sign) || (place < 3 && /^[a-z]$/.test(sign)));
  return code && afm(code.text.slice(3)) ? code : null;
}

/** The letters that Greek and Latin share stand on Greek cards. Where such a number ends. */
function grAdt(signs: Signs, at: number): number | null {
  const letters = signs.count(at, (sign) => /^[abezhikmnoptyx]$/.test(sign.code), 3);
  const gap = ['space', 'dash'].includes(signs.at(at + letters).class) ? 1 : 0;
  const first = at + letters + gap;
  const end = first + signs.count(first, isDigit, 7);
  return within(letters, 1, 2) && end - first === 6 && !isPart(signs.at(end)) ? end : null;
}

function greek(scan: Scan, place: Place): void {
  const { signs } = scan;
  const { at } = place;
  const countries = countriesOf('GR');
  const code = grPa(place);
  if (code) {
    const { start, end } = code;
    const context = scan.announced('gr_pa', start, end);
    const alone = isCompact(code) && /[a-z]/.test(code.text.slice(0, 3)) && areCapitals(signs, code) && !scan.quiet.meet(start, end);
    const severity = scan.severity('gr_pa', context);
    if ((context || alone) && severity) scan.found.push(found('gr_pa', severity, start, end, { countries, context }));
  }
  const end = grAdt(signs, at);
  if (end !== null) {
    const context = scan.announced('gr_adt', at, end);
    const alone = signs.at(at).upper && !scan.quiet.meet(at, end);
    const severity = scan.severity('gr_adt', context);
    if ((context || alone) && severity) scan.found.push(found('gr_adt', severity, at, end, { countries, context }));
  }
}

/** Whether the whole text is a code of this kind that fulfils its rule; null for kinds that aren't read here. */
export function codeHolds(kind: Kind, signs: Signs): boolean | null {
  const place = { all: partsOf(signs), first: 0, at: 0 };
  const whole = (code: Code | null) => (code?.start === 0 && code.end === signs.length ? code : null);
  switch (kind) {
    case 'iban': {
      const code = whole(iban(place));
      return code !== null && mod97(code.text, false);
    }
    case 'mrz_td3':
      return whole(mrzTd3(place)) !== null;
    case 'mrz_td1':
      return whole(mrzTd1(place)) !== null;
    case 'al_nid': {
      const code = whole(alNid(place));
      return code !== null && alNidHolds(code);
    }
    case 'gr_pa':
      return whole(grPa(place)) !== null;
    case 'gr_adt':
      return signs.length > 0 && grAdt(signs, 0) === signs.length;
    default:
      return null;
  }
}
