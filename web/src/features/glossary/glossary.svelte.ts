/** Proposals for the glossary, and its languages in words. */
import { api } from '../../api/client';
import { Paged } from '../../api/paged.svelte';
import { session } from '../../api/session.svelte';
import type { Concept, Page, TermProposal } from '../../api/types';
import { languageName } from '../../api/vocabulary.svelte';
import { language, t } from '../../base/i18n.svelte';
import { localStore } from '../../base/storage';
import { capital } from '../directory';

/** The languages of the glossary, as it has them. */
export const LANGUAGES = ['en', 'fr', 'sq', 'bs', 'hr', 'sr-Latn', 'sr-Cyrl', 'bg', 'mk', 'ro', 'el'];
/** Serbian in Cyrillic letters follows the Latin ones by itself. */
export const PROPOSED = LANGUAGES.filter((code) => code !== 'sr-Cyrl');
export const TERM_MAX = 120;
export const REASON_MAX = 500;

/** The glossary's language of each country; what is read beside one's own language at first. */
const OF_COUNTRY: Record<string, string> = {
  AL: 'sq',
  BA: 'bs',
  BG: 'bg',
  GR: 'el',
  HR: 'hr',
  MD: 'ro',
  ME: 'sr-Latn',
  MK: 'mk',
  RO: 'ro',
  RS: 'sr-Latn',
  XK: 'sq',
};
const BESIDE = 'egida.glossary.beside';

/** Serbian, Latin letters. */
export function termLanguage(code: string): string {
  const [primary = code, script] = code.split('-');
  const name = capital(languageName(primary));
  if (script === 'Latn') return t('glossary_latin', { language: name });
  return script === 'Cyrl' ? t('glossary_cyrillic', { language: name }) : name;
}

/** The language that stands beside the reader's own: as chosen before, else that of the country. */
export function besideAtFirst(): string {
  const chosen = localStore.get<string>(BESIDE);
  const wish = chosen && LANGUAGES.includes(chosen) ? chosen : OF_COUNTRY[session.me?.country ?? ''];
  return wish && wish !== language() ? wish : language() === 'en' ? 'fr' : 'en';
}

export const keepBeside = (code: string) => localStore.set(BESIDE, code);

/** A concept's term in the reader's language. */
export const titleOf = (concept: Concept) => concept.terms[language()] ?? concept.terms.en ?? concept.id;

/** Whether somebody decides about proposals, and that power is awake. */
export function edits(): boolean {
  const me = session.me;
  return Boolean(me && !me.factor.asleep && me.roles.some(({ role }) => role === 'editor'));
}

export class Proposals extends Paged<TermProposal> {
  constructor(private readonly of: { state?: 'open'; mine?: boolean }) {
    super('/api/glossary/proposals');
  }

  load(): Promise<void> {
    return this.ask(this.of);
  }
}

export const propose = (concept: string, wish: { language: string; term: string; reason: string }) =>
  api.post(`/api/glossary/${concept}/proposals`, wish);
export const historyOf = (concept: string) => api.get<Page<TermProposal>>(`/api/glossary/${concept}/history`);
export const accept = ({ id }: TermProposal) => api.post(`/api/glossary/proposals/${id}/acceptance`, {});
export const refuse = ({ id }: TermProposal, note: string) => api.post(`/api/glossary/proposals/${id}/refusal`, { note });
