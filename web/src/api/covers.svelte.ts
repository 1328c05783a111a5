/**
 * Which words that carry a content warning are shown: none until a reader wants them, message by message and for as long as
 * the page stands; or all at once, where the reader has chosen so in this browser.
 */
import { SvelteSet } from 'svelte/reactivity';
import { localStore } from '../base/storage';
import { session } from './session.svelte';

const KEY = 'egida.covers';
let atOnce = $state(localStore.get<string>(KEY) === 'open');
/** Ids of messages that were uncovered, or covered where all are shown. */
const turned = new SvelteSet<string>();

export const covers = {
  get atOnce(): boolean {
    return atOnce;
  },
  set atOnce(wish: boolean) {
    atOnce = wish;
    turned.clear();
    if (wish) localStore.set(KEY, 'open');
    else localStore.remove(KEY);
  },
  isShown: (message: string) => turned.has(message) !== atOnce,
  turn(message: string): void {
    if (!turned.delete(message)) turned.add(message);
  },
};

session.whenLeaving(() => turned.clear());
