import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/**
 * Features whose pages are seldom the first that somebody opens. Their texts come with their first page, not with the
 * shell: a key belongs to the feature of its first word (`library_title`). `act_*` are the sentences of the record.
 */
export const LATER = [
  'agenda',
  'campaigns',
  'cases',
  'casework',
  'deconfliction',
  'escrow',
  'exercises',
  'files',
  'home',
  'keys',
  'library',
  'newsletter',
  'record',
  'referrals',
  'requests',
  'studies',
];
const WORDS = new Set([...LATER.filter((feature) => feature !== 'record'), 'act']);

/** What can be wrong with a file, a case room or its escrow is said by what takes them, which brings all texts along. */
const OF_LATER = /^problem_(attachment|case|escrow|file|pictures?|upload)_/;

/** Whether a text comes with the pages of `LATER`. */
export const isLater = (key: string) => WORDS.has(key.slice(0, key.indexOf('_'))) || OF_LATER.test(key);

const CATALOGUE = /\/messages\/\w+\.json\?(first|later)$/;

/** Parts each catalogue: `en.json?first` has what the shell and most pages say, `en.json?later` the rest. */
export function catalogues(): Plugin {
  return {
    name: 'egida:catalogues',
    enforce: 'pre',
    load(id) {
      const part = CATALOGUE.exec(id)?.[1];
      if (!part) return null;
      const texts = JSON.parse(readFileSync(id.slice(0, id.indexOf('?')), 'utf8')) as Record<string, unknown>;
      const wanted = Object.entries(texts).filter(([key]) => isLater(key) === (part === 'later'));
      return { code: `export default ${JSON.stringify(Object.fromEntries(wanted))}`, moduleType: 'js' };
    },
  };
}
