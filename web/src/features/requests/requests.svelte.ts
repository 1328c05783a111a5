/** Coordination requests, as their pages ask for them. */
import { api } from '../../api/client';
import type { components } from '../../api/schema';
import type { Page } from '../../api/types';
import { t, type Key } from '../../base/i18n.svelte';

type Schemas = components['schemas'];

export type Card = Schemas['CoordinationCard'];
export type Details = Schemas['CoordinationDetails'];
export type Desk = Schemas['CoordinationDesk'];
export type Figures = Schemas['CoordinationFigures'];
export type Wish = Schemas['NewCoordinationRequest'];
export type Kind = Schemas['CoordinationKind'];
export type Urgency = Schemas['CoordinationUrgency'];
export type Outcome = Schemas['CoordinationOutcome'];
export type Ground = Schemas['RefusalGround'];
export type Channel = Schemas['FormalChannel'];
export type Act = Schemas['RequestAction'];
export type Clock = Schemas['CoordinationClock'];

export const KINDS: Kind[] = ['competence', 'open_file', 'legal_question', 'child_hearing', 'expert', 'joint_team', 'spontaneous', 'monitoring', 'training'];
export const URGENCIES: Urgency[] = ['h8', 'd3', 'd7'];
export const GROUNDS: Ground[] = ['not_available', 'permission', 'harm', 'disproportionate', 'minor', 'other'];
export const CHANNELS: Channel[] = ['siena', 'mla_letter', 'eio', 'jit', 'interpol', 'fiu_net'];
/** Files are compared for this alone: only then there is a "no hit". */
export const outcomesOf = (kind: Kind): Outcome[] => (kind === 'open_file' ? ['hit', 'no_hit', 'partial', 'refused', 'not_competent'] : ['hit', 'partial', 'refused', 'not_competent']);

export const TITLE_MAX = 120;
export const TEXT_MAX = 2000;
export const NOTE_MAX = 500;
export const REFERENCE_MAX = 80;

const PATH = '/api/requests';

/** A word of the slice in the reader's language. */
export const word = (of: 'kind' | 'urgency' | 'state' | 'outcome' | 'ground' | 'channel' | 'next' | 'what', code: string): string => t(`requests_${of}_${code}` as Key);
/** What an answer is called: where files were compared, a hit; else an answer. */
export const outcomeText = (outcome: string, kind: string): string => (outcome === 'hit' && kind !== 'open_file' ? t('requests_outcome_yes') : word('outcome', outcome));

export const cardsOf = (box: string, cursor?: string) => api.get<Page<Card>>(PATH, { query: { box, cursor } });
export const desk = () => api.get<Desk>(`${PATH}/desk`);
export const figures = () => api.get<Figures>(`${PATH}/statistics`);
export const requestOf = (id: string) => api.get<Details>(`${PATH}/${id}`);
export const write = (wish: Wish) => api.post<{ id: string }>(PATH, wish);
export const rewrite = (id: string, wish: Wish, revision: number) => api.put<void>(`${PATH}/${id}`, { ...wish, revision });
export const discard = (id: string) => api.delete<void>(`${PATH}/${id}`);
export const nameScreener = (id: string, person: string) => api.put<void>(`${PATH}/${id}/screener`, { person });
export const screen = (id: string, approve: boolean, note: string, revision: number) => api.post<void>(`${PATH}/${id}/screening`, { approve, note, revision });
export const send = (id: string) => api.post<void>(`${PATH}/${id}/sending`, {});
export const acknowledge = (id: string) => api.post<void>(`${PATH}/${id}/acknowledgement`, {});
export const handOver = (id: string, person: string) => api.put<void>(`${PATH}/${id}/handler`, { person });
export const ask = (id: string, text: string) => api.post<void>(`${PATH}/${id}/question`, { text });
export const explain = (id: string, text: string) => api.post<void>(`${PATH}/${id}/explanation`, { text });
export const answer = (id: string, reply: Schemas['CoordinationAnswer']) => api.post<void>(`${PATH}/${id}/answer`, reply);
export const note = (id: string, kind: Channel, reference: string) => api.put<void>(`${PATH}/${id}/channel`, { kind, reference });
export const forward = (id: string) => api.post<{ id: string }>(`${PATH}/${id}/forward`, {});
export const close = (id: string) => api.post<void>(`${PATH}/${id}/closing`, {});
