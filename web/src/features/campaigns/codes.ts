/** The closed lists of campaigns (server: campaigns/codes.rs), and what they are called. */
import { themeName, theRegion, countryName } from '../../api/region.svelte';
import { languageName, theVocabulary } from '../../api/vocabulary.svelte';
import { compareNames, hasText, t } from '../../base/i18n.svelte';
import type { CampaignState } from '../../api/types';
import { capital } from '../directory';

export const STATES = ['idea', 'planned', 'approved', 'pretested', 'running', 'paused', 'ended', 'evaluated', 'archived'] as const;
export const AIMS = ['inform', 'change_behaviour', 'report', 'reduce_demand', 'shift_norms'] as const;
export const AGES = ['0-5', '6-9', '10-13', '14-15', '16-17', 'adults'] as const;
export const SETTINGS = [
  'school',
  'street',
  'family',
  'institution',
  'reception',
  'online',
  'border',
  'community',
  'workplace',
  'professionals',
] as const;
export const CHANNELS = [
  'school',
  'street',
  'press',
  'radio',
  'television',
  'social_media',
  'messaging',
  'transport',
  'events',
  'peers',
  'print',
] as const;
export const BUDGETS = ['low', 'medium', 'high'] as const;
export const LICENCES = ['cc-by', 'cc-by-sa', 'cc-by-nc', 'own', 'ask'] as const;
export const HELPLINES = ['116111', '116000'] as const;
export const LANGUAGES = ['en', 'fr', 'sq', 'bs', 'hr', 'cnr', 'sr-Latn', 'sr-Cyrl', 'bg', 'mk', 'ro', 'el'] as const;
export const INDICATORS = [
  'reach',
  'frequency',
  'recall_unprompted',
  'recall_prompted',
  'understanding',
  'intention',
  'helpline_contacts',
  'relevant_share',
  'referrals',
  'identified_victims',
  'answer_minutes',
  'knowledge_gain',
  'cost_per_contact',
  'harm_stigma',
  'harm_misunderstanding',
  'harm_false_reports',
] as const;
/** From those who hear of it to those who are helped. */
export const FUNNEL = ['reach', 'understanding', 'helpline_contacts', 'referrals', 'identified_victims'] as const;
/** Parts of a hundred, not counts. */
export const SHARES = ['recall_unprompted', 'recall_prompted', 'understanding', 'intention', 'relevant_share', 'knowledge_gain'];
export const MARKINGS = ['clear', 'green', 'amber', 'amber+strict'] as const;

/** The word for a code of a list: `campaigns_aim_inform`. */
export function word(list: 'state' | 'aim' | 'age' | 'setting' | 'channel' | 'budget' | 'licence' | 'indicator' | 'check' | 'day' | 'next', code: string): string {
  const key = `campaigns_${list}_${code.replaceAll('-', '_')}`;
  return hasText(key) ? t(key) : code;
}

export const stateText = (state: CampaignState): string => word('state', state);
export const isHarm = (kind: string): boolean => kind.startsWith('harm_');

export interface Option {
  value: string;
  label: string;
}

export const options = (list: Parameters<typeof word>[0], codes: readonly string[]): Option[] =>
  codes.map((value) => ({ value, label: word(list, value) }));

export const countryOptions = (): Option[] => theRegion.countries.map(({ code }) => ({ value: code, label: countryName(code) }));

export const themeOptions = (): Option[] =>
  theRegion.themes.map(({ slug }) => ({ value: slug, label: themeName(slug) })).sort((one, other) => compareNames(one.label, other.label));

/** Serbian stands there in both scripts. */
export function tongue(code: string): string {
  const [primary = code, script] = code.split('-');
  const name = capital(languageName(primary));
  if (script === 'Latn') return t('campaigns_latin', { language: name });
  return script === 'Cyrl' ? t('campaigns_cyrillic', { language: name }) : name;
}

export const tongueOptions = (): Option[] => LANGUAGES.map((value) => ({ value, label: tongue(value) })).sort((one, other) => compareNames(one.label, other.label));

/** Languages of an audience: those of the region, and those that meet it on the way. */
export function audienceOptions(): Option[] {
  const written: readonly string[] = LANGUAGES;
  const others = (theVocabulary.current?.languages ?? []).filter(({ code }) => !written.includes(code) && code !== 'sr');
  return [...tongueOptions(), ...others.map(({ code }) => ({ value: code, label: capital(languageName(code)) }))];
}
