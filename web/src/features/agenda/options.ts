/** What can be chosen in the forms of the agenda, of studies and exercises, in the reader's language and order. */
import { countryName, themeName, theRegion } from '../../api/region.svelte';
import { languageName } from '../../api/vocabulary.svelte';
import { compareNames, t } from '../../base/i18n.svelte';
import { capital } from '../directory';

interface Option {
  value: string;
  label: string;
}

/** Languages that a text of the region can be in, as the server has them. */
export const LANGUAGES = ['en', 'fr', 'sq', 'bs', 'hr', 'cnr', 'sr-Latn', 'sr-Cyrl', 'bg', 'mk', 'ro', 'el'];

const sorted = (options: Option[]) => options.sort((one, other) => compareNames(one.label, other.label));

export const countryOptions = (): Option[] => theRegion.countries.map(({ code }) => ({ value: code, label: countryName(code) }));

export const themeOptions = (): Option[] => sorted(theRegion.themes.map(({ slug }) => ({ value: slug, label: themeName(slug) })));

/** Serbian, Latin letters. */
export function textLanguage(code: string): string {
  const [primary = code, script] = code.split('-');
  const name = capital(languageName(primary));
  if (script === 'Latn') return t('glossary_latin', { language: name });
  return script === 'Cyrl' ? t('glossary_cyrillic', { language: name }) : name;
}

export const languageOptions = (): Option[] => sorted(LANGUAGES.map((value) => ({ value, label: textLanguage(value) })));
