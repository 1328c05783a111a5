/** Events of the agenda, as the page asks for them. */
import { api } from '../../api/client';
import { Paged } from '../../api/paged.svelte';
import { countryName, themeName } from '../../api/region.svelte';
import type { components } from '../../api/schema';
import type { Marking, Page } from '../../api/types';
import { t } from '../../base/i18n.svelte';

type Schemas = components['schemas'];

export type EventKind = Schemas['EventKind'];
export type EventAnswer = Schemas['EventAnswerKind'];
export type AgendaEvent = Schemas['Event'];
export type EventDetails = Schemas['EventDetails'];
export type EventWish = Schemas['NewEvent'];
export type AgendaNotice = Schemas['EventNotice'];
export type AgendaFeed = Schemas['AgendaFeed'];

export const KINDS: EventKind[] = ['event', 'training', 'meeting', 'exercise', 'deadline'];
export const ANSWERS: EventAnswer[] = ['coming', 'maybe', 'no'];
/** What can be marked so is for the people of a room alone. */
export const MARKINGS: Marking[] = ['clear', 'green', 'amber', 'amber+strict'];
export const TITLE_MAX = 120;
export const ABOUT_MAX = 4000;
export const PLACE_MAX = 200;
export const BECAUSE_MAX = 500;

const EVENTS = '/api/agenda/events';
const FEED = '/api/me/agenda-feed';

export const kindText = (kind: EventKind): string => t(`agenda_kind_${kind}`);

/** Countries and themes by name; the whole region where no country is named. */
export function tagsOf({ countries, themes }: Pick<AgendaEvent, 'countries' | 'themes'>): string[] {
  const where = countries.length ? countries.map((code) => countryName(code)) : [t('people_whole_region')];
  return [...where, ...themes.map((slug) => themeName(slug))];
}

export interface Filters {
  country: string;
  theme: string;
  kind: string;
}

/** A list that goes on, onwards from now or backwards. */
export class Events extends Paged<AgendaEvent> {
  constructor() {
    super(EVENTS);
  }
  load(filters: Filters, past: boolean): Promise<void> {
    const now = new Date().toISOString();
    return this.ask({ ...filters, ...(past ? { to: now, latest: true } : { from: now }), limit: 30 });
  }
}

/** All events between two moments; `more` where there were too many. */
export async function between(filters: Filters, from: string, to: string): Promise<{ items: AgendaEvent[]; more: boolean }> {
  const page = await api.get<Page<AgendaEvent>>(EVENTS, { query: { ...filters, from, to, limit: 100 } });
  return { items: page.items, more: page.next !== null };
}

const path = (id: string) => `${EVENTS}/${id}`;

export const calendarFile = (id: string) => `${path(id)}/calendar`;
export const eventOf = (id: string) => api.get<EventDetails>(path(id));
export const write = (wish: EventWish) => api.post<{ id: string }>(EVENTS, wish);
export const rewrite = (id: string, wish: EventWish, revision: number) => api.put<EventDetails>(path(id), { ...wish, revision });
export const cancel = (id: string, because: string) => api.put(`${path(id)}/cancellation`, { because });
export const answer = (id: string, answer: EventAnswer | null) =>
  answer ? api.put(`${path(id)}/answer`, { answer }) : api.delete(`${path(id)}/answer`);

export const notices = async () => (await api.get<Page<AgendaNotice>>('/api/agenda/notices')).items;
export const noticeSeen = (event: string) => api.delete('/api/agenda/notices', { query: { event } });
export const noticeText = ({ what, title }: AgendaNotice): string => t(`agenda_notice_${what as 'day'}`, { title });

export const feedOf = () => api.get<AgendaFeed>(FEED);
export const makeFeed = async (choice: Schemas['AgendaFeedChoice']) =>
  location.origin + (await api.post<Schemas['NewAgendaFeed']>(FEED, choice)).path;
export const narrowFeed = (choice: Schemas['AgendaFeedChoice']) => api.patch(FEED, choice);
export const revokeFeed = () => api.delete(FEED);
