/** Identifiers with letters in them: account numbers, machine-readable zones, Albanian and Greek numbers. */
import { afm } from './checks';
import { exists } from './days';
import { type Kind, countriesOf } from './finding';
import { type Scan, found } from './reading';
import { type Sign, type Signs, isDigit, isLetter, isWord } from './signs';
import { IBANS } from './tables';
import { announced } from './words';

/** What may stand between two signs of one code, and of a zone, in signs. */
const GAP = 3;
const ZONE_GAP = 7;
/** Digits below which an account number is rather words. */
const LEAST_DIGITS = 8;

/** The signs of a code. */
interface Code {
  at: number[];
  text: string;
  start: number;
  end: number;
}

const isPart = (sign: Sign) => isWord(sign) || sign.code === '<';
const isCompact = (code: Code) => code.end - code.start === code.at.length;
const areCapitals = (signs: Signs, code: Code) => code.at.every((at) => isDigit(signs.at(at)) || signs.at(at).upper);

/**
 * The code of so many signs, at most so far apart, that begins at `first` and ends where no other sign of one follows, if
 * each fits its place.
 */
function gather(signs: Signs, first: number, length: number, most: number, fits: (place: number, sign: string) => boolean): Code | null {
  const at: number[] = [];
  let text = '';
  let gap = 0;
  let next = first;
  for (; at.length < length; next++) {
    const sign = signs.at(next);
    if (isPart(sign)) {
      if (!fits(at.length, sign.code)) return null;
      at.push(next);
      text += sign.code;
      gap = 0;
    } else if (gap === most || ['odd', 'other', 'end'].includes(sign.class)) {
      return null;
    } else if (sign.class !== 'border') {
      gap++;
    }
  }
  return isPart(signs.at(next)) ? null : { at, text, start: first, end: next };
}

/** Finds what begins at the beginning of a word or number. */
export function findCodes(scan: Scan): void {
  const { signs } = scan;
  for (let at = 0; at < signs.length; at++) {
    if (!isPart(signs.at(at))) continue;
    const before = signs.at(at - 1);
    // `nalazRS35…`, the name of a file: a capital after a small letter begins something, too.
    const begins = !isPart(before) || (signs.at(at).upper && isLetter(before) && !before.upper);
    if (begins || (at >= 4 && signs.text(at - 4, at) === 'iban')) {
      const code = iban(signs, at);
      if (code) account(scan, code);
    }
    if (!begins) continue;
    for (const [kind, code] of [
      ['mrz_td3', mrzTd3(signs, at)],
      ['mrz_td1', mrzTd1(signs, at)],
    ] as const) {
      const severity = scan.severity(kind, false);
      if (code && severity) scan.found.push(found(kind, severity, code.start, code.end));
    }
    albanian(scan, at);
    greek(scan, at);
  }
}

const lengths = new Map(
  IBANS.flatMap(([length, codes = '']) => codes.split(' ').map((code) => [code.toLowerCase(), Number(length)] as const)),
);

/** What has the shape of an account number: a country, then as many signs as its numbers have. */
function iban(signs: Signs, at: number): Code | null {
  let next = at + 1;
  while (next < signs.length && next - at <= GAP + 1 && !isPart(signs.at(next))) next++;
  if (next - at > GAP + 1) return null;
  const length = lengths.get(signs.at(at).code + signs.at(next).code);
  if (!length) return null;
  const fits = (place: number, sign: string) => place < 2 || /^[0-9oli]$/.test(sign) || (place > 3 && /^[a-z]$/.test(sign));
  const code = gather(signs, at, length, GAP, fits);
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
  const context = announced(scan.hits, 'iban', start, end);
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

function mrzTd3(signs: Signs, at: number): Code | null {
  const code = gather(signs, at, 44, ZONE_GAP, (place, sign) => {
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

function mrzTd1(signs: Signs, at: number): Code | null {
  const code = gather(signs, at, 60, ZONE_GAP, (place, sign) => {
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
function alNid(signs: Signs, at: number): Code | null {
  const code = gather(signs, at, 10, GAP, (place, sign) =>
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

function albanian(scan: Scan, at: number): void {
  const { signs } = scan;
  const code = alNid(signs, at);
  if (!code) return;
  const { start, end } = code;
  const context = announced(scan.hits, 'al_nid', start, end);
  const spaced = (one: number) => signs.slice((code.at[one] ?? 0) + 1, code.at[one + 1] ?? 0).some((sign) => sign.class === 'space');
  const alone = !scan.isQuiet(start, end) && areCapitals(signs, code);
  // Without a word that announces it, a single letter beside a number of years isn't enough.
  const stands = context || (alone && (isCompact(code) || (alNidHolds(code) && !spaced(0) && !spaced(8))));
  const severity = scan.severity('al_nid', context);
  if (stands && severity) scan.found.push(found('al_nid', severity, start, end, { countries: countriesOf('AL'), context }));
}

function grPa(signs: Signs, at: number): Code | null {
  const code = gather(signs, at, 12, GAP, (place, sign) => /^\d$/.test(sign) || (place < 3 && /^[a-z]$/.test(sign)));
  return code && afm(code.text.slice(3)) ? code : null;
}

/** The letters that Greek and Latin share stand on Greek cards. Where such a number ends. */
function grAdt(signs: Signs, at: number): number | null {
  const letters = signs.count(at, (sign) => /^[abezhikmnoptyx]$/.test(sign.code));
  const gap = ['space', 'dash'].includes(signs.at(at + letters).class) ? 1 : 0;
  const first = at + letters + gap;
  const end = first + signs.count(first, isDigit);
  return within(letters, 1, 2) && end - first === 6 && !isPart(signs.at(end)) ? end : null;
}

function greek(scan: Scan, at: number): void {
  const { signs } = scan;
  const countries = countriesOf('GR');
  const code = grPa(signs, at);
  if (code) {
    const { start, end } = code;
    const context = announced(scan.hits, 'gr_pa', start, end);
    const alone = isCompact(code) && /[a-z]/.test(code.text.slice(0, 3)) && areCapitals(signs, code) && !scan.isQuiet(start, end);
    const severity = scan.severity('gr_pa', context);
    if ((context || alone) && severity) scan.found.push(found('gr_pa', severity, start, end, { countries, context }));
  }
  const end = grAdt(signs, at);
  if (end !== null) {
    const context = announced(scan.hits, 'gr_adt', at, end);
    const alone = signs.at(at).upper && !scan.isQuiet(at, end);
    const severity = scan.severity('gr_adt', context);
    if ((context || alone) && severity) scan.found.push(found('gr_adt', severity, at, end, { countries, context }));
  }
}

/** Whether the whole text is a code of this kind that fulfils its rule; null for kinds that aren't read here. */
export function codeHolds(kind: Kind, signs: Signs): boolean | null {
  const whole = (code: Code | null) => (code?.end === signs.length ? code : null);
  switch (kind) {
    case 'iban': {
      const code = whole(iban(signs, 0));
      return code !== null && mod97(code.text, false);
    }
    case 'mrz_td3':
      return whole(mrzTd3(signs, 0)) !== null;
    case 'mrz_td1':
      return whole(mrzTd1(signs, 0)) !== null;
    case 'al_nid': {
      const code = whole(alNid(signs, 0));
      return code !== null && alNidHolds(code);
    }
    case 'gr_pa':
      return whole(grPa(signs, 0)) !== null;
    case 'gr_adt':
      return signs.length > 0 && grAdt(signs, 0) === signs.length;
    default:
      return null;
  }
}
