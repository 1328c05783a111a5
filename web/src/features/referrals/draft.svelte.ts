/** A referral while it is written: a few fields at a time, kept on the server after each part. */
import { begin, rewrite, type Wish } from './referrals';
import type { Content, Details } from './types';

export const PARTS = ['needs', 'partner', 'consent', 'secrecy', 'channel', 'send'] as const;
export type Part = (typeof PARTS)[number];

/** Which part asks for what the server misses. */
const ASKED: Record<Part, string[]> = {
  needs: ['services', 'purpose', 'to_country'],
  partner: ['to', 'contact_to'],
  consent: ['legal_basis', 'consent', 'assent', 'child_view'],
  secrecy: ['not_tell', 'told_by'],
  channel: ['channel', 'contact_from'],
  send: [],
};

export const partOf = (missing: string): Part => PARTS.find((part) => ASKED[part].includes(missing)) ?? 'needs';

function empty(): Content {
  return {
    purpose: '',
    services: [],
    language: null,
    legal_basis: null,
    consent: null,
    assent: null,
    child_view: '',
    override_reason: '',
    not_tell: '',
    told_to: [],
    told_by: null,
    channel: null,
    channel_note: '',
    contact_from: null,
    contact_to: null,
  };
}

export class Draft {
  id = '';
  revision = 0;
  country = $state('');
  to = $state('');
  arrivalHours = $state(48);
  content = $state<Content>(empty());
  readonly #case: string;

  constructor(of: string, details: Details | null, me: string, partner = '') {
    this.#case = of;
    if (details) this.take(details);
    else this.content.contact_from = me;
    if (partner) this.to = partner;
  }

  /** As the server has it now. */
  take(details: Details): void {
    this.id = details.id;
    this.revision = details.revision;
    this.country = details.to_country ?? '';
    this.to = details.to?.id ?? '';
    this.arrivalHours = details.arrival_hours;
    this.content = { ...empty(), ...details.content };
  }

  get wish(): Wish {
    return { to_country: this.country || null, to: this.to || null, arrival_hours: this.arrivalHours, content: $state.snapshot(this.content) as Content };
  }

  /** Whether the child and those who decide for it want it. */
  get agreed(): boolean {
    return (this.content.consent === 'given' || this.content.consent === 'by_guardian') && this.content.assent === 'given';
  }

  /** What of a part is not said yet. */
  missing(part: Part): string[] {
    const { content } = this;
    const said: Record<string, boolean> = {
      services: content.services.length > 0,
      purpose: content.purpose.trim() !== '',
      to_country: this.country !== '',
      to: this.to !== '',
      contact_to: !!content.contact_to,
      legal_basis: !!content.legal_basis,
      consent: !!content.consent,
      assent: !!content.assent,
      child_view: content.child_view.trim() !== '',
      override_reason: this.agreed || !content.consent || !content.assent || content.override_reason.trim() !== '',
      not_tell: content.not_tell.trim() !== '',
      told_by: !content.told_to.length || !!content.told_by,
      channel: !!content.channel,
      contact_from: !!content.contact_from,
    };
    const asked = part === 'consent' ? [...ASKED.consent, 'override_reason'] : ASKED[part];
    return asked.filter((name) => !said[name]);
  }

  /** Keeps it. Told: its id. */
  async save(): Promise<string> {
    if (this.id) await rewrite(this.id, this.wish, this.revision);
    else this.id = (await begin(this.#case, this.wish)).id;
    return this.id;
  }
}
