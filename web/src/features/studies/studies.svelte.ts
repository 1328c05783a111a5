/** Studies and their recommendations, as the page asks for them. */
import { api } from '../../api/client';
import { Paged } from '../../api/paged.svelte';
import type { components } from '../../api/schema';
import type { Page } from '../../api/types';
import { locale, t } from '../../base/i18n.svelte';

type Schemas = components['schemas'];

export type Study = Schemas['Study'];
export type StudyDetails = Schemas['StudyDetails'];
export type StudyWish = Schemas['NewStudy'];
export type Advice = Schemas['Recommendation'];
export type AdviceWish = Schemas['NewRecommendation'];
export type AdviceState = Schemas['RecommendationState'];
export type Past = Schemas['RecommendationPast'];

export const STATES: AdviceState[] = ['open', 'in_progress', 'done', 'rejected'];
export const TITLE_MAX = 160;
export const SUMMARY_MAX = 2000;
export const PUBLISHER_MAX = 160;
export const TEXT_MAX = 600;
export const NOTE_MAX = 500;

const STUDIES = '/api/studies';
const ADVICE = '/api/recommendations';

export const stateText = (state: AdviceState): string => t(`studies_state_${state}`);

/** A day as the reader's language writes it: 31 December 2026. */
export const dayText = (day: string): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(`${day}T12:00:00`));

type Query = Record<string, string | number | boolean | null | undefined>;

export class Studies extends Paged<Study> {
  constructor() {
    super(STUDIES);
  }
  load(query: Query): Promise<void> {
    return this.ask({ ...query, limit: 30 });
  }
}

export class Recommendations extends Paged<Advice> {
  constructor() {
    super(ADVICE);
  }
  load(query: Query): Promise<void> {
    return this.ask({ ...query, limit: 30 });
  }
}

export const studyOf = (id: string) => api.get<StudyDetails>(`${STUDIES}/${id}`);
export const enter = (wish: StudyWish) => api.post<{ id: string }>(STUDIES, wish);
export const rewrite = (id: string, wish: StudyWish, revision: number) => api.put<StudyDetails>(`${STUDIES}/${id}`, { ...wish, revision });
export const advise = (study: string, wish: AdviceWish) => api.post<{ id: string }>(`${STUDIES}/${study}/recommendations`, wish);
export const readvise = (id: string, wish: AdviceWish) => api.put<Advice>(`${ADVICE}/${id}`, wish);
export const settle = (id: string, state: AdviceState, note: string) => api.put<Advice>(`${ADVICE}/${id}/state`, { state, note });
export const historyOf = async (id: string) => (await api.get<Page<Past>>(`${ADVICE}/${id}/history`)).items;
