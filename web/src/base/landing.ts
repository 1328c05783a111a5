/**
 * Where the keyboard lands. A step by keyboard (the quick switcher, Alt and an arrow, a drawer that closes behind it)
 * takes the focused element away with the page that is left; without help the focus would begin anew at the top, some
 * two hundred stops before the place where one writes. So whoever takes such a step says `expect`, and the page that
 * comes gets the focus: where one writes, else its heading, else the page itself.
 */
type Focus = () => void;

let writing: Focus | null = null;
let expected = false;

/** Where one writes comes first, but a finger that only wants to read gets no keyboard over half of its screen. */
const coarse = () => matchMedia('(pointer: coarse)').matches;

export const landing = {
  /** The open page has a place to write. Returns how to take that back. */
  offer(focus: Focus): () => void {
    writing = focus;
    return () => {
      if (writing === focus) writing = null;
    };
  },
  /** To the place to write, where there is one. */
  write(): boolean {
    writing?.();
    return writing !== null;
  },
  /** The next page gets the focus. */
  expect(): void {
    expected = true;
  },
  /** A page is there; `main` is the element around it. */
  arrive(main: HTMLElement | null, touch = coarse()): void {
    if (!expected) return;
    expected = false;
    if (!touch && landing.write()) return;
    const heading = main?.querySelector<HTMLElement>('h1');
    if (heading) heading.tabIndex = -1;
    (heading ?? main)?.focus();
  },
};
