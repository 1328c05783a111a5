/**
 * Finds a page where it was left: how far each entry of the browser's history was scrolled. What a page shows comes
 * over the line, so the place may not be there yet: it is waited for, until it is or the reader moves.
 */
const PATIENCE = 3000;

interface Frames {
  next: (run: () => void) => unknown;
  now: () => number;
}
const browser: Frames = { next: (run) => requestAnimationFrame(run), now: () => performance.now() };

export class ScrollMemory {
  readonly #tops = new Map<number, number>();
  #entry: number | null = null;
  /** Where it is going, while the page isn't long enough. */
  #wanted: number | null = null;

  constructor(
    readonly view: HTMLElement,
    readonly frames: Frames = browser,
  ) {
    const own = () => (this.#wanted = null);
    view.addEventListener('scroll', () => this.moved(), { passive: true });
    for (const sign of ['wheel', 'touchmove', 'keydown', 'pointerdown']) view.addEventListener(sign, own, { passive: true });
  }

  /** The view was scrolled, by whomever. */
  moved(): void {
    // While a page grows, its end pushes the place about: that isn't where the reader wants to be.
    if (this.#entry !== null && this.#wanted === null) this.#tops.set(this.#entry, this.view.scrollTop);
  }

  /** Another entry of the history is shown. */
  go(entry: number): void {
    if (entry === this.#entry) return;
    const first = this.#entry === null;
    this.#entry = entry;
    if (first) return;
    this.#wanted = this.#tops.get(entry) ?? 0;
    this.#try(entry, this.frames.now() + PATIENCE);
  }

  #try(entry: number, until: number): void {
    if (this.#wanted === null || this.#entry !== entry) return;
    const { view } = this;
    const reached = view.scrollHeight - view.clientHeight >= this.#wanted;
    view.scrollTop = this.#wanted;
    if (reached || this.frames.now() > until) this.#wanted = null;
    else this.frames.next(() => this.#try(entry, until));
  }
}
