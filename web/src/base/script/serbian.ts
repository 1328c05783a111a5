/**
 * Serbian, Bosnian and Montenegrin in the other of their two scripts. Cyrillic has one letter a sound and goes into Latin
 * exactly. Latin writes three sounds with two letters each (lj, nj, dž), and in a few words these are two sounds: where a
 * prefix or the first half of a compound ends in the first of them. Pure.
 */

/** In the order of the Cyrillic alphabet, and the two that only Montenegrin has. */
const ALPHABET =
  'а a|б b|в v|г g|д d|ђ đ|е e|ж ž|з z|и i|ј j|к k|л l|љ lj|м m|н n|њ nj|о o|п p|р r|с s|т t|ћ ć|у u|ф f|х h|ц c|ч č|џ dž|ш š|' +
  'с\u0301 ś|з\u0301 ź';
const PAIRS = ALPHABET.split('|').map((pair) => pair.split(' ') as [string, string]);
const LATIN = new Map(PAIRS);
const CYRILLIC = new Map(PAIRS.map(([cyrillic, latin]) => [latin, cyrillic]));

/** A run of letters and digits, which is changed as a whole or not at all. */
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const CYRILLIC_LETTER = /[сзСЗ]\u0301|\p{L}/gu;
const LATIN_LETTER = /lj|nj|dž|\p{L}/giu;
/** The letters that Unicode has for two in one. */
const LIGATURES: Record<string, string> = { Ǆ: 'DŽ', ǅ: 'Dž', ǆ: 'dž', Ǉ: 'LJ', ǈ: 'Lj', ǉ: 'lj', Ǌ: 'NJ', ǋ: 'Nj', ǌ: 'nj' };

/** Only these letters (and marks of stress): anything else is a word of another language, or no word. */
const WRITTEN_IN_CYRILLIC = /^(?:[абвгдђежзијклљмнњопрстћуфхцчџш]\p{M}*)+$/iu;
const WRITTEN_IN_LATIN = /^[abcčćdđefghijklmnoprsśštuvzźž]+$/iu;
/** Spellings that Serbian words don't have (Rossi, Schengen), and what is often written as in English all the same. */
const FOREIGN = /ck|ph|ss|ll|tt|ff|mm|zz|ght|sch|^(?:facebook|google|snapchat|discord|online|offline|grooming)/i;
/** A chapter, a century, a king; `I` alone is a word. */
const ROMAN = /^(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})$/;

/**
 * Where d and ž are two sounds: after the prefixes nad-, od-, pod- and pred-, but not in odžak, Odžaci and nadžak. Where n and
 * j are: after the prefixes in-, kon- and van-, in Tanjug (Telegrafska agencija nove Jugoslavije) and in anjon. Lj is always one.
 * (Pravopis srpskoga jezika, Matica srpska, on Latin digraphs at the seam of a prefix or a compound.)
 */
const APART = {
  dž: /^(?:ne)?(?:nad(?!ža[kč])|od(?!ža[kcč])|pod|pred)(?=ž)|^fel(?=džand)/i,
  nj: /^(?:ne|re|a)?(?:in(?=j(?:ek|icir|urij|arić))|kon(?=j(?:ekt|unk|ug))|(?:iz)?van(?=jezi[kčc]|jezg)|tan(?=jug)|an(?=jon)|pan(?=jevr))/i,
};

/** Cyrillic words in Latin; everything else stays. */
export function toLatin(text: string): string {
  return text.normalize('NFC').replace(WORD, (word) => {
    if (!WRITTEN_IN_CYRILLIC.test(word)) return word;
    const shouted = isShouted(word);
    return word.replace(CYRILLIC_LETTER, (letter) => {
      const small = letter.toLowerCase();
      const latin = LATIN.get(small) ?? letter;
      if (letter === small) return latin;
      return shouted ? latin.toUpperCase() : latin[0]!.toUpperCase() + latin.slice(1);
    });
  });
}

/** Latin words in Cyrillic; numerals, words of other languages and everything else stay. */
export function toCyrillic(text: string): string {
  const plain = text.normalize('NFC').replace(/[Ǆ-ǌ]/g, (letter) => LIGATURES[letter]!);
  return plain.replace(WORD, (word) => {
    if (!WRITTEN_IN_LATIN.test(word) || FOREIGN.test(word) || ROMAN.test(word)) return word;
    const seam = seamOf(word);
    const [first, second] = [word.slice(0, seam), word.slice(seam)];
    return inCyrillic(first) + inCyrillic(second);
  });
}

/** Behind the letter that belongs to the prefix; 0 where there is no such place. */
function seamOf(word: string): number {
  const prefix = APART.dž.exec(word) ?? APART.nj.exec(word);
  if (!prefix) return 0;
  // Of the gendarme the d still belongs to the first half.
  return prefix[0].toLowerCase() === 'fel' ? 4 : prefix[0].length;
}

function inCyrillic(part: string): string {
  return part.replace(LATIN_LETTER, (letters) => {
    const small = letters.toLowerCase();
    // `nJ` is no letter: a capital inside of a word begins something else.
    if (letters.length === 2 && letters[0] === small[0] && letters !== small) return inCyrillic(letters[0]!) + inCyrillic(letters[1]!);
    const cyrillic = CYRILLIC.get(small) ?? letters;
    return letters[0] === small[0] ? cyrillic : cyrillic.toUpperCase();
  });
}

/** A word in capitals: there both letters of a pair are. */
function isShouted(word: string): boolean {
  return word === word.toUpperCase() && (word.match(/\p{L}/gu)?.length ?? 0) > 1;
}
