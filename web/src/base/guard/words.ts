/** The words that the guard listens for, found in one pass from the beginnings of words. */
import { type Countries, type Kind, countriesOf, kindNamed } from './finding';
import { ROWS } from './policy';
import { Signs, isLetter, isWord } from './signs';
import { Spans } from './spans';
import { CUES, MARKS, PLACES, TERMS } from './tables';

/** How far from an identifier a context word may stand, in signs. */
export const NEAR = 40;
/** The longest gap between the words of a phrase, in signs. */
const GAP = 3;

export interface Word {
  group: 'context' | 'born' | 'kin' | 'age' | 'nation' | 'month' | 'office' | 'book' | 'place' | 'mark' | 'term';
  /** The kind announced, the number of the month, the part of the country, the key of a wording. */
  key: string;
  countries: Countries;
  /** A mark that means it only alone in its line. */
  alone: boolean;
}

/** A word in a text, in signs. */
export interface Hit {
  word: Word;
  start: number;
  end: number;
}

/** Steps are letters, a space for what stands between words, a star for the rest of a word. */
interface Node {
  children: Map<string, Node>;
  words: Word[];
}

const root: Node = { children: new Map(), words: [] };

const same = (a: Word, b: Word) => a.group === b.group && a.key === b.key && a.countries === b.countries && a.alone === b.alone;

function child(node: Node, step: string): Node {
  let next = node.children.get(step);
  if (!next) node.children.set(step, (next = { children: new Map(), words: [] }));
  return next;
}

function add(phrases: string, group: Word['group'], key: string, countries: Countries = 0, alone = false): void {
  const word: Word = { group, key, countries, alone };
  for (const phrase of phrases.split(',')) {
    let node = root;
    let gap = false;
    for (const sign of Signs.of(phrase).all) {
      if (!isLetter(sign) && sign.code !== '*') {
        gap = node !== root;
        continue;
      }
      if (gap) node = child(node, ' ');
      gap = false;
      node = child(node, sign.code);
    }
    if (node !== root && !node.words.some((known) => same(known, word))) node.words.push(word);
  }
}

for (const row of ROWS) add(row.context, 'context', row.kind);
for (const [group = '', key = '', phrases = ''] of CUES) {
  if (group === 'context' ? kindNamed(key) : group !== 'role') add(phrases, group as Word['group'], key);
}
for (const [country = '', part = '', phrases = ''] of PLACES) add(phrases, 'place', part, countriesOf(country));
for (const [whose = '', phrases = '', alone] of MARKS) add(phrases, 'mark', '', countriesOf(whose), alone === 'alone');
for (const [key = '', phrases = ''] of TERMS) add(phrases, 'term', key);

/** Where the run of letters that `at` lies in ends. */
export const wordEnd = (signs: Signs, at: number) => at + signs.count(at, isLetter);

/** Where the run of letters that ends before `end` begins. */
export const wordStart = (signs: Signs, end: number) => end - signs.countBack(end, isLetter);

function walk(signs: Signs, reached: Node, start: number, from: number, hits: Hit[]): void {
  let [node, at] = [reached, from];
  for (;;) {
    const star = node.children.get('*');
    if (star) leave(signs, star, start, wordEnd(signs, at), hits);
    const sign = signs.at(at);
    if (!isLetter(sign)) return leave(signs, node, start, at, hits);
    const next = node.children.get(sign.code);
    if (!next) return;
    [node, at] = [next, at + 1];
  }
}

/** At the end of a word: what is said there, and whether a phrase goes on. */
function leave(signs: Signs, node: Node, start: number, end: number, hits: Hit[]): void {
  for (const word of node.words) hits.push({ word, start, end });
  const next = node.children.get(' ');
  if (!next) return;
  const gap = signs.count(end, (sign) => !isWord(sign), GAP + 1);
  if (gap >= 1 && gap <= GAP && end + gap < signs.length) walk(signs, next, start, end + gap, hits);
}

/** The known words of a text, by where they begin. */
export function hitsIn(signs: Signs): Hit[] {
  const hits: Hit[] = [];
  let at = 0;
  while (at < signs.length) {
    if (!isLetter(signs.at(at))) {
      at++;
      continue;
    }
    walk(signs, root, at, at, hits);
    const end = wordEnd(signs, at);
    if (end === at + 1) spelled(signs, at, hits);
    at = end;
  }
  return hits;
}

/** `J.M.B.G.`, `Е Г Н`: a word of at least three letters that are kept apart by one sign each. */
function spelled(signs: Signs, start: number, hits: Hit[]): void {
  let node = root.children.get(signs.at(start).code);
  let last = start;
  while (node) {
    if (last >= start + 4) for (const word of node.words) hits.push({ word, start, end: last + 1 });
    const apart = ['space', 'dash', 'dot'].includes(signs.at(last + 1).class);
    if (!apart || !isLetter(signs.at(last + 2)) || wordEnd(signs, last + 2) !== last + 3) return;
    last += 2;
    node = node.children.get(signs.at(last).code);
  }
}

/** Where words of a group stand. */
export const spansOf = (hits: Hit[], is: (word: Word) => boolean) => new Spans(hits.filter((hit) => is(hit.word)));

/** The words that announce something. */
export class Contexts {
  private readonly all: Spans;
  /** By what they announce. */
  private readonly each = new Map<string, Spans>();

  constructor(hits: Hit[]) {
    const all = hits.filter((hit) => hit.word.group === 'context');
    this.all = new Spans(all);
    for (const kind of new Set(all.map((hit) => hit.word.key))) {
      this.each.set(kind, new Spans(all.filter((hit) => hit.word.key === kind)));
    }
  }

  get isEmpty(): boolean {
    return this.each.size === 0;
  }

  /** Whether one that announces anything stands near the signs from `start` to `end`. */
  announceAny(start: number, end: number): boolean {
    return this.all.near(start, end, NEAR);
  }

  /** Whether one that announces this kind stands near the signs from `start` to `end`. */
  announce(kind: Kind, start: number, end: number): boolean {
    return this.each.get(kind)?.near(start, end, NEAR) ?? false;
  }
}
