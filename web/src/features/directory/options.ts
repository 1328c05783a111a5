/** What can be chosen in the forms of the directory, in the reader's language and order. */
import { theRegion } from '../../api/region.svelte';
import { theVocabulary } from '../../api/vocabulary.svelte';
import { compareNames, localName } from '../../base/i18n.svelte';
import { capital } from './words';

interface Option {
  value: string;
  label: string;
  detail?: string;
}

const byLabel = (one: Option, other: Option) => compareNames(one.label, other.label);

export function themeOptions(): Option[] {
  return theRegion.themes.map((theme) => ({ value: theme.slug, label: localName(theme.name) })).sort(byLabel);
}

export function serviceOptions(): Option[] {
  const services = theVocabulary.current?.services ?? [];
  return services
    .map((service) => ({ value: service.code, label: localName(service.name), detail: localName(service.definition) }))
    .sort(byLabel);
}

export function languageOptions(): Option[] {
  const languages = theVocabulary.current?.languages ?? [];
  return languages
    .map((each) => ({ value: each.code, label: capital(localName(each.name)), detail: each.native }))
    .sort(byLabel);
}

export function kindOptions(): Option[] {
  return (theVocabulary.current?.kinds ?? []).map((kind) => ({ value: kind.code, label: localName(kind.name) })).sort(byLabel);
}
