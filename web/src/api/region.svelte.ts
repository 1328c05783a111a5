/** Countries, themes and functions of the region: they hardly ever change, so they are asked for once. */
import { compareNames, language, localName } from '../base/i18n.svelte';
import { api } from './client';
import type { Country, Region } from './types';

let region = $state.raw<Region | null>(null);
let asked: Promise<void> | null = null;

const countries = $derived.by(() => {
  language();
  return [...(region?.countries ?? [])].sort((one, other) => compareNames(localName(one.name), localName(other.name)));
});
const themes = $derived(region?.themes ?? []);

export const theRegion = {
  get current(): Region | null {
    return region;
  },
  /** In the alphabetical order of the reader's language. */
  get countries(): Country[] {
    return countries;
  },
  get themes(): Region['themes'] {
    return themes;
  },
  load(): Promise<void> {
    asked ??= api.get<Region>('/api/region').then(
      (answer) => void (region = answer),
      (error: unknown) => {
        asked = null;
        throw error;
      },
    );
    return asked;
  },
};

export function countryOf(code: string | null | undefined): Country | undefined {
  return region?.countries.find((country) => country.code === code);
}

/** The country's name as it must be shown: with an asterisk where a footnote belongs to it. */
export function countryName(code: string | null | undefined): string {
  const country = countryOf(code);
  if (!country) return code ?? '';
  const name = localName(country.name);
  return country.footnote && !name.endsWith('*') ? `${name}*` : name;
}

/** The words of the footnote, without its asterisk. */
export function countryFootnote(code: string | null | undefined): string {
  return localName(countryOf(code)?.footnote).replace(/^\*\s*/, '');
}

export function themeName(slug: string | null | undefined): string {
  return localName(region?.themes.find((theme) => theme.slug === slug)?.name) || (slug ?? '');
}

export function functionName(code: string | null | undefined): string {
  return localName(region?.functions.find((each) => each.code === code)?.name) || (code ?? '');
}
