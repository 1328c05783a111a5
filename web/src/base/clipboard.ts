/** Puts text into the clipboard. Throws when the browser doesn't let it. */
export async function copyText(text: string): Promise<void> {
  // Over plain HTTP there is no clipboard but the old way, by a selection.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // What lies behind an open dialog can't be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!done) throw new Error('not copied');
}
