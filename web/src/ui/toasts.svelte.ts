/** Short news at the edge of the window: `toast(t('...'))`. What must not be missed belongs into a Banner. */
export interface Toast {
  id: number;
  text: string;
  tone: 'neutral' | 'success' | 'danger';
  /** What the reader may do about it, such as taking an action back. */
  action?: { label: string; run: () => void };
}

const shown = $state<Toast[]>([]);
let last = 0;

export function toasts(): Toast[] {
  return shown;
}

export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  last += 1;
  shown.push({ tone: 'neutral', ...options, id: last, text });
  // Three at once are all anybody reads.
  if (shown.length > 3) shown.shift();
  return last;
}

export function dismissToast(id: number): void {
  const at = shown.findIndex((each) => each.id === id);
  if (at >= 0) shown.splice(at, 1);
}
