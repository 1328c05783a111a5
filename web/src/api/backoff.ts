/** What a closed connection means for the next attempt. */
export type Afterwards = { kind: 'retry'; delay: number } | { kind: 'signed-out' } | { kind: 'stay-away' };

const RESTART = 1012;
const SIGNED_OUT = 4401;
const SUSPENDED = 4403;
const TOO_MANY_WINDOWS = 4409;

/**
 * Doubles from one second to thirty, each time by chance somewhere in the upper half, so that a
 * thousand readers who lost the server together don't come back together.
 */
export function afterClose(code: number, attempt: number, random: () => number = Math.random): Afterwards {
  if (code === SIGNED_OUT || code === SUSPENDED) return { kind: 'signed-out' };
  if (code === TOO_MANY_WINDOWS) return { kind: 'stay-away' };
  if (code === RESTART) return { kind: 'retry', delay: 500 + random() * 4500 };
  const ceiling = Math.min(30_000, 1000 * 2 ** Math.min(attempt, 5));
  return { kind: 'retry', delay: ceiling * (0.5 + random() / 2) };
}
