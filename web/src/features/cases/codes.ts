/** The closed lists of case rooms (server: cases/words.rs), and what they are called. */
import { countryName, themeName, theRegion } from '../../api/region.svelte';
import { topicName } from '../../api/vocabulary.svelte';
import { compareNames, hasText, t } from '../../base/i18n.svelte';
import type { Marking } from '../../api/types';
import type { Phase } from './types';

export const PHASES: Phase[] = ['identification', 'assessment', 'planning', 'implementation', 'review', 'closed'];
export const RISKS = ['low', 'medium', 'high'] as const;
export const AGES = ['0-5', '6-9', '10-13', '14-15', '16-17', '18+', 'unknown'] as const;
export const SEXES = ['girl', 'boy', 'other'] as const;
export const COMPANIES = ['unaccompanied', 'separated', 'accompanied', 'unknown'] as const;
export const CONSENTS = ['by_guardian', 'given', 'assent', 'refused', 'not_asked'] as const;
export const BIDS = ['not_needed', 'pending', 'done'] as const;
export const GUARDIANS = ['appointed', 'requested', 'none'] as const;
export const PILLARS = ['identification', 'support', 'inclusion', 'justice'] as const;
export const PROCEDURES = ['identification', 'first_assistance', 'longer_term', 'return', 'proceedings'] as const;
export const MANDATES = [
  'case_manager',
  'guardian',
  'lawyer',
  'psychologist',
  'social_worker',
  'health',
  'shelter',
  'interpreter',
  'authority',
  'police',
  'prosecutor',
  'asylum',
  'coordinator',
  'observer',
] as const;
export const GROUNDS = ['service', 'legal_representation', 'guardianship', 'competence', 'referral', 'expertise', 'supervision', 'meeting'] as const;
export const HOWS = ['in_person', 'phone', 'video'] as const;
export const ABOUTS = ['plan', 'service', 'return', 'durable_solution', 'separation', 'referral', 'other'] as const;
export const REASONS = ['completed', 'returned', 'reunited', 'aged_out', 'transferred', 'contact_lost', 'death', 'other'] as const;
/** What a room's papers can be marked as: nothing looser. */
export const MARKINGS: Marking[] = ['amber', 'amber+strict', 'red'];
export const ACTS = ['ask', 'none', 'quiet', 'open'] as const;
/** For how many days a closed room can be kept. */
export const KEPT = [30, 90, 180, 365, 730, 1826];

/** As the server has them: characters at most. */
export const SUMMARY_MAX = 600;
export const NOTE_MAX = 600;
export const TITLE_MAX = 120;
export const HOME_MAX = 60;
export const BODY_MAX = 8000;

type List =
  | 'phase'
  | 'side'
  | 'risk'
  | 'age'
  | 'sex'
  | 'company'
  | 'consent'
  | 'bid'
  | 'guardian'
  | 'pillar'
  | 'procedure'
  | 'mandate'
  | 'ground'
  | 'how'
  | 'about'
  | 'reason'
  | 'state'
  | 'missing'
  | 'check'
  | 'proposal'
  | 'kind'
  | 'next'
  | 'event';

/** The word for a code of a list: `cases_phase_review`. */
export function word(list: List, code: string): string {
  const key = `cases_${list}_${code.replace('+', '_up').replaceAll('-', '_')}`;
  return hasText(key) ? t(key) : code;
}

export interface Option {
  value: string;
  label: string;
  detail?: string;
}

export const options = (list: List, codes: readonly string[]): Option[] => codes.map((value) => ({ value, label: word(list, value) }));

const byLabel = (one: Option, other: Option) => compareNames(one.label, other.label);
export const countryOptions = (): Option[] => theRegion.countries.map(({ code }) => ({ value: code, label: countryName(code) })).sort(byLabel);
export const themeOptions = (): Option[] => theRegion.themes.map(({ slug }) => ({ value: slug, label: themeName(slug) })).sort(byLabel);
export const serviceOptions = (services: { code: string }[]): Option[] =>
  services.map(({ code }) => ({ value: code, label: topicName(code) })).sort(byLabel);

/** The markings from a room's own on, as they are written everywhere. */
export const markingOptions = (floor: Marking): Option[] =>
  MARKINGS.slice(Math.max(0, MARKINGS.indexOf(floor))).map((value) => ({ value, label: `TLP:${value.toUpperCase()}` }));
export const actOptions = (): Option[] => ACTS.map((value) => ({ value, label: t(`permitted_${value}`) }));
