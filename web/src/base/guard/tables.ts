/** The tables that the guard reads on both sides: the very files that the server's crate embeds. */
import cues from '../../../../guard/data/cues.tsv?raw';
import ibans from '../../../../guard/data/ibans.tsv?raw';
import marks from '../../../../guard/data/marks.tsv?raw';
import nationalIds from '../../../../guard/data/national-ids.tsv?raw';
import phones from '../../../../guard/data/phones.tsv?raw';
import places from '../../../../guard/data/places.tsv?raw';
import signs from '../../../../guard/data/signs.tsv?raw';
import terms from '../../../../guard/data/terms.tsv?raw';
import countries from '../../../../server/vocabulary/countries.tsv?raw';

const split = (table: string): string[][] =>
  table
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));

/** The rows of a table with a head, each as a function from column name to cell. */
function headed(table: string): ((column: string) => string)[] {
  const [head = [], ...rows] = split(table);
  return rows.map((cells) => (column) => cells[head.indexOf(column)] ?? '');
}

export const CUES = split(cues);
export const IBANS = split(ibans);
export const MARKS = split(marks);
export const PHONES = split(phones);
export const PLACES = split(places);
export const SIGNS = split(signs);
export const TERMS = split(terms);
export const NATIONAL_IDS = headed(nationalIds);
export const COUNTRIES = headed(countries);
