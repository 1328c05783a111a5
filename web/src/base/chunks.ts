/**
 * Pieces of the page that are fetched when they are first needed. A piece that could not be fetched can be asked for
 * again; and once the page is quiet the rest comes ahead, so that a later break of the line doesn't lock a door.
 */
import { localStore } from './storage';

type Load<Piece> = () => Promise<Piece>;

/** A piece that is missing for good must not make the page begin anew for ever. In milliseconds. */
const RENEWED_EVERY = 60_000;
const RENEWED = 'egida.renewed';

/**
 * Fetches a piece once more. A style sheet that failed stays in the document and would count as there. Some browsers also
 * remember that a module failed, and never ask for it again (HTML, "fetch a single module script"): where the server can
 * be reached, the page begins anew at the same address. What was being written outlives that.
 */
export async function fetchAgain<Piece>(load: Load<Piece>): Promise<Piece> {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) if (!link.sheet) link.remove();
  try {
    return await load();
  } catch (error) {
    if (Date.now() - (localStore.get<number>(RENEWED) ?? 0) > RENEWED_EVERY && (await reachable())) {
      localStore.set(RENEWED, Date.now());
      location.reload();
    }
    throw error;
  }
}

const reachable = () => fetch('/', { method: 'HEAD', cache: 'no-store' }).then(({ ok }) => ok, () => false);

/** Fetches pieces one after another, each when the browser has nothing better to do; stops at the first that fails. */
export async function fetchAhead(loads: Load<unknown>[], stopped: () => boolean): Promise<void> {
  for (const load of loads) {
    await idle();
    if (stopped()) return;
    try {
      await load();
    } catch {
      return;
    }
  }
}

/** When the browser has nothing better to do. (Safari has no `requestIdleCallback`.) */
export function idle(): Promise<void> {
  return new Promise((ready) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => ready(), { timeout: 5000 });
    else setTimeout(ready, 200);
  });
}

/** Whether the reader asked the browser to save data. */
export function savesData(): boolean {
  return Boolean((navigator as { connection?: { saveData?: boolean } }).connection?.saveData);
}
