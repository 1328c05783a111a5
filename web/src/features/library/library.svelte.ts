/** Practices as the page asks for them and changes them. */
import { api, problemText } from '../../api/client';
import { Paged } from '../../api/paged.svelte';
import type {
  Marking,
  Page,
  Practice,
  PracticeContent,
  PracticeItem,
  Practices,
  PracticeState,
  PracticeSurroundings,
  PracticeTranslated,
  PracticeTranslation,
  PracticeVersion,
  PracticeVersionEntry,
  PrintedPractice,
} from '../../api/types';
import { questionOf, type Filters } from './filters';

const PAGE = 20;
const path = (id: string, rest = '') => `/api/practices/${id}${rest}`;

/** The list, one question at a time, page by page. */
export class Library extends Paged<PracticeItem, Practices> {
  facets = $state.raw<Practices['facets'] | null>(null);
  total = $state(0);

  constructor() {
    super('/api/practices');
  }

  find(filters: Filters): Promise<void> {
    return this.ask({ ...questionOf(filters), limit: PAGE });
  }

  protected override took(page: Practices): void {
    this.total = page.total;
    this.facets = page.facets;
  }
}

/** One practice, as it stands. */
export class OnePractice {
  current = $state.raw<Practice | null>(null);
  around = $state.raw<PracticeSurroundings | null>(null);
  problem = $state('');
  absent = $state(false);

  async load(id: string): Promise<void> {
    this.problem = '';
    this.absent = false;
    try {
      this.current = await api.get<Practice>(path(id));
      this.around = await api.get<PracticeSurroundings>(path(id, '/surroundings'));
    } catch (error) {
      this.absent = (error as { status?: number }).status === 404;
      this.problem = problemText(error);
    }
  }
}

export const readPractice = (id: string) => api.get<Practice>(path(id));
export const printed = (id: string) => api.get<PrintedPractice>(path(id, '/print'));

export interface Begun {
  content: Partial<PracticeContent>;
  marking?: Marking;
  parent?: string;
  topic?: string;
}
export const begin = (begun: Begun) => api.post<{ id: string }>('/api/practices', begun);
export const change = (id: string, wish: { content: PracticeContent; marking: Marking; seen: string; note?: string }) =>
  api.put<Practice>(path(id), wish);
export const drop = (id: string) => api.delete(path(id));

export interface Step {
  state: PracticeState;
  note?: string;
  data_checked?: boolean;
  rights_checked?: boolean;
}
export const step = (id: string, wish: Step) => api.put(path(id, '/state'), wish);
export const nameReviewers = (id: string, people: string[]) => api.put(path(id, '/reviewers'), { people });
export const review = (id: string, wish: { level: number; verdict: 'publish' | 'revise'; note: string }) => api.put(path(id, '/review'), wish);
export const setLevel = (id: string, wish: { level: number; why: string; trial: boolean }) => api.put(path(id, '/level'), wish);
export const reportHarm = (id: string, what: string) => api.post(path(id, '/harms'), { what });
export const answerHarm = (id: string, harm: string, answer: string) => api.put(path(id, `/harms/${harm}/answer`), { answer });

export const endorse = (id: string, yes: boolean) => (yes ? api.put(path(id, '/endorsement')) : api.delete(path(id, '/endorsement')));
export const use = (id: string, note: string) => api.put(path(id, '/use'), { note });
export const takeUse = (id: string) => api.delete(path(id, '/use'));
export const discuss = (id: string, topic: string) => api.put(path(id, '/discussion'), { topic });

export const versionsOf = async (id: string) => (await api.get<Page<PracticeVersionEntry>>(path(id, '/versions'))).items;
export const versionOf = (id: string, n: number) => api.get<PracticeVersion>(path(id, `/versions/${n}`));

const translation = (id: string, language: string) => path(id, `/translations/${language}`);
export const readTranslation = (id: string, language: string) => api.get<PracticeTranslation>(translation(id, language));
export const translate = (id: string, language: string, wish: { content: PracticeTranslated; of_version: number; machine: boolean }) =>
  api.put(translation(id, language), wish);
export const checkTranslation = (id: string, language: string) => api.put(`${translation(id, language)}/check`);
export const dropTranslation = (id: string, language: string) => api.delete(translation(id, language));

/** The address of an export with the same filters. */
export function exportOf(filters: Filters, format: 'json' | 'csv'): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(questionOf(filters))) if (value) query.set(name, value);
  return `/api/practices/export?${query}`;
}
