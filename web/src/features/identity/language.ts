/** The language of the screen: kept in this browser, and with the account when there is one. */
import { api } from '../../api/client';
import { session } from '../../api/session.svelte';
import type { Me } from '../../api/types';
import { useLanguage } from '../../base/i18n.svelte';
import { localStore } from '../../base/storage';

const KEY = 'egida.language';

export async function chooseLanguage(code: string): Promise<void> {
  localStore.set(KEY, code);
  await useLanguage(code);
  if (session.me && session.me.language !== code) session.enter(await api.patch<Me>('/api/me', { language: code }));
}

/** After sign-in: the account's language, unless one was chosen in this browser. */
export async function followAccount(me: Me): Promise<void> {
  if (!localStore.get<string>(KEY)) await useLanguage(me.language);
}

/** What a language calls itself. */
export function ownName(code: string): string {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}
