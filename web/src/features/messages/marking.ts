/** Words of a message that is drawn, marked so that they can explain themselves. */

/** What keeps its letters as they are. */
const SKIP = 'a, code, pre, button, [data-explained], .mention';

export interface Found {
  /** Where it begins in the text. */
  at: number;
  /** As it is written there. */
  text: string;
  /** What it is in the vocabulary. */
  form: string;
}

/** The words that an element has marked, of this kind. */
const marked = (root: HTMLElement, kind: string) =>
  [...root.querySelectorAll<HTMLElement>('[data-explained]')].filter((word) => word.dataset.explained === kind);

/**
 * Marks what `find` finds in the texts below an element, each form once (`seen`); `explain` makes a marked word explain
 * itself.
 */
export function markIn(
  root: HTMLElement,
  kind: 'abbreviation' | 'term',
  find: (text: string, seen: Set<string>) => Found[],
  explain: (word: HTMLElement, form: string) => void,
): void {
  const seen = new Set(marked(root, kind).map((word) => word.dataset.form ?? ''));
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    // What stands directly in the root belongs to the framework: its first and last nodes must stay what they are.
    if (text.parentElement === root || text.parentElement?.closest(SKIP)) continue;
    let rest = text;
    let passed = 0;
    for (const { at, text: written, form } of find(text.data, seen)) {
      const own = rest.splitText(at - passed);
      rest = own.splitText(written.length);
      passed = at + written.length;
      const word = document.createElement(kind === 'term' ? 'span' : 'abbr');
      word.dataset.explained = kind;
      word.dataset.form = form;
      word.tabIndex = 0;
      word.role = 'button';
      own.replaceWith(word);
      word.append(own);
      explain(word, form);
    }
  }
}

/** Takes the marks of a kind away, and leaves the words. */
export function unmarkIn(root: HTMLElement, kind: 'abbreviation' | 'term'): void {
  for (const word of marked(root, kind)) {
    const home = word.parentNode;
    word.replaceWith(...word.childNodes);
    home?.normalize();
  }
}
