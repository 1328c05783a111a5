/** The numbers of "112; police 129", each with its words; French has a colon between them. */
export function numbersOf(text: string): { number: string; words: string }[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const number = part.match(/[+\d][\d\s]*\d/)?.[0].trim() ?? part;
      return { number, words: part.replace(number, '').replace(/\s*:\s*$/, '').trim() };
    });
}

/** The address that dials a number. */
export function dialled(number: string): string {
  return `tel:${number.replace(/\s/g, '')}`;
}
