/** What somebody looked for lately, in this browser only; forgotten when they sign out. */
import type { Store } from '../../base/storage';

const KEPT = 8;
const keyOf = (account: string) => `egida.recent-searches.${account}`;

export function recentSearches(store: Store, account: string): string[] {
  const kept = store.get<unknown>(keyOf(account));
  return Array.isArray(kept) ? kept.filter((each): each is string => typeof each === 'string').slice(0, KEPT) : [];
}

/** The latest first; the same search once. */
export function rememberSearch(store: Store, account: string, query: string): string[] {
  const wish = query.trim();
  if (!wish) return recentSearches(store, account);
  const kept = [wish, ...recentSearches(store, account).filter((each) => each !== wish)].slice(0, KEPT);
  store.set(keyOf(account), kept);
  return kept;
}

export function forgetSearches(store: Store, account: string): void {
  store.remove(keyOf(account));
}
