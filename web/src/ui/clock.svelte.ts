/** The time of day for what shows how long ago something was: one ticking for the whole page. */
import { createSubscriber } from 'svelte/reactivity';

const EVERY = 30_000;

const subscribe = createSubscriber((update) => {
  const ticking = setInterval(update, EVERY);
  return () => clearInterval(ticking);
});

/** Now, in milliseconds; whoever reads it in a component is drawn again twice a minute. */
export function now(): number {
  subscribe();
  return Date.now();
}
