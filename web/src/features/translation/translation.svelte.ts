/** Whether messages can be translated here, and which of them the reader has asked for. */
import { SvelteSet } from 'svelte/reactivity';
import { api } from '../../api/client';
import { session } from '../../api/session.svelte';
import type { Message, TranslationState } from '../../api/types';

let offer = $state.raw<TranslationState | null>(null);
let asked = false;
const shown = new SvelteSet<string>();

export const translation = {
  /** Null until the server was asked. */
  get offer(): TranslationState | null {
    return offer;
  },
  /** Ids of the messages whose translation stands below them. */
  shown,
  /** Asks once what is offered: it changes with a restart of the server only. */
  need(): void {
    if (asked) return;
    asked = true;
    api.get<TranslationState>('/api/translation').then(
      (answer) => (offer = answer),
      () => (asked = false),
    );
  },
};

/** What the server would refuse is not offered. (What a quoted message is labelled is known there alone.) */
export function mayBeTranslated(message: Message): boolean {
  if (!offer?.on || message.deleted || message.withheld || message.warning || message.handling.length) return false;
  return message.marking === 'clear' || message.marking === offer.marking;
}

session.whenLeaving(() => shown.clear());
