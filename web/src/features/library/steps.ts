/** How the steps of a practice are called, and which of them ask why. */
import type { PracticeState } from '../../api/types';
import type { Key } from '../../base/i18n.svelte';

/** The name of a step, by where it leads and, where that isn't enough, where it comes from. */
export function stepKey(from: PracticeState, to: PracticeState): Key {
  if (to === 'published' && from !== 'peer_review') return from === 'archived' ? 'library_step_restore' : 'library_step_confirm';
  if (to === 'submitted' && from === 'revision') return 'library_step_again';
  return `library_step_${to as Exclude<PracticeState, 'review_due'>}`;
}

/** Whether one has to say why. */
export function saysWhy(from: PracticeState, to: PracticeState): boolean {
  return to === 'revision' || to === 'archived' || to === 'withdrawn' || (to === 'published' && from === 'archived');
}
