/** This week in the region, as the server tells it. */
import { api } from '../../api/client';
import type { Home, Missed, Page } from '../../api/types';

export type { Home } from '../../api/types';

/** Topics shown of what was missed. */
const MISSED = 5;

export const loadHome = (): Promise<Home> => api.get<Home>('/api/home');
export const loadMissed = async (): Promise<Missed[]> =>
  (await api.get<Page<Missed>>('/api/missed', { query: { limit: MISSED } })).items;
