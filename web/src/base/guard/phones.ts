/** Numbering plans of the eleven countries, and numbers compared without how they are written. */
import { type Countries, countriesOf } from './finding';
import { plain } from './signs';
import { PHONES } from './tables';

/** How a country's numbers are made. */
interface Plan {
  country: Countries;
  code: string;
  /** First digits, and the least and most digits of a national number that begins so. */
  national: [first: string, least: number, most: number][];
  /** First digits of lines that belong to no subscriber. */
  free: string[];
}

const PLANS: Plan[] = PHONES.map(([country = '', code = '', national = '', free = '']) => ({
  country: countriesOf(country),
  code,
  national: national.split(' ').map((shape) => {
    const [first = '', digits = ''] = shape.split(':');
    const [least = '', most = least] = digits.split('-');
    return [first, Number(least), Number(most)];
  }),
  free: free.split(' '),
}));

/** The countries in which this can be a number as it is dialled there. */
export function nationally(digits: string): Countries {
  const fits = ([first, least, most]: Plan['national'][number]) =>
    digits.length >= least && digits.length <= most && digits.startsWith(first);
  return PLANS.reduce((all, plan) => (plan.national.some(fits) ? all | plan.country : all), 0);
}

/** Whether a number, as it is dialled in its country, is a free line. */
export const isFree = (digits: string) => PLANS.some((plan) => plan.free.some((first) => digits.startsWith(first)));

/** The plan of the country that digits after `+` begin with. */
export const planOf = (digits: string) => PLANS.find((plan) => digits.startsWith(plan.code));

/** The digits of a written number, with its `+`. */
export const digitsOf = (number: string) => plain(number).replace(/[^0-9+]/g, '');

/** A number without the ways of dialling it: no code of a country, no leading zero. */
export function significant(digits: string): string {
  const abroad = digits.startsWith('+') ? digits.slice(1) : digits.startsWith('00') ? digits.slice(2) : null;
  const home = abroad === null ? digits : abroad.slice(planOf(abroad)?.code.length ?? 0);
  return home.replace(/^0+/, '');
}

/** The numbers written in a text, each as `significant` gives it. */
export function numbersIn(text: string): string[] {
  return plain(text)
    .split(/[^0-9+ -]/)
    .map((part) => significant(digitsOf(part)))
    .filter((number) => number !== '');
}
