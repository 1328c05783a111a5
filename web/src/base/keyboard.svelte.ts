/**
 * Shortcuts of a single letter get in the way of people who dictate or whose hands slip, so they can be
 * switched off (WCAG 2.1.4).
 */
import { localStore } from './storage';

const KEY = 'egida.single-keys';
let allowed = $state(localStore.get<boolean>(KEY) ?? true);

export const singleKeys = {
  get allowed(): boolean {
    return allowed;
  },
  set allowed(wish: boolean) {
    allowed = wish;
    localStore.set(KEY, wish);
  },
};

/** Whether an arrow with Alt opens something where the focus is (a list of choices), or a window stands over the page. */
export function ownsAltArrows(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof Element && target.closest('select, input[role=combobox], [role=listbox], [role=menu]') !== null;
}

/** Whether a key typed now belongs to a text field or to a control with keys of its own. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  return Boolean(target?.closest('input, textarea, select, [contenteditable], [role=menu], [role=listbox], dialog'));
}
