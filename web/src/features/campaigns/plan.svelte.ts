/** What somebody types into the form of a campaign: each part of it by itself. */
import type { Campaign, CampaignWish } from '../../api/types';
import { language } from '../../base/i18n.svelte';

export const PARTS = ['what', 'whom', 'says', 'care', 'who'] as const;
export type Part = (typeof PARTS)[number];

const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean);

export class Draft {
  title = $state('');
  language = $state('en');
  theme = $state('');
  aim = $state('');
  evidence = $state('');
  countries = $state<string[]>([]);
  ages = $state<string[]>([]);
  settings = $state<string[]>([]);
  languages = $state<string[]>([]);
  places = $state('');
  start = $state('');
  end = $state('');
  messages = $state('');
  call_to_action = $state('');
  helpline = $state('');
  channels = $state<string[]>([]);
  messengers = $state('');
  safeguarding = $state('');
  budget = $state('');
  marking = $state('green');
  practice = $state('');

  constructor(campaign: Campaign | null, practice = '') {
    this.practice = practice;
    if (!campaign) {
      this.language = language();
      return;
    }
    const { plan } = campaign;
    Object.assign(this, {
      title: campaign.title,
      language: campaign.language,
      theme: campaign.themes[0] ?? '',
      aim: campaign.aim,
      countries: [...campaign.countries],
      ages: [...campaign.ages],
      settings: [...campaign.settings],
      start: campaign.start ?? '',
      end: campaign.end ?? '',
      marking: campaign.marking,
      practice: campaign.practice?.id ?? '',
      evidence: plan.evidence,
      languages: [...plan.languages],
      places: plan.places.join('\n'),
      messages: plan.messages.join('\n'),
      call_to_action: plan.call_to_action,
      helpline: plan.helpline ?? '',
      channels: [...plan.channels],
      messengers: plan.messengers,
      safeguarding: plan.safeguarding,
      budget: plan.budget ?? '',
    });
  }

  /** What the server is told of a part. */
  wish(part: Part): CampaignWish {
    const { title, language, theme, aim, evidence, practice } = this;
    if (part === 'what') return { title, language, theme, aim, evidence, ...(practice && { practice }) };
    if (part === 'whom') {
      const { countries, ages, settings, languages, start, end } = this;
      return { countries, ages, settings, languages, start, end, places: lines(this.places) };
    }
    if (part === 'says') {
      const { call_to_action, helpline, channels, messengers } = this;
      return { messages: lines(this.messages), call_to_action, helpline, channels, messengers };
    }
    const { safeguarding, budget, marking } = this;
    return { safeguarding, budget, marking };
  }

  /** What is wrong with it before it is sent, by field: names of texts. */
  faults(part: Part): Partial<Record<'title' | 'theme' | 'aim' | 'end', 'campaigns_title_missing' | 'campaigns_theme_missing' | 'campaigns_aim_missing' | 'campaigns_weeks_wrong'>> {
    if (part === 'what') {
      return {
        ...(!this.title.trim() && { title: 'campaigns_title_missing' as const }),
        ...(!this.theme && { theme: 'campaigns_theme_missing' as const }),
        ...(!this.aim && { aim: 'campaigns_aim_missing' as const }),
      };
    }
    const dated = this.start || this.end;
    const wrong = part === 'whom' && dated && (!this.start || !this.end || this.end < this.start);
    return wrong ? { end: 'campaigns_weeks_wrong' } : {};
  }
}
