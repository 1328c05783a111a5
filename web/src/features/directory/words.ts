/** Short texts about people and organisations. */
import { countryName } from '../../api/region.svelte';
import type { Regime, Seen } from '../../api/types';
import { t } from '../../base/i18n.svelte';

const SEEN = {
  here: 'people_here',
  today: 'directory_seen_today',
  week: 'directory_seen_week',
  longer: 'directory_seen_longer',
} as const;

/** Here now; seen today; seen this week; not seen this week. */
export function seenText(seen: Seen): string {
  return t(SEEN[seen]);
}

const REGIMES = { gdpr: 'directory_regime_gdpr', led: 'directory_regime_led', io: 'directory_regime_io' } as const;

export function regimeText(regime: Regime): string {
  return t(REGIMES[regime]);
}

/** A country, or the whole region where there is none. */
export function whereText(country: string | null): string {
  return country ? countryName(country) : t('people_whole_region');
}

/** The first letter of a line is a capital, also where the language's names have none. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
