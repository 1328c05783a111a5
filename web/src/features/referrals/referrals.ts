/** Referrals, as the pages ask for them. All but the finder of partners opens sealed things. */
import { api } from '../../api/client';
import type { Page } from '../../api/types';
import { hasText, t, type Key } from '../../base/i18n.svelte';
import { sealed } from '../keys';
import type { Act, CapacitySaid, Capacity, Content, Details, Partner, Referral, State, Step } from './types';

export const TEXT_MAX = 1200;
export const NOTE_MAX = 300;
/** Hours after the hand-over within which an arrival is confirmed. */
export const ARRIVALS = [24, 48, 72, 120, 168, 336];
export const DECLINES = ['no_capacity', 'not_competent', 'unsafe', 'child_refuses', 'not_best_interests', 'information_missing'] as const;
export const BASES = ['public_task', 'vital_interests', 'legal_obligation', 'consent'] as const;
export const CONSENTS = ['by_guardian', 'given', 'refused', 'not_asked'] as const;
export const ASSENTS = ['given', 'refused', 'not_asked'] as const;
export const AGREED = ['child', 'guardian', 'both'] as const;
export const CHANNELS = ['primero', 'siena', 'registered_post', 'in_person', 'encrypted_mail'] as const;
export const CAPACITIES = ['open', 'limited', 'full'] as const;

const REFERRALS = '/api/referrals';

/** What a referral is to say, as the server takes it. */
export interface Wish {
  to_country: string | null;
  to: string | null;
  arrival_hours: number;
  content: Content;
}

export const listed = async (of?: string) => (await sealed.api.get<Page<Referral>>(REFERRALS, { query: { case: of } })).items;
export const referralOf = (id: string) => sealed.api.get<Details>(`${REFERRALS}/${id}`);
export const begin = (of: string, wish: Wish) => sealed.api.post<{ id: string }>(REFERRALS, { case: of, ...wish });
export const rewrite = (id: string, wish: Wish, revision: number) => sealed.api.put(`${REFERRALS}/${id}`, { ...wish, revision });
export const approve = (id: string, revision: number) => sealed.api.post(`${REFERRALS}/${id}/approval`, { revision });
export const take = (id: string, step: Partial<Step> & { act: Act; revision: number }) => sealed.api.post(`${REFERRALS}/${id}/steps`, step);
export const tick = (id: string, step: string, done: boolean) =>
  done ? sealed.api.put(`${REFERRALS}/${id}/checklist/${step}`) : sealed.api.delete(`${REFERRALS}/${id}/checklist/${step}`);

export const partnersFor = async (country: string, services: string[], language: string | null, exercise: string | null) =>
  (await api.get<Page<Partner>>(`${REFERRALS}/partners`, { query: { country, services: services.join(','), language, exercise } })).items;
export const capacities = async () => (await api.get<Page<CapacitySaid>>(`${REFERRALS}/capacities`)).items;
export const sayCapacity = (organisation: string, capacity: Capacity) => api.put(`${REFERRALS}/capacities`, { organisation, capacity });

/** A word of the vocabulary of referrals in the reader's language. */
export function word(group: string, code: string | null | undefined): string {
  const key = `referrals_${group}_${code}`;
  return hasText(key) ? t(key as Key) : (code ?? '');
}

/** The steps of the line, and where each state stands on it. */
export const LINE = ['draft', 'sent', 'accepted', 'handed_over', 'in_service', 'completed'] as const;

export function placeOf(state: State): number {
  if (state === 'acknowledged' || state === 'info_requested' || state === 'info_given') return 1;
  const at = (LINE as readonly string[]).indexOf(state);
  return at < 0 ? 1 : at;
}

/** Whether something can still become of it. */
export const isOpen = (state: State): boolean => !['declined', 'completed', 'revoked', 'expired'].includes(state);

/** What is next, by whose turn it is: for the sentence at the top of a referral. */
export function turnOf(referral: Pick<Referral, 'can' | 'state'>): 'mine' | 'theirs' | 'over' {
  if (!isOpen(referral.state)) return 'over';
  return referral.can.some((act) => act !== 'revoke' && act !== 'decline') ? 'mine' : 'theirs';
}
