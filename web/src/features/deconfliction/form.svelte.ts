/** A card while it is written. */
import type { Marking } from '../../api/types';
import { quarters, type Facts, type Wish } from './cards.svelte';

const DAYS_AHEAD = 180;

export class Form {
  organisation = $state('');
  visibility = $state<'shown' | 'sealed'>('sealed');
  stage = $state('open_investigation');
  exploitation = $state<string[]>([]);
  recruitment = $state<string[]>([]);
  control = $state<string[]>([]);
  origin = $state<string[]>([]);
  transit = $state<string[]>([]);
  destination = $state<string[]>([]);
  corridor = $state('');
  from = $state(quarters()[2] ?? '');
  to = $state(quarters()[0] ?? '');
  victims = $state('');
  children = $state('');
  ages = $state<string[]>([]);
  money = $state('');
  online = $state('');
  cooperation = $state<string[]>([]);
  marking = $state<Marking>('amber');
  noTransfer = $state(true);
  notInCourt = $state(false);
  act = $state<'open' | 'quiet' | 'ask' | 'none'>('ask');
  source = $state('');
  information = $state('');
  reviewDue = $state(new Date(Date.now() + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10));
  keptBack = $state<Wish['kept_back']>([]);
  /** Of a new card alone: what is made up stays so. */
  exercise = $state('');

  /** Takes a card over. */
  take(facts: Facts, reviewDue?: string | null): void {
    this.visibility = facts.visibility;
    this.stage = facts.stage;
    for (const list of ['exploitation', 'recruitment', 'control', 'origin', 'transit', 'destination', 'ages', 'cooperation'] as const) this[list] = [...facts[list]];
    for (const one of ['corridor', 'from', 'to', 'victims', 'children', 'money', 'online'] as const) this[one] = facts[one] ?? '';
    this.marking = facts.marking as Marking;
    this.noTransfer = facts.handling.includes('h2');
    this.notInCourt = facts.handling.includes('h1');
    this.act = facts.act;
    this.source = facts.grading.slice(0, 1);
    this.information = facts.grading.slice(1);
    this.keptBack = [...facts.kept_back];
    if (reviewDue) this.reviewDue = reviewDue.slice(0, 10);
  }

  wish(): Wish {
    const children = this.children || null;
    return {
      organisation: this.organisation || null,
      visibility: this.visibility,
      stage: this.stage,
      exploitation: [...this.exploitation],
      recruitment: [...this.recruitment],
      control: [...this.control],
      origin: [...this.origin],
      transit: [...this.transit],
      destination: [...this.destination],
      corridor: this.corridor || null,
      from: this.from,
      to: this.to,
      victims: this.victims || null,
      children,
      ages: children === 'yes' ? [...this.ages] : [],
      money: this.money || null,
      online: this.online || null,
      cooperation: [...this.cooperation],
      marking: this.marking,
      handling: [...(this.notInCourt ? (['h1'] as const) : []), ...(this.noTransfer ? (['h2'] as const) : [])],
      act: this.act,
      grading: this.source + this.information,
      review_due: this.reviewDue || null,
      kept_back: this.visibility === 'shown' ? [...(this.keptBack ?? [])] : [],
      exercise: this.exercise || null,
    };
  }

  /** The facets of a wish that was made wider. */
  apply(wish: Wish): void {
    for (const list of ['exploitation', 'origin', 'transit', 'destination', 'ages'] as const) this[list] = [...(wish[list] ?? [])];
    for (const one of ['corridor', 'from', 'to', 'victims', 'children'] as const) this[one] = wish[one] ?? '';
    this.keptBack = [...(wish.kept_back ?? [])];
  }
}
