/** The rows of the first page: where each leads and what it says besides its name. */
import { countryName } from '../../api/region.svelte';
import { session } from '../../api/session.svelte';
import { language, t, type Key } from '../../base/i18n.svelte';
import { day, moment } from '../../base/dates';
import type { Home } from './home';

type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

export interface Row {
  href: string;
  title: string;
  /** The language of the title, where it isn't that of the screen. */
  lang?: string;
  about: string;
  badge?: { text: string; tone: Tone };
}

const foreign = (code: string) => (code === language() ? undefined : code);
const countries = (codes: string[]) => codes.map((code) => countryName(code)).join(', ');

/** What waits for the reader, the most pressing first. */
export function waiting({ library, campaigns, recommendations, newsletter, requests, escrow, cards }: Home): Row[] {
  const practices = (items: Home['library']['to_review'], about: Key): Row[] =>
    items.map(({ id, title, language: code }) => ({ href: `/library/${id}`, title, lang: foreign(code), about: t(about) }));
  return [
    ...(escrow > 0 ? [{ href: '/escrow', title: t('home_escrow', { count: escrow }), about: t('home_escrow_about') }] : []),
    ...(requests.waiting > 0
      ? [{ href: '/requests', title: t('home_coordination', { count: requests.waiting }), about: t('home_coordination_about'), badge: requests.late ? { text: t('home_overdue'), tone: 'danger' as const } : undefined }]
      : []),
    ...(cards.matching ? [{ href: '/matching', title: t('deconfliction_notice_asked'), about: t('home_matching_about') }] : []),
    ...(cards.overlap ? [{ href: '/cards', title: t('deconfliction_notice_overlap'), about: t('home_overlap_about') }] : []),
    ...recommendations.map(({ study, text, language: code, due, overdue }) => ({
      href: `/studies/${study}`,
      title: text,
      lang: foreign(code),
      about: t('home_due', { day: day(due) }),
      badge: overdue ? { text: t('home_overdue'), tone: 'danger' as const } : undefined,
    })),
    ...practices(library.to_review, 'home_to_review'),
    ...practices(library.sent_back, 'home_sent_back'),
    ...campaigns.waiting.map(({ campaign, what }) => ({
      href: `/campaigns/${campaign.id}`,
      title: campaign.title,
      lang: foreign(campaign.language),
      about: t(`home_campaign_${what}` as Key),
    })),
    ...newsletter.releases.map(({ id, number }) => ({
      href: `/newsletter/${id}`,
      title: t('home_issue', { number }),
      about: t('home_to_release'),
    })),
    ...(newsletter.requests > 0
      ? [{ href: '/newsletter/requests', title: t('home_requests', { count: newsletter.requests }), about: t('home_requests_about') }]
      : []),
    ...practices(library.to_tend, 'home_to_tend'),
    ...practices(library.review_due, 'home_review_due'),
  ];
}

export const running = ({ campaigns }: Home): Row[] =>
  campaigns.running.map(({ id, title, language: code, countries: codes, end, clash }) => ({
    href: `/campaigns/${id}`,
    title,
    lang: foreign(code),
    about: [countries(codes), end && t('home_until', { day: day(end) })].filter(Boolean).join(', '),
    badge: clash ? { text: t('home_clash'), tone: 'warning' as const } : undefined,
  }));

const answers: Record<string, Tone> = { coming: 'success', maybe: 'accent', no: 'neutral' };

export const coming = ({ events }: Home): Row[] =>
  events.map(({ id, title, language: code, starts_at, place, my_answer }) => ({
    href: `/agenda/${id}`,
    title,
    lang: foreign(code),
    about: [moment(starts_at), place].filter(Boolean).join(', '),
    badge: my_answer ? { text: t(`home_answer_${my_answer}` as Key), tone: answers[my_answer] ?? 'neutral' } : undefined,
  }));

/** Where somebody works, for the heading over what runs there. */
export const ownCountry = (): string => countryName(session.me?.country);
