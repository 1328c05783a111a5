/**
 * Where the reader is: the address of the page as reactive state. Plain `<a href="/...">` links
 * work by themselves (one listener turns them into steps inside the page), so features only need
 * `navigate` for what isn't a link.
 */

const entryOf = (state: unknown) => (state as { entry?: number } | null)?.entry;

/**
 * Entries of the browser's history are numbered, so that a page can be found again where it was left: from the time
 * of loading on, which no entry of an earlier load has reached.
 */
let last = Date.now();
let entry = $state((typeof history === 'undefined' ? undefined : entryOf(history.state)) ?? last);
let address = $state.raw(new URL(typeof location === 'undefined' ? 'http://localhost/' : location.href));

export const here = {
  get path() {
    return address.pathname;
  },
  get query() {
    return address.searchParams;
  },
  get hash() {
    return address.hash;
  },
  /** Which entry of the history this is: the same again after a step back. */
  get entry() {
    return entry;
  },
};

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const next = new URL(to, location.href);
  if (options.replace || next.href === location.href) history.replaceState({ entry }, '', next);
  else {
    last += 1;
    history.pushState({ entry: last }, '', next);
    entry = last;
  }
  address = next;
}

/** Listens for links and for the browser's back and forward. */
export function followLinks(): void {
  history.replaceState({ entry }, '');
  addEventListener('popstate', (event) => {
    // One without a number was made by the browser: part of an address that was typed over.
    entry = entryOf(event.state) ?? last;
    address = new URL(location.href);
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    navigate(link.href);
  });
}

/** Parameters of `path` under a pattern such as `/c/:channel/t/:topic`; null when it doesn't fit. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index]!;
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return params;
}
