/** A text in the script that its reader prefers; what isn't prose and what isn't Serbian stays as it was written. Pure. */
import { kinship, type Script } from './kinship';
import { toCyrillic, toLatin } from './serbian';

export type { Script };

/** Addresses, mentions, channels and code: changed, they would be others. */
const KEPT =
  /`[^`]*`|\b(?:https?|ftp|mailto|tel):\S+|\bwww\.\S+|[^\s@]+@[^\s@]+\.[^\s@]+|[@#][\p{L}\p{N}._-]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:al|ba|bg|com|edu|eu|example|gov|gr|hr|info|int|md|me|mk|net|org|ro|rs|xk)\b(?:\/\S*)?/giu;

const written = (script: Script): Script => (script === 'latin' ? 'cyrillic' : 'latin');

/** The letters of a text that is known to be Serbian. */
export function change(text: string, script: Script): string {
  const convert = script === 'latin' ? toLatin : toCyrillic;
  let changed = '';
  let passed = 0;
  for (const { 0: kept, index } of text.matchAll(KEPT)) {
    changed += convert(text.slice(passed, index)) + kept;
    passed = index + kept.length;
  }
  return changed + convert(text.slice(passed));
}

/** What the letters to be changed say about a text's language: above 0 for Serbian. */
export function leaning(text: string, script: Script): number {
  return kinship(text, written(script));
}

/** A title, or the like. */
export function shownIn(text: string, script: Script): string {
  return leaning(text, script) > 0 ? change(text, script) : text;
}

/** One text in pieces: each is changed by itself, the language is that of the whole. */
export function piecesIn<Piece extends { text: string }>(pieces: Piece[], script: Script): Piece[] {
  if (leaning(pieces.map((piece) => piece.text).join(''), script) <= 0) return pieces;
  return pieces.map((piece) => ({ ...piece, text: change(piece.text, script) }));
}
