/** A room's sheet while somebody fills it in, part by part. There is no field that tells who a child is. */
import { plusDays, today } from './days';
import type { CaseSheet, Risk } from './types';

export const PARTS = ['child', 'around', 'consent', 'needs'] as const;
export type Part = (typeof PARTS)[number];
export type Fault = 'cases_fault_age' | 'cases_fault_company' | 'cases_fault_consent' | 'cases_fault_reason' | 'cases_fault_review';

/** As the server has them: days to the next review at most (inter-agency guidelines: every three months; sooner in danger). */
export const reviewWithin = (risk: Risk): number => (risk === 'high' ? 14 : 90);
const USUAL_DAYS = 30;

export class SheetDraft {
  age_band = $state('');
  sex = $state('');
  company = $state('');
  risk = $state<Risk>('medium');
  needs = $state<string[]>([]);
  consent = $state('');
  assent = $state(false);
  not_asked_reason = $state('');
  authorities = $state(false);
  bia = $state(false);
  bid = $state('not_needed');
  guardian = $state('none');
  nrm_pillar = $state('');
  trm_sop = $state('');
  themes = $state<string[]>([]);
  countries = $state<string[]>([]);
  home_system = $state('');
  home_reference = $state('');
  summary = $state('');
  next_review = $state('');

  constructor(sheet?: CaseSheet, risk: Risk = 'medium', next_review = plusDays(today(), USUAL_DAYS)) {
    this.risk = risk;
    this.next_review = next_review;
    if (!sheet) return;
    const { sex, nrm_pillar, trm_sop, needs, themes, countries } = sheet;
    Object.assign(this, sheet, {
      sex: sex ?? '',
      nrm_pillar: nrm_pillar ?? '',
      trm_sop: trm_sop ?? '',
      needs: [...needs],
      themes: [...themes],
      countries: [...countries],
    });
  }

  get latestReview(): string {
    return plusDays(today(), reviewWithin(this.risk));
  }

  /** Whoever raises the risk has less time to the next review. */
  keepReview(): void {
    if (this.next_review > this.latestReview) this.next_review = this.latestReview;
  }

  wish(): CaseSheet {
    const notAsked = this.consent === 'not_asked';
    return {
      age_band: this.age_band,
      sex: this.sex || null,
      company: this.company,
      needs: [...this.needs],
      consent: this.consent,
      assent: this.assent,
      not_asked_reason: notAsked ? this.not_asked_reason.trim() : '',
      authorities: this.authorities,
      bia: this.bia,
      bid: this.bid,
      guardian: this.guardian,
      nrm_pillar: this.nrm_pillar || null,
      trm_sop: this.trm_sop || null,
      themes: [...this.themes],
      countries: [...this.countries],
      home_system: this.home_system.trim(),
      home_reference: this.home_reference.trim(),
      summary: this.summary.trim(),
    };
  }

  /** What is wrong with a part before it is sent, by field. */
  faults(part: Part): Partial<Record<string, Fault>> {
    if (part === 'child') {
      return {
        ...(!this.age_band && { age_band: 'cases_fault_age' as const }),
        ...(!this.company && { company: 'cases_fault_company' as const }),
      };
    }
    if (part === 'consent') {
      const silent = this.consent === 'not_asked' && !this.not_asked_reason.trim();
      return { ...(!this.consent && { consent: 'cases_fault_consent' as const }), ...(silent && { not_asked_reason: 'cases_fault_reason' as const }) };
    }
    const fits = this.next_review >= today() && this.next_review <= this.latestReview;
    return part === 'needs' && !fits ? { next_review: 'cases_fault_review' } : {};
  }
}
