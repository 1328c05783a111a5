/** The closed lists of the template, and their words. */
import { countryName, themeName } from '../../api/region.svelte';
import type { PracticeState } from '../../api/types';
import { hasText, t } from '../../base/i18n.svelte';
import { termLanguage } from '../glossary';

export const STAGES = ['primary', 'secondary', 'tertiary', 'identification', 'protection', 'prosecution', 'partnership'];
export const PILLARS = ['identification', 'support', 'inclusion', 'justice'];
export const AGES = ['0-5', '6-9', '10-13', '14-15', '16-17', 'adults'];
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
];
export const COSTS = ['low', 'medium', 'high'];
export const VERDICTS = ['yes', 'partly', 'no'];
export const LICENCES = ['cc-by', 'cc-by-sa', 'cc-by-nc', 'own', 'ask'];
export const LANGUAGES = ['en', 'fr', 'sq', 'bs', 'hr', 'cnr', 'sr-Latn', 'sr-Cyrl', 'bg', 'mk', 'ro', 'el'];
export const LEVELS = [0, 1, 2, 3, 4, 5];
export const TESTS = ['effective', 'sustainable', 'gender_sensitive', 'feasible', 'participatory', 'replicable'] as const;

/** The words of a code: `library_stage_primary`. */
function word(list: string, code: string): string {
  const key = `library_${list}_${code.replaceAll('-', '_')}`;
  return hasText(key) ? t(key) : code;
}

export const stageName = (code: string) => word('stage', code);
export const pillarName = (code: string) => word('pillar', code);
export const settingName = (code: string) => word('setting', code);
export const costName = (code: string) => word('cost', code);
export const verdictName = (code: string) => word('verdict', code);
export const licenceName = (code: string) => word('licence', code);
export const testName = (code: string) => word('test', code);
export const fieldName = (name: string) => word('field', name);
export const levelName = (level: number) => word('level', String(level));
export const levelText = (level: number) => word('level_text', String(level));
export const lacksText = (code: string) => word('lacks', code);
export const stateName = (state: PracticeState) => word('state', state);
export const ageName = (code: string) => (code === 'adults' ? t('library_age_adults') : code.replace('-', '–'));
export const languageOf = (code: string) => (code === 'cnr' ? t('library_language_cnr') : termLanguage(code));

/** What one can choose by, and how it is called. */
export type Choice = 'country' | 'theme' | 'stage' | 'pillar' | 'age' | 'setting' | 'language' | 'level' | 'state';

export function choiceName(choice: Choice, code: string): string {
  switch (choice) {
    case 'country':
      return countryName(code);
    case 'theme':
      return themeName(code);
    case 'stage':
      return stageName(code);
    case 'pillar':
      return pillarName(code);
    case 'age':
      return ageName(code);
    case 'setting':
      return settingName(code);
    case 'language':
      return languageOf(code);
    case 'level':
      return `${code} · ${levelName(Number(code))}`;
    case 'state':
      return stateName(code as PracticeState);
  }
}
