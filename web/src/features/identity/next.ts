/** Where to go after sign-in: only ever a place within this site, and never the sign-in page again. */
export function placeAfter(wish: string | null, origin: string): string {
  if (!wish) return '/';
  try {
    const url = new URL(wish, origin);
    if (url.origin !== origin || ['/sign-in', '/join'].includes(url.pathname)) return '/';
    return url.pathname + url.search + url.hash;
  } catch {
    return '/';
  }
}
