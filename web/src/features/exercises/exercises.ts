/** Exercises, as the page asks for them. */
import { api } from '../../api/client';
import type { components } from '../../api/schema';
import type { Me, Page } from '../../api/types';

type Schemas = components['schemas'];

export type Exercise = Schemas['Exercise'];
export type ExerciseDetails = Schemas['ExerciseDetails'];
export type ExerciseWish = Schemas['NewExercise'];
export type LessonKind = Schemas['ExerciseLessonKind'];

export const TITLE_MAX = 80;
export const SCENARIO_MAX = 2000;
export const LESSON_MAX = 1000;
export const PEOPLE_MAX = 60;

const EXERCISES = '/api/exercises';

export const listed = async () => (await api.get<Page<Exercise>>(EXERCISES)).items;
export const exerciseOf = (id: string) => api.get<ExerciseDetails>(`${EXERCISES}/${id}`);
export const start = (wish: ExerciseWish) => api.post<{ id: string }>(EXERCISES, wish);
export const end = (id: string) => api.put(`${EXERCISES}/${id}/end`);
export const addPerson = (id: string, account: string) => api.put(`${EXERCISES}/${id}/people/${account}`);
export const write = (id: string, kind: LessonKind, text: string) => api.post(`${EXERCISES}/${id}/lessons`, { kind, text });

/** A scope that somebody moderates, in two fields: none of them for the region. */
export interface Place {
  country: string | null;
  theme: string | null;
}

/** Where somebody may start an exercise, as the server has it; it decides again. */
export function placesOf(me: Me | null): Place[] {
  const scopes = (me?.roles ?? []).filter(({ role }) => role === 'moderator').map(({ scope }) => scope);
  return scopes.flatMap((scope): Place[] => {
    if (scope === 'region') return [{ country: null, theme: null }];
    const [kind, value] = scope.split(':');
    if (kind === 'country' && value) return [{ country: value, theme: null }];
    return kind === 'theme' && value ? [{ country: null, theme: value }] : [];
  });
}
