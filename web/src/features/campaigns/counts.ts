/** What there is in a country, in numbers and words. */
import { countryName } from '../../api/region.svelte';
import type { CampaignCountry } from '../../api/types';
import { t } from '../../base/i18n.svelte';

export const all = (it: CampaignCountry): number => it.ideas + it.coming + it.running + it.past;

/** "Romania: 2 running, 1 coming, 3 over": what isn't there isn't said. */
export function sentence(it: CampaignCountry): string {
  const parts = [
    it.running && t('campaigns_n_running', { count: it.running }),
    it.coming && t('campaigns_n_coming', { count: it.coming }),
    it.ideas && t('campaigns_n_ideas', { count: it.ideas }),
    it.past && t('campaigns_n_past', { count: it.past }),
  ].filter((part): part is string => Boolean(part));
  return t('campaigns_country_counts', { country: countryName(it.country), counts: parts.join(', ') || t('campaigns_n_none') });
}
