/** The rules of the identifiers that are made of digits only (`national-ids.tsv` says where each comes from). */
import { exists } from './days';
import { type Countries, type Kind, countriesOf } from './finding';
import { countriesWith } from './policy';
import { type Day, notAfter } from './setting';

type Digits = string;

const digit = (digits: Digits, at: number) => digits.charCodeAt(at) - 48;
const number = (digits: Digits, from: number, to: number) => Number(digits.slice(from, to));
const sum = (digits: Digits, weights: number[]) => weights.reduce((all, weight, at) => all + weight * digit(digits, at), 0);

function luhn(digits: Digits): boolean {
  let all = 0;
  for (let at = 0; at < digits.length; at++) {
    const one = digit(digits, digits.length - 1 - at);
    all += at % 2 === 0 ? one : one > 4 ? one * 2 - 9 : one * 2;
  }
  return all % 10 === 0;
}

function jmbg(digits: Digits, today: Day): boolean {
  const year = number(digits, 4, 7);
  const born = { year: year + (year >= 800 ? 1000 : 2000), month: number(digits, 2, 4), day: number(digits, 0, 2) };
  const check = 11 - (sum(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return notAfter(born, today) && exists(born.year, born.month, born.day) && digit(digits, 12) === (check > 9 ? 0 : check);
}

/** Where a unique master citizen number was given; every country that uses it where the number doesn't say. */
function registered(digits: Digits): Countries {
  const region = number(digits, 7, 9);
  const known: [number, number, string][] = [
    [10, 19, 'BA'],
    [20, 29, 'ME'],
    [30, 39, 'HR'],
    [40, 49, 'MK'],
    [70, 89, 'RS'],
    [90, 99, 'XK'],
  ];
  const found = known.find(([from, to]) => region >= from && region <= to);
  return found ? countriesOf(found[2]) : countriesWith('jmbg');
}

/** ISO 7064, mod 11,10. */
function oib(digits: Digits): boolean {
  let product = 10;
  for (let at = 0; at < 10; at++) product = (((product + digit(digits, at)) % 10 || 10) * 2) % 11;
  return (product + digit(digits, 10)) % 10 === 1;
}

function cnp(digits: Digits): boolean {
  const first = digit(digits, 0);
  if (first === 0) return false;
  const centuries = first <= 2 ? [1900] : first <= 4 ? [1800] : first <= 6 ? [2000] : [1900, 2000];
  const [year, month, day] = [number(digits, 1, 3), number(digits, 3, 5), number(digits, 5, 7)];
  const county = number(digits, 7, 9);
  const check = sum(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (
    centuries.some((century) => exists(century + year, month, day)) &&
    ((county >= 1 && county <= 48) || [51, 52, 70].includes(county) || (county >= 80 && county <= 83)) &&
    digits.slice(9, 12) !== '000' &&
    digit(digits, 12) === (check === 10 ? 1 : check)
  );
}

/** The year of birth in a uniform civil number that holds. */
function egn(digits: Digits, today: Day): number | null {
  const coded = number(digits, 2, 4);
  const [century, month] = coded <= 20 ? [1900, coded] : coded <= 40 ? [1800, coded - 20] : [2000, coded - 40];
  const born = { year: century + number(digits, 0, 2), month, day: number(digits, 4, 6) };
  const check = (sum(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10;
  const holds = notAfter(born, today) && exists(born.year, born.month, born.day) && digit(digits, 9) === check;
  return holds ? born.year : null;
}

const lnch = (digits: Digits) => sum(digits, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === digit(digits, 9);

const idnp = (digits: Digits) =>
  /^[02]/.test(digits) && sum(digits, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 === digit(digits, 12);

function amka(digits: Digits): boolean {
  const [day, month, year] = [number(digits, 0, 2), number(digits, 2, 4), number(digits, 4, 6)];
  return (exists(1900 + year, month, day) || exists(2000 + year, month, day)) && luhn(digits);
}

/** Greek tax number: nine digits. */
export const afm = (digits: Digits) =>
  /[1-9]/.test(digits) && (sum(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digit(digits, 8);

function xkPn(digits: Digits): boolean {
  const check = 11 - (sum(digits, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return digits.startsWith('9') || (/[1-9]/.test(digits) && digit(digits, 9) === (check > 9 ? 0 : check));
}

const pan = (digits: Digits) => digits.length >= 13 && digits.length <= 19 && /^[3-6]/.test(digits) && luhn(digits);

/** Whether the number begins as a known network's cards do, and is as long. */
export function isCardNetwork(digits: Digits): boolean {
  const [two, four, len] = [number(digits, 0, 2), number(digits, 0, 4), digits.length];
  const within = (from: number, to: number) => len >= from && len <= to;
  if (two === 34 || two === 37) return len === 15;
  if (two === 36 || two === 38 || two === 39) return len === 14;
  if (two === 30) return len === 14 && four < 3060;
  if (two === 35) return within(16, 19) && four >= 3528 && four <= 3589;
  if (two >= 40 && two <= 49) return [13, 16, 19].includes(len);
  if (two >= 51 && two <= 55) return len === 16;
  if ([50, 56, 57, 58, 63, 67].includes(two)) return len >= 13;
  if ([60, 64, 65].includes(two)) return within(16, 19) && (four === 6011 || four >= 6440);
  return two === 62 && len >= 16;
}

/** A rule that a number of digits fulfils. */
export interface Fits {
  kind: Kind;
  countries: Countries;
  /** A birth that nobody alive has: more likely no identifier at all. */
  unlikely: boolean;
}

/** How many digits some identifier has. */
export const isLength = (len: number) => (len >= 9 && len <= 11) || (len >= 13 && len <= 19);

/** Which identifiers a number can be, in the order of the table. */
export function fitting(digits: Digits, today: Day): Fits[] {
  const found: Fits[] = [];
  const fits = (kind: Kind, holds: boolean, unlikely = false, countries = countriesWith(kind)) => {
    if (holds) found.push({ kind, countries, unlikely });
  };
  if (digits.length === 9) fits('afm', afm(digits));
  if (digits.length === 10) {
    const born = egn(digits, today);
    fits('egn', born !== null, born !== null && born < 1900);
    fits('lnch', lnch(digits));
    fits('xk_pn', xkPn(digits));
  }
  if (digits.length === 11) {
    fits('oib', oib(digits));
    fits('amka', amka(digits));
  }
  if (digits.length === 13) {
    fits('jmbg', jmbg(digits, today), false, registered(digits));
    fits('cnp', cnp(digits));
    fits('idnp', idnp(digits));
  }
  if (digits.length >= 13) fits('pan', pan(digits));
  return found;
}

const RULES: Partial<Record<Kind, [number, (digits: Digits, today: Day) => boolean]>> = {
  jmbg: [13, jmbg],
  oib: [11, oib],
  cnp: [13, cnp],
  egn: [10, (digits, today) => egn(digits, today) !== null],
  lnch: [10, lnch],
  idnp: [13, idnp],
  amka: [11, amka],
  afm: [9, afm],
  xk_pn: [10, xkPn],
};

/** Whether the digits fulfil the rule of this kind; null where the kind isn't made of digits alone. */
export function digitsHold(kind: Kind, digits: Digits, today: Day): boolean | null {
  if (kind === 'pan') return pan(digits);
  const rule = RULES[kind];
  return rule ? digits.length === rule[0] && rule[1](digits, today) : null;
}
