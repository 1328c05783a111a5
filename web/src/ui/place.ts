/** Puts something that floats beside what it belongs to, inside the window. */
export type Side = 'below' | 'above';

const GAP = 4;
const EDGE = 8;

/** Both must be drawn. The wished side is left when there is no room on it. */
export function place(floating: HTMLElement, anchor: Element, wish: Side = 'below', align: 'start' | 'center' | 'end' = 'start'): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = floating;
  const { clientWidth, clientHeight } = document.documentElement;
  const below = at.bottom + GAP;
  const above = at.top - GAP - height;
  const fitsBelow = below + height <= clientHeight - EDGE;
  const fitsAbove = above >= EDGE;
  const top = wish === 'below' ? (fitsBelow || !fitsAbove ? below : above) : fitsAbove || !fitsBelow ? above : below;
  const start = { start: at.left, center: at.left + (at.width - width) / 2, end: at.right - width }[align];
  floating.style.top = `${Math.max(EDGE, Math.min(top, clientHeight - height - EDGE))}px`;
  floating.style.left = `${Math.max(EDGE, Math.min(start, clientWidth - width - EDGE))}px`;
}
