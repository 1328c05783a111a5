/** Who is here, coarsely: the server says so every few seconds for channels that aren't too large. */
import { SvelteSet } from 'svelte/reactivity';

const here = new SvelteSet<string>();

export const presence = {
  isHere: (account: string) => here.has(account),
  changed(came: string[], left: string[]): void {
    for (const account of came) here.add(account);
    for (const account of left) here.delete(account);
  },
  clear: () => here.clear(),
};
