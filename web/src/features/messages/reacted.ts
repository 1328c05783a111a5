/** Who reacted, in words. */
import { names } from '../../api/names.svelte';
import { locale, t } from '../../base/i18n.svelte';

/** More names than these nobody reads in a label; the others are counted. */
export const NAMED = 12;

/** "You, Ana and 3 others"; empty while no name is known. */
export function whoReacted(accounts: string[], own: string): string {
  const others = accounts.filter((account) => account !== own);
  const named = others.slice(0, NAMED).map(names.of).filter((name) => name !== undefined);
  const list = accounts.includes(own) ? [t('chat_reaction_you'), ...named] : named;
  const rest = accounts.length - list.length;
  if (list.length === 0) return '';
  if (rest > 0) list.push(t('chat_reaction_others', { count: rest }));
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(list);
}
