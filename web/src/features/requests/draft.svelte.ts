/** A request that is being written, in three small steps. */
import type { ActLabel, Code } from '../../api/types';
import type { Details, Kind, Urgency, Wish } from './requests.svelte';

export const STEPS = ['what', 'whom', 'words'] as const;
export type Step = (typeof STEPS)[number];
type Fault = 'requests_choose' | 'problem_text_missing';

export class Draft {
  kind = $state<string>('');
  asker = $state('');
  asked = $state('');
  title = $state('');
  body = $state('');
  urgency = $state<string>('d7');
  marking = $state('amber');
  act = $state<string>('ask');
  handling = $state.raw<Code[]>([]);
  restriction = $state('');
  exercise = $state('');

  /** What an address may bring along. */
  constructor(query: URLSearchParams, kinds: readonly string[]) {
    const kind = query.get('kind') ?? '';
    this.kind = kinds.includes(kind) ? kind : '';
    this.asked = query.get('organisation') ?? '';
    this.exercise = query.get('exercise') ?? '';
  }

  take(from: Details): void {
    this.kind = from.kind;
    this.asker = from.asker?.id ?? '';
    this.asked = from.asked?.id ?? '';
    this.title = from.title;
    this.body = from.body;
    this.urgency = from.urgency;
    this.marking = from.marking;
    this.act = from.labels.act ?? 'ask';
    this.handling = (from.labels.handling ?? []) as Code[];
    this.restriction = from.labels.restriction ?? '';
    this.exercise = from.exercise ?? '';
  }

  /** What is missing in a step, by field. */
  faults(step: Step): Partial<Record<string, Fault>> {
    const missing: Partial<Record<string, Fault>> = {};
    if (step === 'what' && !this.kind) missing.kind = 'requests_choose';
    if (step === 'whom' && !this.asked) missing.asked = 'requests_choose';
    if (step === 'words') {
      if (!this.title.trim()) missing.title = 'problem_text_missing';
      if (!this.body.trim()) missing.body = 'problem_text_missing';
      if (this.handling.includes('h3') && !this.restriction.trim()) missing.restriction = 'problem_text_missing';
    }
    return missing;
  }

  wish(): Wish {
    return {
      kind: this.kind as Kind,
      asker: this.asker,
      asked: this.asked,
      title: this.title,
      body: this.body,
      urgency: this.urgency as Urgency,
      marking: this.marking,
      act: this.act as ActLabel,
      handling: this.handling,
      restriction: this.handling.includes('h3') ? this.restriction : null,
      exercise: this.exercise || null,
    };
  }
}
