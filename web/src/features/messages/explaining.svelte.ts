/** What explains the words of messages: fetched once the page has drawn what was asked for. */
import { idle } from '../../base/chunks';

type Explain = (body: HTMLElement) => void;
let explain = $state.raw<Explain>();
let waiting: Promise<void> | undefined;

/** Explains the words of a message, as soon as that can be done: an effect that asks is run again then. */
export function explainLater(body: HTMLElement): void {
  waiting ??= idle()
    .then(() => import('./explain.svelte'))
    .then(
      (piece) => void (explain = piece.explainWords),
      () => void (waiting = undefined),
    );
  explain?.(body);
}
