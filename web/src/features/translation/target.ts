/** The language that somebody reads translations in: the one chosen last in this browser, else that of the page. */
import type { Store } from '../../base/storage';

const KEY = 'egida.translation';

export function targetOf(store: Store, offered: string[], page: string): string {
  const wishes = [store.get<string>(KEY), page];
  return wishes.find((wish) => wish !== null && offered.includes(wish)) ?? offered[0] ?? page;
}

export function rememberTarget(store: Store, language: string): void {
  store.set(KEY, language);
}
