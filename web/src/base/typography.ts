/**
 * Signs that a language sets with a space. In the catalogues that space is a plain one, which translators can see and
 * type; on the screen it must not break, or a line would begin with a question mark or end with an open quotation.
 */

/** Between words and guillemets or a colon; narrow before the other double signs (Imprimerie nationale). */
const SPACE = '\u00A0';
const NARROW = '\u202F';

/** A text of the language, with its spaces bound to the signs they belong to, and with its own apostrophe. */
export function typeset(text: string, language: string): string {
  if (language !== 'fr') return text;
  return text
    .replace(/(?<=\p{L})'(?=\p{L})/gu, '’')
    .replace(/« /g, `«${SPACE}`)
    .replace(/ (?=[:»])/g, SPACE)
    .replace(/ (?=[;!?])/g, NARROW);
}
