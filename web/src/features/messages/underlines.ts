/**
 * Lines under words of a text field. They are drawn over the field in a layer with the same measures, whose letters nobody
 * sees, and which isn't there for the mouse and for screen readers. The field's parent holds nothing else and is positioned.
 */
import type { Mark, Marked } from './marks';
import './underlines.css';

/** Whatever moves a letter: the layer takes it over from the field. */
const MEASURES = [
  'font-family', 'font-size', 'font-style', 'font-weight', 'font-stretch', 'font-kerning', 'font-feature-settings', 'font-variant',
  'letter-spacing', 'word-spacing', 'line-height', 'tab-size', 'text-align', 'text-indent', 'text-rendering', 'text-transform',
  'direction', 'unicode-bidi', 'overflow-wrap', 'word-break', 'line-break', 'hyphens',
];
const SIDES = ['top', 'right', 'bottom', 'left'] as const;

export class Underlines {
  readonly #layer = document.createElement('div');
  readonly #words = document.createElement('div');
  readonly #watching: ResizeObserver;

  constructor(readonly field: HTMLTextAreaElement | HTMLInputElement) {
    this.#layer.className = 'underlines';
    this.#layer.ariaHidden = 'true';
    this.#layer.classList.toggle('single', field instanceof HTMLInputElement);
    this.#layer.append(this.#words);
    field.before(this.#layer);
    field.addEventListener('scroll', this.#scroll);
    this.#watching = new ResizeObserver(() => this.#measure());
    this.#watching.observe(field);
  }

  remove(): void {
    this.#watching.disconnect();
    this.field.removeEventListener('scroll', this.#scroll);
    this.#layer.remove();
  }

  /** Draws a line under each of them, a stronger one under `current`. */
  draw({ text, marks }: Marked, current: Mark | null): void {
    const parts: (string | Node)[] = [];
    let drawn = 0;
    for (const mark of [...marks].sort((one, other) => one.start - other.start)) {
      const start = Math.max(mark.start, drawn);
      if (start >= mark.end) continue;
      const word = document.createElement('span');
      word.className = mark.severity;
      word.classList.toggle('here', mark.id === current?.id);
      word.textContent = text.slice(start, mark.end);
      parts.push(text.slice(drawn, start), word);
      drawn = mark.end;
    }
    // Without a mark nothing of the text stands there. A line break at the end needs a letter behind it.
    if (drawn) parts.push(`${text.slice(drawn)}\u200B`);
    this.#words.replaceChildren(...parts);
    if (!drawn) return;
    this.#measure();
    this.#scroll();
  }

  /** Scrolls the field to where a mark stands. */
  reveal(): void {
    const word = this.#words.querySelector<HTMLElement>('.here');
    if (!word) return;
    const [top, bottom] = [word.offsetTop, word.offsetTop + word.offsetHeight];
    const { scrollTop, clientHeight } = this.field;
    if (top < scrollTop || bottom > scrollTop + clientHeight) this.field.scrollTop = top - clientHeight / 3;
  }

  readonly #scroll = () => {
    this.#layer.scrollTo(this.field.scrollLeft, this.field.scrollTop);
  };

  #measure(): void {
    const style = getComputedStyle(this.field);
    for (const name of MEASURES) this.#words.style.setProperty(name, style.getPropertyValue(name));
    for (const side of SIDES) {
      const border = Number.parseFloat(style.getPropertyValue(`border-${side}-width`));
      this.#layer.style.setProperty(`border-${side}-width`, `${border}px`);
      const padding = Number.parseFloat(style.getPropertyValue(`padding-${side}`)) + this.#bar(side, style);
      this.#layer.style.setProperty(`padding-${side}`, `${padding}px`);
    }
  }

  /** The width of the field's scroll bar, if it is on this side. */
  #bar(side: (typeof SIDES)[number], style: CSSStyleDeclaration): number {
    if (side === 'top' || side === 'bottom') return 0;
    const [left, right] = [Number.parseFloat(style.borderLeftWidth), Number.parseFloat(style.borderRightWidth)];
    const width = Math.round(this.field.offsetWidth - this.field.clientWidth - left - right);
    const isLeft = this.field.clientLeft - left >= 1;
    return (side === 'left') === isLeft ? Math.max(0, width) : 0;
  }
}
