/**
 * A card that explains a word, on hover, on keyboard focus and on a tap: the one card of the page, filled anew each time.
 * The focus stays on the word; screen readers hear the card as the word's description. Escape and leaving hide it, and it
 * stays while the pointer is on it (WCAG 1.4.13). Nothing on the page moves.
 */
import { place } from './place';

const DELAY = 300;
const LINGER = 150;

let card: HTMLElement | null = null;
let owner: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export interface Explained {
  title: string;
  lines: { text: string; quiet?: boolean; language?: string }[];
}

function theCard(): HTMLElement {
  if (card) return card;
  card = document.createElement('div');
  card.className = 'ui-hover-card';
  card.id = 'ui-hover-card';
  card.role = 'tooltip';
  card.popover = 'manual';
  card.addEventListener('pointerenter', () => clearTimeout(timer));
  card.addEventListener('pointerleave', hideSoon);
  return card;
}

function fill(element: HTMLElement, { title, lines }: Explained): void {
  const head = document.createElement('strong');
  head.textContent = title;
  const rest = lines.map(({ text, quiet, language }) => {
    const line = document.createElement('p');
    line.textContent = text;
    if (quiet) line.className = 'quiet';
    if (language) line.lang = language;
    return line;
  });
  element.replaceChildren(head, ...rest);
}

function show(word: HTMLElement, explained: Explained): void {
  if (!word.isConnected) return;
  const element = theCard();
  // Beside its word, so that it is part of the same landmark, and of the same dialog where there is one.
  const home = word.closest('dialog, main, nav, aside') ?? document.body;
  if (element.parentElement !== home) home.append(element);
  if (owner && owner !== word) owner.removeAttribute('aria-describedby');
  fill(element, explained);
  if (!element.matches(':popover-open')) element.showPopover();
  place(element, word, 'above', 'start');
  owner = word;
  word.setAttribute('aria-describedby', element.id);
}

function hide(): void {
  clearTimeout(timer);
  owner?.removeAttribute('aria-describedby');
  owner = null;
  if (card?.matches(':popover-open')) card.hidePopover();
}

function hideSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(hide, LINGER);
}

/** Makes an element a word with a card. It must be reachable by keyboard by itself. */
export function explainOnHover(word: HTMLElement, explain: () => Explained): void {
  const later = (delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(word, explain()), delay);
  };
  word.addEventListener('pointerenter', (event) => {
    if (event.pointerType === 'mouse') later(owner ? 0 : DELAY);
  });
  word.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse' && document.activeElement !== word) hideSoon();
  });
  word.addEventListener('focus', () => show(word, explain()));
  word.addEventListener('blur', hide);
  // A finger gives no focus to a word by itself everywhere.
  word.addEventListener('click', () => (owner === word ? undefined : show(word, explain())));
  word.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && owner === word) {
      // The same key would otherwise leave the message.
      event.stopPropagation();
      hide();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      event.stopPropagation();
      if (owner === word) hide();
      else show(word, explain());
    }
  });
}

/** Whether some of the word is still to be seen in what has scrolled. */
function isSeen(word: HTMLElement, scrolled: EventTarget | null): boolean {
  const at = word.getBoundingClientRect();
  const around = scrolled instanceof Element && scrolled.contains(word) ? scrolled.getBoundingClientRect() : null;
  const [top, bottom] = around ? [around.top, around.bottom] : [0, innerHeight];
  return at.height > 0 && at.bottom > top && at.top < bottom;
}

// The card goes along with its word, and away when the word is scrolled out of sight. (A list also scrolls by itself: a
// message that is touched shows its buttons and grows.)
function scrolled({ target }: Event): void {
  if (!owner || !card) return;
  if (owner.isConnected && isSeen(owner, target)) place(card, owner, 'above', 'start');
  else hide();
}

if (typeof document !== 'undefined') document.addEventListener('scroll', scrolled, { capture: true, passive: true });
