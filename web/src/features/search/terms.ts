/** A query as typed, in its parts: the server's reading of it (`search/query.rs`), to put operators in and take them out. Pure. */
import { fold } from '../../ui/matching';
import type { Kind } from './answer';

const OPERATORS = ['in', 'from', 'before', 'after', 'country', 'theme', 'lang', 'has', 'kind', 'marking', 'is'];
const HEAD = /^-?(?:(\p{L}+):)?/u;
/** In quotation marks, of which any of the closing ones ends it, or up to the next white space. */
const VALUE = /^(?:["“„«]([^"”“»]*)["”“»]?|(\S*))\s*/u;
/** What can be only one thing at a time. */
const SINGLE = ['kind'];
/** Languages that are one to the server. */
const ONE_TONGUE = ['bcms', 'bs', 'hr', 'sr', 'cnr'];

export interface Term {
  /** As it was typed. */
  text: string;
  /** Empty for words and phrases. */
  operator: string;
  /** Without quotation marks. */
  value: string;
}

export function termsOf(query: string): Term[] {
  const terms: Term[] = [];
  let rest = query.trimStart();
  while (rest) {
    const [head, name = ''] = HEAD.exec(rest)!;
    const operator = OPERATORS.includes(name.toLowerCase()) ? name.toLowerCase() : '';
    const start = operator ? head.length : Number(rest.startsWith('-'));
    const [whole, quoted, plain = ''] = VALUE.exec(rest.slice(start))!;
    terms.push({ text: rest.slice(0, start + whole.length).trimEnd(), operator, value: quoted ?? plain });
    rest = rest.slice(start + whole.length);
  }
  return terms;
}

const written = (terms: Term[]) => terms.map((term) => term.text).join(' ');

function same(operator: string, one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || (operator === 'lang' && ONE_TONGUE.includes(a) && ONE_TONGUE.includes(b));
}

/** Values of an operator in a query. */
export function valuesOf(query: string, operator: string): string[] {
  return termsOf(query)
    .filter((term) => term.operator === operator)
    .map((term) => term.value);
}

export function has(query: string, operator: string, value: string): boolean {
  return valuesOf(query, operator).some((each) => same(operator, each, value));
}

/** The query with `operator:value` in it, or without if it was there. */
export function toggled(query: string, operator: string, value: string): string {
  const terms = termsOf(query);
  const there = has(query, operator, value);
  const kept = terms.filter(
    (term) => term.operator !== operator || !(SINGLE.includes(operator) || same(operator, term.value, value)),
  );
  return there ? written(kept) : `${written(kept)} ${operator}:${value}`.trim();
}

/** The one year that a query is narrowed down to; '' if it isn't. */
export function yearOf(query: string): string {
  const [from, until] = [valuesOf(query, 'after'), valuesOf(query, 'before')];
  const year = from.length === 1 && until.length === 1 ? /^(\d{4})-01-01$/.exec(from[0]!)?.[1] : undefined;
  return year && until[0] === `${Number(year) + 1}-01-01` ? year : '';
}

/** The query narrowed down to a year, or to none if it was this one. */
export function toggledYear(query: string, year: string): string {
  const kept = written(termsOf(query).filter((term) => term.operator !== 'after' && term.operator !== 'before'));
  if (yearOf(query) === year) return kept;
  return `${kept} after:${year}-01-01 before:${Number(year) + 1}-01-01`.trim();
}

/** The kind of thing that is looked for; '' for all. */
export function kindOf(query: string): Kind | '' {
  return (valuesOf(query, 'kind').at(-1)?.toLowerCase() ?? '') as Kind | '';
}

/** Words and phrases alone. */
export function withoutOperators(query: string): string {
  return written(termsOf(query).filter((term) => !term.operator));
}

/** The words that must be there, without marks of any kind: what one would tell a person. */
export function plainWords(query: string): string {
  return termsOf(query)
    .filter((term) => !term.operator && !term.text.startsWith('-'))
    .map((term) => term.value)
    .join(' ');
}

/** The same with fewer words, the longest of them; '' if there is nothing to leave out. */
export function withFewerWords(query: string): string {
  const terms = termsOf(query);
  const words = terms.filter((term) => !term.operator && !term.text.startsWith('-'));
  if (words.length < 2) return '';
  const longest = [...words].sort((one, other) => other.value.length - one.value.length).slice(0, words.length > 2 ? 2 : 1);
  return written(terms.filter((term) => term.operator || longest.includes(term)));
}

/** The query with another word in the place of one, which the server names as it compares words: folded. */
export function respelled(query: string, word: string, instead: string): string {
  const wrong = fold(word);
  const right = (text: string) => text.replace(/[\p{L}\p{M}\p{N}]+/gu, (typed) => (fold(typed) === wrong ? instead : typed));
  return written(termsOf(query).map((term) => (term.operator ? term : { ...term, text: right(term.text) })));
}
