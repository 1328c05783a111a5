/** The newsletter as its composers, sources and readers know it. */
import { api } from '../../api/client';
import { session } from '../../api/session.svelte';
import type { MyNewsletter, NewsletterIssue, NewsletterProposal, NewsletterRequest, NewsletterRow, Page } from '../../api/types';
import { t, type Key } from '../../base/i18n.svelte';

/** The sections in their order; things are taken into those of `TAKING` alone. */
export const SECTIONS = [
  'editorial',
  'focus',
  'understand',
  'prevent',
  'protect',
  'agenda_past',
  'agenda_next',
  'figures',
  'members',
  'abbreviations',
];
export const TAKING = ['focus', 'understand', 'prevent', 'protect', 'agenda_past', 'agenda_next'];
export const TITLE = 'title';
export const TITLE_MAX = 120;
export const TEXT_MAX = 20_000;
export const REASON_MAX = 500;

/** A place of one's own text that stands in something that isn't for everybody. */
export interface Withheld {
  section: string;
  language: string;
  start: number;
  end: number;
  words: string;
  label: string | null;
  message: string | null;
}

/** Whether somebody composes the newsletter, and that power is awake. */
export function composes(): boolean {
  const me = session.me;
  return Boolean(me && !me.factor.asleep && me.roles.some(({ role, scope }) => role === 'editor' && scope === 'region'));
}

/** Whether somebody sees what isn't released yet. */
export function seesDrafts(): boolean {
  const me = session.me;
  const looksAfter = me?.roles.some(({ role, scope }) => role === 'moderator' && scope === 'region');
  return composes() || Boolean(me && !me.factor.asleep && looksAfter);
}

export const sectionName = (section: string) => t(`newsletter_section_${section}` as Key);
export const quarterName = ({ year, quarter }: { year: number; quarter: number }) =>
  t('newsletter_quarter', { year: String(year), quarter });
export const issueTitle = (issue: { title?: string | null; number: number }) =>
  issue.title || t('newsletter_number', { number: issue.number });

/** The quarter that is over, which an issue is begun for at first. */
export function lastQuarter(now = new Date()): { year: number; quarter: number } {
  const quarter = Math.floor(now.getMonth() / 3);
  return quarter === 0 ? { year: now.getFullYear() - 1, quarter: 4 } : { year: now.getFullYear(), quarter };
}

const issues = '/api/newsletter/issues';
export const listIssues = () => api.get<Page<NewsletterRow>>(issues);
export const readIssue = (id: string) => api.get<NewsletterIssue>(`${issues}/${id}`);
export const beginIssue = (wish: { year: number; quarter: number; languages: string[] }) =>
  api.post<{ id: string }>(issues, wish);
export const setLanguages = (id: string, languages: string[]) => api.patch(`${issues}/${id}`, { languages });
export const writeText = (id: string, section: string, language: string, body: string, revision: number) =>
  api.put<{ revision: number }>(`${issues}/${id}/texts/${section}/${language}`, { body, revision });
export const proposals = async (id: string) => (await api.get<Page<NewsletterProposal>>(`${issues}/${id}/proposals`)).items;
export const take = (id: string, { kind, id: thing }: NewsletterProposal, section: string) =>
  api.post(`${issues}/${id}/items`, { kind, id: thing, section });
export const leaveOut = (id: string, item: string) => api.delete(`${issues}/${id}/items/${item}`);
export const moveItem = (id: string, item: string, section: string) => api.patch(`${issues}/${id}/items/${item}`, { section });
export const askSource = (id: string, { kind, id: thing }: NewsletterProposal) =>
  api.post(`${issues}/${id}/requests`, { kind, id: thing });
export const excuse = (id: string, concept: string, language: string, reason: string) =>
  api.put(`${issues}/${id}/excuses/${concept}/${language}`, { reason });
export const handIn = (id: string) => api.put(`${issues}/${id}/submission`);
export const takeBack = (id: string) => api.delete(`${issues}/${id}/submission`);
export const decide = (id: string, digest: string, approved: boolean, note?: string) =>
  api.put(`${issues}/${id}/decision`, { digest, approved, note });
export const previewOf = (id: string, language: string) => `${issues}/${id}/preview/${language}`;

export const listRequests = () => api.get<Page<NewsletterRequest>>('/api/newsletter/requests');
export const answer = (id: string, lowers: boolean, reason?: string) =>
  api.put(`/api/newsletter/requests/${id}/answer`, { lowers, reason });

export const mine = () => api.get<MyNewsletter>('/api/me/newsletter');
export const subscribe = (language: string) => api.put('/api/me/newsletter/subscription', { language });
export const unsubscribe = () => api.delete('/api/me/newsletter/subscription');
export const consent = (given: boolean) =>
  given ? api.put('/api/me/newsletter/consent') : api.delete('/api/me/newsletter/consent');
