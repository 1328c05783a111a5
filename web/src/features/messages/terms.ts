/**
 * Terms of the glossary in a text, in whatever of its languages, scripts and cases: the first time each concept stands
 * there. Pure; the terms come from the server.
 */
import type { Concept } from '../../api/types';
import { fold } from '../../ui/matching';
import type { Found } from './marking';

/** A term of one word has so many letters: shorter ones are everybody's words. */
const ALONE_MIN = 8;
/** A word of so many letters also stands for others that end otherwise. */
const ENDS_MIN = 5;
/** Letters of an ending. */
const ENDING = 2;
/** A short word takes endings only from so many letters on. */
const GROWS_MIN = 3;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
/** What may stand between two words of a term. */
const BETWEEN = /^[\s\u00a0,'’-]{1,3}$/u;

interface Term {
  concept: string;
  /** Folded. */
  words: string[];
}

/** Terms by the beginning of their first word, longest first. */
export type Index = Map<string, Term[]>;

const beginning = (word: string) => word.slice(0, GROWS_MIN);

/** The words of a text, folded, and where they stand. */
function wordsOf(text: string): { at: number; end: number; word: string }[] {
  return [...text.matchAll(WORD)].map((match) => ({ at: match.index, end: match.index + match[0].length, word: fold(match[0]) }));
}

/** Whether a word is that of a term, or one that begins like it and ends otherwise. */
export function isForm(written: string, word: string): boolean {
  if (written === word) return true;
  if (word.length >= GROWS_MIN && written.startsWith(word)) return written.length - word.length <= ENDING;
  if (word.length < ENDS_MIN) return false;
  const stem = word.slice(0, -ENDING);
  return written.startsWith(stem) && written.length - stem.length <= ENDING;
}

/** The terms that are explained to a reader of this language: those of the others that can't be taken for its own. */
export function indexOf(concepts: Concept[], reader: string): Index {
  const own = new Set(concepts.map(({ terms }) => fold(terms[reader] ?? '')));
  const index: Index = new Map();
  for (const { id, terms } of concepts) {
    const others = new Set(Object.values(terms).map(fold));
    for (const term of others) {
      const words = wordsOf(term).map(({ word }) => word);
      const [first] = words;
      if (!first || own.has(term) || (words.length === 1 && first.length < ALONE_MIN)) continue;
      const same = index.get(beginning(first)) ?? [];
      same.push({ concept: id, words });
      index.set(beginning(first), same);
    }
  }
  for (const same of index.values()) same.sort((one, other) => other.words.length - one.words.length);
  return index;
}

/** The terms in a text, each concept once; `seen` holds those that were found before. */
export function termsIn(text: string, index: Index, seen: Set<string>): Found[] {
  const found: Found[] = [];
  const words = wordsOf(text);
  for (let at = 0; at < words.length; at += 1) {
    const first = words[at]!;
    const term = index.get(beginning(first.word))?.find((candidate) => stands(text, words, at, candidate));
    if (!term) continue;
    const last = words[at + term.words.length - 1]!;
    // A longer term covers the shorter ones in it, also where it isn't marked again.
    at += term.words.length - 1;
    if (seen.has(term.concept)) continue;
    seen.add(term.concept);
    found.push({ at: first.at, text: text.slice(first.at, last.end), form: term.concept });
  }
  return found;
}

function stands(text: string, words: { at: number; end: number; word: string }[], at: number, term: Term): boolean {
  return term.words.every((word, step) => {
    const written = words[at + step];
    if (!written || !isForm(written.word, word)) return false;
    return step === 0 || BETWEEN.test(text.slice(words[at + step - 1]!.end, written.at));
  });
}

/** The languages in which a concept is called what was written, in its script. */
export function languagesOf({ terms }: Concept, written: string): string[] {
  const cyrillic = /\p{Script=Cyrillic}/u.test(written);
  const typed = wordsOf(written);
  return Object.entries(terms)
    .filter(([, term]) => /\p{Script=Cyrillic}/u.test(term) === cyrillic)
    .filter(([, term]) => {
      const words = wordsOf(term);
      return words.length === typed.length && words.every(({ word }, at) => isForm(typed[at]!.word, word));
    })
    .map(([language]) => language);
}
