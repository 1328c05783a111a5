/** What shows and takes files: fetched when the first file is at hand, and kept. */
import { needAllTexts } from '../../base/i18n.svelte';

type Parts = typeof import('../files');

let parts = $state.raw<Parts | null>(null);
let asked: Promise<Parts> | null = null;

export function loadFileParts(): Promise<Parts> {
  asked ??= Promise.all([import('../files'), needAllTexts()]).then(
    ([loaded]) => (parts = loaded),
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** The same for what is drawn: null until it is there. */
export function fileParts(): Parts | null {
  if (!parts) void loadFileParts().catch(() => {});
  return parts;
}
