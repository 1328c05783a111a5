/**
 * The script in which Serbian, Bosnian, Croatian and Montenegrin texts are shown: as they were written, or all in one. The
 * reader's choice, in this browser. What changes letters is fetched only where somebody has chosen so.
 */
import { SvelteSet } from 'svelte/reactivity';
import { localStore } from '../base/storage';
import { session } from './session.svelte';

export type Choice = 'written' | 'latin' | 'cyrillic';
type Changer = typeof import('../base/script/page');

const KEY = 'egida.script';
const kept = localStore.get<string>(KEY);
let choice = $state<Choice>(kept === 'latin' || kept === 'cyrillic' ? kept : 'written');
let changer = $state.raw<Changer | null>(null);
let asked: Promise<void> | null = null;
/** Ids of messages that are shown as they were written all the same. */
const turned = new SvelteSet<string>();

function load(): void {
  asked ??= import('../base/script/page').then(
    (module) => {
      document.addEventListener('copy', module.copyAsWritten);
      changer = module;
    },
    // Everything is there as it was written; the next text asks again.
    () => void (asked = null),
  );
}

/** Does something in the reader's script, once it is known how. */
function inScript<Shown>(change: (changer: Changer, script: 'latin' | 'cyrillic') => Shown, otherwise: Shown): Shown {
  if (choice === 'written') return otherwise;
  if (!changer) load();
  return changer ? change(changer, choice) : otherwise;
}

export const script = {
  get choice(): Choice {
    return choice;
  },
  set choice(wish: Choice) {
    choice = wish;
    turned.clear();
    if (wish === 'written') localStore.remove(KEY);
    else localStore.set(KEY, wish);
  },
  /** A title or the like, as its reader reads it. */
  text: (written: string): string => inScript((changer, script) => changer.shownIn(written, script), written),
  /** The same for a text in pieces. */
  pieces: <Piece extends { text: string }>(written: Piece[]): Piece[] =>
    inScript((changer, script) => changer.piecesIn(written, script), written),
  /**
   * Draws the body of a message in the reader's script; one without an id has nowhere to turn it back and stays as it was
   * written. What marks words in it marks those that were written, and comes before.
   */
  draw(body: HTMLElement, message: string | undefined, mark: () => void): void {
    changer?.writeBack(body);
    mark();
    if (message && !turned.has(message)) inScript((changer, script) => changer.drawIn(body, script), undefined);
  },
  /** Whether a message reads differently from how it was written, or would. */
  changes: (body: string): boolean => script.text(body) !== body,
  isTurned: (message: string): boolean => turned.has(message),
  turn(message: string): void {
    if (!turned.delete(message)) turned.add(message);
  },
};

session.whenLeaving(() => turned.clear());
