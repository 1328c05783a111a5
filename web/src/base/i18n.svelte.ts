/**
 * Texts in the reader's language.
 *
 * One flat catalogue a language in `messages/<language>.json`, in two chunks of its own: nobody downloads a language they
 * don't read, nor before the shell what only some pages say (`build/catalogues.ts`). `en.json` is the reference: its keys
 * are the type of `t`.
 * An entry is a text, or an object of CLDR plural forms chosen by the parameter `count`.
 */
import { typeset } from './typography';
import type english from '../../messages/en.json';

export type Key = keyof typeof english;
export type Params = Record<string, string | number>;
type Plural = Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<string, string | Plural>;

const loaders = import.meta.glob<Catalogue>('../../messages/*.json', { import: 'default', query: '?first' });
const laterLoaders = import.meta.glob<Catalogue>('../../messages/*.json', { import: 'default', query: '?later' });
const pathOf = (language: string) => `../../messages/${language}.json`;

/** Languages with a catalogue, in their own alphabetical order. */
export const languages = Object.keys(loaders)
  .map((path) => path.slice(path.lastIndexOf('/') + 1, -'.json'.length))
  .sort();

let current = $state('en');
let catalogue = $state.raw<Catalogue>({});
let wantsAll = false;
const plurals = $derived(new Intl.PluralRules(current));
const numbers = $derived(new Intl.NumberFormat(current));
const collator = $derived(new Intl.Collator(current, { numeric: true, sensitivity: 'base' }));

/** The language in use, as a BCP 47 tag; reading it in a component follows every switch. */
export function language(): string {
  return current;
}

/** The same for `Intl`: English as Europe writes it (day before month, 24 hours, no comma before "and"). */
export function locale(): string {
  return localeOf(current);
}

const localeOf = (language: string) => (language === 'en' ? 'en-GB' : language);

/** Loads the first of the wished languages that has a catalogue (English at worst), and uses it. */
export async function useLanguage(...wishes: (string | null | undefined)[]): Promise<void> {
  const primary = wishes.map((wish) => wish?.split('-')[0]?.toLowerCase());
  const found = primary.find((wish) => wish && pathOf(wish) in loaders) ?? 'en';
  const all = wantsAll;
  let texts = await catalogueOf(found);
  // A page may have asked for all texts meanwhile, and got them in the language of before.
  if (wantsAll !== all) texts = await catalogueOf(found);
  catalogue = texts;
  current = found;
  if (typeof document !== 'undefined') document.documentElement.lang = found;
}

/** Loads the texts of all pages, before the first of those is drawn that say more than the shell does. */
export async function needAllTexts(): Promise<void> {
  if (wantsAll) return;
  const wished = current;
  const later = await laterLoaders[pathOf(wished)]?.();
  // Somebody may have chosen another language meanwhile.
  if (wished !== current) return needAllTexts();
  catalogue = { ...catalogue, ...later };
  wantsAll = true;
}

async function catalogueOf(language: string): Promise<Catalogue> {
  const parts = [loaders[pathOf(language)], ...(wantsAll ? [laterLoaders[pathOf(language)]] : [])];
  const texts = await Promise.all(parts.map((load) => load?.()));
  if (!texts[0]) throw new Error(`no catalogue for ${language}`);
  return Object.assign({}, ...texts);
}

/** A text by its key: `{name}` stands for a parameter, `count` chooses the plural form. */
export function t(key: Key, params: Params = {}): string {
  return translate(catalogue, key, params, { rules: () => plurals, format: () => numbers, language: current });
}

/** Whether the catalogue knows a key that was put together at run time (`problem_<code>`). */
export function hasText(key: string): key is Key {
  return key in catalogue;
}

/** What a language brings: asked for only where a text needs it, for making one costs a slow phone a long moment. */
interface Ways {
  rules: () => Intl.PluralRules;
  format: () => Intl.NumberFormat;
  language: string;
}

/** Makes the browser load what it knows of a language: the first use of it is slow, wherever it falls. */
export function warmLanguage(language: string): void {
  const ways = [Intl.PluralRules, Intl.NumberFormat, Intl.DateTimeFormat] as (new (locale: string) => unknown)[];
  // Each in a task of its own, so that none is a long one.
  for (const Way of ways) setTimeout(() => new Way(localeOf(language)));
}

export function translate(entries: Catalogue, key: string, params: Params, { rules, format, language }: Ways): string {
  const entry = entries[key];
  if (entry === undefined) return key;
  const count = Number(params.count ?? 0);
  const text = typeof entry === 'string' ? entry : (entry[rules().select(count)] ?? entry.other ?? key);
  const shown = typeset(text, language);
  if (!shown.includes('{')) return shown;
  return shown.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? format().format(value) : value;
  });
}

/** A name that the server keeps in several languages; English stands in for a missing one. */
export function localName(name: Record<string, string | null | undefined> | null | undefined): string {
  return typeset(name?.[current] || name?.en || '', current);
}

/** Alphabetical order as the reader's language has it. */
export function compareNames(one: string, other: string): number {
  return collator.compare(one, other);
}

export function formatNumber(value: number): string {
  return numbers.format(value);
}
