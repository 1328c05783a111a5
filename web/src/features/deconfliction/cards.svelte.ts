/** File cards and overlaps, as the pages ask for them. */
import { api } from '../../api/client';
import { Paged } from '../../api/paged.svelte';
import type { components } from '../../api/schema';
import type { Page } from '../../api/types';
import { formatNumber, hasText, locale, t } from '../../base/i18n.svelte';
import { countryName, countryOf } from '../../api/region.svelte';

type Schemas = components['schemas'];

export type Card = Schemas['Card'];
export type Facts = Schemas['CardFacts'];
export type Wish = Schemas['NewCard'];
export type Facet = Schemas['CardFacet'];
export type Overlap = Schemas['Overlap'];
export type Desk = Schemas['CardDesk'];
export type Codes = Schemas['CardCodes'];
export type List = Exclude<keyof Codes, 'route' | 'answers' | 'corridor' | 'victims' | 'ages'>;

const CARDS = '/api/cards';
export const CODES_MAX = 6;

export class Cards extends Paged<Card> {
  constructor() {
    super(CARDS);
  }
  load(others: boolean): Promise<void> {
    return this.ask({ others: others || null, limit: 30 });
  }
}

export const deskOf = () => api.get<Desk>('/api/card-desk');
export const cardOf = async (id: string) => {
  const card = await api.get<Card>(`${CARDS}/${id}`);
  return { ...card, title: titleOf(card.facts) };
};
export const make = (wish: Wish) => api.post<{ id: string }>(CARDS, wish);
export const change = (id: string, card: Wish, revision: number) => api.put<Card>(`${CARDS}/${id}`, { card, revision });
export const withdraw = (id: string) => api.delete<void>(`${CARDS}/${id}`);
export const overlapsOf = async () => (await api.get<Page<Overlap>>('/api/overlaps')).items;
export const settle = (id: string, state: Overlap['state']) => api.put<void>(`/api/overlaps/${id}`, { state });

/** A code in words. */
export function codeText(list: List, code: string): string {
  const key = `deconfliction_${list}_${code}`;
  return hasText(key) ? t(key) : code;
}

/** A country of a route: the region's as the region calls them, others as the reader's language does. */
export function routeName(code: string): string {
  if (countryOf(code)) return countryName(code);
  return new Intl.DisplayNames([locale()], { type: 'region', fallback: 'code' }).of(code) ?? code;
}

export const victimsText = (code: string) => (code === '1' ? t('deconfliction_victims_one') : code);

/** A span of quarters: Q2–Q4 2026. */
export function periodText(from?: string | null, to?: string | null): string {
  if (!from || !to) return '';
  const [[year, first], [last, end]] = [from.split('-'), to.split('-')] as [[string, string], [string, string]];
  if (from === to) return `${first} ${year}`;
  return year === last ? `${first}–${end} ${year}` : `${first} ${year} – ${end} ${last}`;
}

/** What a card is called, made of what it says: RO → GR · forced begging · Q2–Q4 2026. */
export function titleOf(facts: Facts): string {
  const route = [facts.origin, facts.transit, facts.destination].map((codes) => codes.join(', ')).filter(Boolean);
  const forms = facts.exploitation.map((code) => codeText('exploitation', code)).join(', ');
  return [route.join(' → '), forms, periodText(facts.from, facts.to)].filter(Boolean).join(' · ') || t('deconfliction_card');
}

/** Facets that a card names, in words. */
export function facetsOf(facts: Facts): { label: string; text: string }[] {
  const list = (name: List, codes: string[]) => codes.map((code) => codeText(name, code)).join(', ');
  const route = (codes: string[]) => codes.map(routeName).join(', ');
  const answer = (code?: string | null) => (code ? t(`deconfliction_answer_${code as 'yes' | 'no'}`) : '');
  const all = [
    { label: t('deconfliction_exploitation'), text: list('exploitation', facts.exploitation) },
    { label: t('deconfliction_origin'), text: route(facts.origin) },
    { label: t('deconfliction_transit'), text: route(facts.transit) },
    { label: t('deconfliction_destination'), text: route(facts.destination) },
    { label: t('deconfliction_corridor'), text: facts.corridor ?? '' },
    { label: t('deconfliction_period'), text: periodText(facts.from, facts.to) },
    { label: t('deconfliction_victims'), text: facts.victims ? victimsText(facts.victims) : '' },
    { label: t('deconfliction_children'), text: [answer(facts.children), ...facts.ages].filter(Boolean).join(', ') },
    { label: t('deconfliction_recruitment'), text: list('recruitment', facts.recruitment) },
    { label: t('deconfliction_control'), text: list('control', facts.control) },
    { label: t('deconfliction_money'), text: answer(facts.money) },
    { label: t('deconfliction_online'), text: answer(facts.online) },
    { label: t('deconfliction_cooperation'), text: list('cooperation', facts.cooperation) },
  ];
  return all.filter(({ text }) => text);
}

/** The quarters that a card can be of, the latest first. */
export function quarters(now = new Date(), count = 20): string[] {
  const at = now.getFullYear() * 4 + Math.floor(now.getMonth() / 3);
  return Array.from({ length: count }, (_, back) => `${Math.floor((at - back) / 4)}-Q${((at - back) % 4) + 1}`);
}

/** Where one asks an organisation whether it has a file open: in the same exercise, if the card is made up. */
export const askAddress = ({ organisation, exercise }: { organisation: { id: string }; exercise?: string | null }) =>
  `/requests/new?kind=open_file&organisation=${organisation.id}${exercise ? `&exercise=${exercise}` : ''}`;

/** A card as it would be with one facet wider: what the server offers when a card would single out one case. */
export function widened(wish: Wish, facet: Facet, commonest: string[]): Wish {
  switch (facet) {
    case 'exploitation': {
      const kept = commonest.find((code) => wish.exploitation.includes(code));
      return { ...wish, exploitation: kept ? [kept] : wish.exploitation };
    }
    case 'period':
      return { ...wish, from: `${wish.from.slice(0, 4)}-Q1`, to: capped(`${wish.to.slice(0, 4)}-Q4`) };
    case 'victims':
      return { ...wish, victims: null };
    case 'children':
      return { ...wish, children: null, ages: [] };
    case 'corridor':
      return { ...wish, corridor: null };
    default:
      return { ...wish, [facet]: [] };
  }
}

/** No later than the next quarter. */
function capped(quarter: string): string {
  const now = new Date();
  const at = now.getFullYear() * 4 + Math.floor(now.getMonth() / 3) + 1;
  const latest = `${Math.floor(at / 4)}-Q${(at % 4) + 1}`;
  return quarter > latest ? latest : quarter;
}

export const count = formatNumber;
