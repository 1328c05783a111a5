/** Whether a name fits what somebody types: by word beginnings, without regard to case, accents and script. */

/**
 * Cyrillic letters of Serbian, Macedonian and Bulgarian in Latin, and letters that have no accent to lose: the table
 * of the server (`base/text.rs`), so that a filter here finds what the search there does.
 */
const LATIN: Record<string, string> = {};
const TABLE =
  'аъ a|б b|в v|г g|д d|ђđð dj|ѓ gj|еѐэё e|жз z|ѕџ dz|иѝіїıы i|йј j|к k|лł l|љ lj|м m|н n|њ nj|оø o|п p|р r|сш s|т t|ћцч c|' +
  'ќ kj|у u|ф f|х h|щ st|ь |ю ju|я ja|ß ss|æ ae|œ oe|ς σ';
for (const entry of TABLE.split('|')) {
  const [letters, latin] = entry.split(' ') as [string, string];
  for (const letter of letters) LATIN[letter] = latin;
}

/** What is equal to a reader is equal here. */
export const fold = (text: string) =>
  text
    .normalize('NFC')
    .toLowerCase()
    // Letters whose mark is the letter (й, ѓ, ќ) must be met before the marks are taken off.
    .replace(/\P{ASCII}/gu, (letter) => LATIN[letter] ?? letter.normalize('NFKD').replace(/\p{M}/gu, ''));

/** The longest word of what was typed, for a server that looks for one piece of text. */
export function longestWord(typed: string): string {
  return typed.split(/[^\p{L}\p{M}\p{N}]+/u).reduce((long, word) => (word.length > long.length ? word : long), '');
}

export function matches(name: string, typed: string): boolean {
  const words = fold(name).split(/[^\p{L}\p{N}]+/u);
  return fold(typed)
    .split(/[^\p{L}\p{N}]+/u)
    .every((part) => words.some((word) => word.startsWith(part)));
}
