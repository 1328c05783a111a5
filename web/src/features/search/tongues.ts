/** Languages as a search knows them: Bosnian, Croatian, Montenegrin and Serbian are one, Serbian has two scripts. */
import { languageName } from '../../api/vocabulary.svelte';
import { locale, t } from '../../base/i18n.svelte';

export function tongueName(code: string): string {
  const name = code === 'bcms' ? t('search_language_bcms') : languageName(code.split('-')[0]!);
  return name.charAt(0).toLocaleUpperCase(locale()) + name.slice(1);
}

/** For the `lang` of what is written in it. */
export function tagOf(code: string | null): string | undefined {
  return code === 'bcms' ? 'sr' : (code ?? undefined);
}
