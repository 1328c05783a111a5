/**
 * Where the reader is: the address of the page as reactive state. Plain `<a href="/...">` links
 * work by themselves (one listener turns them into steps inside the page), so features only need
 * `navigate` for what isn't a link.
 */
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
};

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const next = new URL(to, location.href);
  if (options.replace || next.href === location.href) history.replaceState(null, '', next);
  else history.pushState(null, '', next);
  address = next;
}

/** Listens for links and for the browser's back and forward. */
export function followLinks(): void {
  addEventListener('popstate', () => (address = new URL(location.href)));
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
