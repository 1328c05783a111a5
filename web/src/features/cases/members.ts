/** Who is in a room. Pure. */
import { listed } from '../../api/vocabulary.svelte';
import type { CaseMember, CaseRoom, Who } from './types';

export const activeOf = (room: Pick<CaseRoom, 'members'>): CaseMember[] => room.members.filter(({ state }) => state === 'active');
export const waitingOf = (room: Pick<CaseRoom, 'members'>): CaseMember[] => room.members.filter(({ state }) => state === 'invited' || state === 'proposed');
export const formerOf = (room: Pick<CaseRoom, 'members'>): CaseMember[] =>
  room.members.filter(({ state }) => ['left', 'removed', 'expired', 'declined'].includes(state));

/** The organisations in a room that don't lead it: one of them may be asked to. */
export function housesOf(room: Pick<CaseRoom, 'members' | 'lead'>): { value: string; label: string }[] {
  const houses = new Map<string, string>();
  for (const { who } of activeOf(room)) {
    if (who.organisation && who.organisation !== room.lead.id) houses.set(who.organisation, who.organisation_name ?? '');
  }
  return [...houses].map(([value, label]) => ({ value, label }));
}

export const nameOf = (room: Pick<CaseRoom, 'members'>, account: string): string => room.members.find(({ who }) => who.id === account)?.who.name ?? '';

/** "Ana (Centre), Ion (Police) and Eva (Court)": who holds the escrow. */
export const holderNames = (holders: Who[]): string =>
  listed(holders.map(({ name, organisation_name }) => (organisation_name ? `${name} (${organisation_name})` : name)));
