/** A translated text in pieces, those that the glossary has put there apart from the rest. */
import type { TranslatedTerm } from '../../api/types';

export interface Piece {
  text: string;
  /** What it translates, where it is a term. */
  from?: string;
}

export function piecesOf(text: string, terms: TranslatedTerm[]): Piece[] {
  const there = terms.filter((term) => term.kept && term.to).sort((one, other) => other.to.length - one.to.length);
  const pieces: Piece[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const term = there.find(({ to }) => text.startsWith(to, at) && isWhole(text, at, to.length));
    if (!term) {
      plain += text[at++];
      continue;
    }
    if (plain) pieces.push({ text: plain });
    plain = '';
    pieces.push({ text: term.to, from: term.from });
    at += term.to.length;
  }
  if (plain) pieces.push({ text: plain });
  return pieces;
}

const letter = /[\p{L}\p{N}\p{M}]/u;

function isWhole(text: string, at: number, length: number): boolean {
  return !letter.test(text[at - 1] ?? '') && !letter.test(text[at + length] ?? '');
}
