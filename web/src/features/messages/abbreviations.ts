/**
 * Abbreviations of the field, marked in a message that is drawn: the first time each stands there. Pure but for the DOM it
 * is given; the words come from the server's vocabulary.
 */

/** What can be an abbreviation: two or more capitals, also in two parts (SA THB). */
const CAPITALS = /[A-Z]{2}/;
/** What keeps its letters as they are. */
const SKIP = 'a, code, pre, button, [data-abbreviation], .mention';

/** One expression for all forms, the longest first, between anything that is no letter and no digit. */
export function patternOf(forms: string[]): RegExp | null {
  if (!forms.length) return null;
  const longest = [...forms].sort((one, other) => other.length - one.length);
  const escaped = longest.map((form) => form.replace(/[-\s]/g, '[-\\s\\u00a0]'));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_]|-\\p{L})`, 'gu');
}

export interface Found {
  /** Where it begins in the text. */
  at: number;
  /** As it is written there. */
  text: string;
  /** The form of the vocabulary. */
  form: string;
}

/** The abbreviations in a text, each form once; `seen` holds those that were marked before. */
export function findIn(text: string, pattern: RegExp, forms: Set<string>, seen: Set<string>): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(pattern)) {
    const spaced = match[0].replace(/[\u00a0\s]/g, ' ');
    const form = forms.has(spaced) ? spaced : spaced.replace(/-/g, ' ');
    if (!forms.has(form) || seen.has(form)) continue;
    seen.add(form);
    found.push({ at: match.index, text: match[0], form });
  }
  return found;
}

/** Marks the abbreviations below an element; `explain` makes a marked one explain itself. */
export function markIn(
  root: HTMLElement,
  pattern: RegExp,
  forms: Set<string>,
  explain: (word: HTMLElement, form: string) => void,
): void {
  if (!CAPITALS.test(root.textContent ?? '')) return;
  const marked = root.querySelectorAll<HTMLElement>('[data-abbreviation]');
  const seen = new Set([...marked].map((word) => word.dataset.abbreviation ?? ''));
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    // What stands directly in the root belongs to the framework: its first and last nodes must stay what they are.
    if (text.parentElement === root || text.parentElement?.closest(SKIP)) continue;
    let rest = text;
    let passed = 0;
    for (const { at, text: written, form } of findIn(text.data, pattern, forms, seen)) {
      const own = rest.splitText(at - passed);
      rest = own.splitText(written.length);
      passed = at + written.length;
      const word = document.createElement('abbr');
      word.dataset.abbreviation = form;
      word.tabIndex = 0;
      word.role = 'button';
      own.replaceWith(word);
      word.append(own);
      explain(word, form);
    }
  }
}
