/** What the guard says of a text. A finding says where something stands and never what. */

/** Every kind, in order; the names are those of the server. */
export const KINDS = [
  'jmbg',
  'oib',
  'cnp',
  'egn',
  'lnch',
  'idnp',
  'amka',
  'afm',
  'gr_pa',
  'gr_adt',
  'al_nid',
  'xk_pn',
  'iban',
  'mrz_td3',
  'mrz_td1',
  'pan',
  'email',
  'phone',
  'plate',
  'coordinates',
  'birth',
  'name',
  'age',
  'place',
  'classified',
  'term',
] as const;

export type Kind = (typeof KINDS)[number];

/** The lightest first: a better word is offered, the author is asked, the message isn't published. */
export const SEVERITIES = ['suggest', 'warn', 'block'] as const;

export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  kind: Kind;
  /** Codes of the countries whose it may be; none where that says nothing. */
  countries: string[];
  severity: Severity;
  /** Where, in UTF-16 units of the text. */
  start: number;
  end: number;
  /** What could be said instead: `10-13`, `Q1 2009`, `RS north`, the key of a wording. */
  offer: string | null;
}

/** Something found in messages read as one: the place of the message, and where in it. */
export interface Spread extends Omit<Finding, 'start' | 'end'> {
  parts: [at: number, start: number, end: number][];
}

/** The kind of a row of `national-ids.tsv`: the plates of all countries are one. */
export function kindNamed(id: string): Kind | undefined {
  const name = id.startsWith('plate_') ? 'plate' : id;
  return KINDS.find((kind) => kind === name);
}

const CODES = ['AL', 'BA', 'BG', 'GR', 'HR', 'MD', 'ME', 'MK', 'RO', 'RS', 'XK'];

/** A set of countries as bits. */
export type Countries = number;

export const countriesOf = (code: string): Countries => (CODES.includes(code) ? 1 << CODES.indexOf(code) : 0);

export const codesOf = (countries: Countries): string[] => CODES.filter((_, at) => (countries >> at) & 1);
