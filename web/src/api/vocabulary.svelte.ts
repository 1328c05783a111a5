/** The words of the directory: services, languages, kinds of organisations, abbreviations. Asked for when first needed. */
import { language, localName } from '../base/i18n.svelte';
import { api } from './client';
import { themeName, theRegion } from './region.svelte';
import type { Abbreviation, Vocabulary } from './types';

let vocabulary = $state.raw<Vocabulary | null>(null);
let asked: Promise<void> | null = null;

export const theVocabulary = {
  get current(): Vocabulary | null {
    return vocabulary;
  },
  get abbreviations(): Abbreviation[] {
    return (vocabulary?.abbreviations ?? []) as Abbreviation[];
  },
  load(): Promise<void> {
    asked ??= api.get<Vocabulary>('/api/vocabulary').then(
      (answer) => void (vocabulary = answer),
      (error: unknown) => {
        asked = null;
        throw error;
      },
    );
    return asked;
  },
};

/** A theme or a service, by its code. */
export function topicName(code: string): string {
  const service = vocabulary?.services.find((each) => each.code === code);
  return service ? localName(service.name) : themeName(code);
}

export function isTheme(code: string): boolean {
  return theRegion.themes.some((theme) => theme.slug === code);
}

/** A language's name in the reader's own; capitals are for the beginning of a line. */
export function languageName(code: string): string {
  return localName(vocabulary?.languages.find((each) => each.code === code)?.name) || code;
}

export function kindName(code: string): string {
  return localName(vocabulary?.kinds.find((each) => each.code === code)?.name) || code;
}

/** "Romanian, English and Greek", as the reader's language lists things. */
export function listed(words: string[]): string {
  return new Intl.ListFormat(language(), { type: 'conjunction' }).format(words);
}
