/** The next right step of a room, out of what the server says of it. Pure. */
import type { CaseRoom, Phase } from './types';

/** What somebody looks at first: the codes of `cases_next_*`. */
export type Step =
  | { code: 'confirm' | 'review' | 'checklist' | 'side' | 'waiting' | 'closed' | 'erased'; to: null; missing: string[] }
  | { code: 'go' | 'missing' | 'close'; to: Phase; missing: string[] };

export type Look = Pick<CaseRoom, 'phase' | 'side' | 'overdue' | 'gates'> & {
  steps: { to: Phase; missing: string[] }[];
  proposals: { kind: string; may_confirm: boolean; missing: string[] }[];
};

/**
 * One thing at a time, the most pressing first: what waits for this reader's word, a child that is missing, a review that is
 * late, what stands still; then the step that follows and what is missing for it.
 */
export function nextStep(room: Look): Step {
  const open = (code: 'confirm' | 'review' | 'checklist' | 'side' | 'waiting' | 'closed') => ({ code, to: null, missing: [] });
  if (room.proposals.some((each) => each.may_confirm && !each.missing.length)) return open('confirm');
  if (room.phase === 'closed') return open('closed');
  if (!room.gates.checklist) return open('checklist');
  if (room.overdue) return open('review');
  if (room.side) return open('side');
  if (room.proposals.some(({ kind }) => kind === 'closure')) return open('waiting');
  const step = room.steps[0];
  if (!step) return open('closed');
  // After a review the plan goes on, or ends: the people decide.
  if (room.phase === 'review') return { code: 'close', to: step.to, missing: step.missing };
  return { code: step.missing.length ? 'missing' : 'go', to: step.to, missing: step.missing };
}

/** What a phase asks for before it, in the order of the work; each with whether it is there. */
export function checksFor(to: Phase, gates: CaseRoom['gates']): { code: string; done: boolean }[] {
  const wanted: Partial<Record<Phase, (keyof CaseRoom['gates'])[]>> = { planning: ['bia'], implementation: ['bia', 'tasks'] };
  return (wanted[to] ?? []).map((code) => ({ code, done: gates[code] }));
}

/** Where what is missing is put right: the section of the room. */
export const placeOf = (code: string): string => (code === 'tasks' || code === 'checklist' ? 'tasks' : code === 'second_person' ? 'people' : 'plan');
