import { expect, test } from 'vitest';
import { checksFor, nextStep, placeOf, type Look } from './next';

const gates = { consent: true, bia: false, bid: false, tasks: false, checklist: true };
const room: Look = {
  phase: 'assessment',
  side: null,
  overdue: false,
  gates,
  steps: [
    { to: 'planning', missing: ['bia'] },
    { to: 'closed', missing: ['second_person'] },
  ],
  proposals: [],
};

test('the step that follows, or what is missing for it', () => {
  expect(nextStep(room)).toEqual({ code: 'missing', to: 'planning', missing: ['bia'] });
  expect(nextStep({ ...room, steps: [{ to: 'planning', missing: [] }] })).toEqual({ code: 'go', to: 'planning', missing: [] });
});

test('what presses goes first: a second person, a missing child, a late review, what stands still', () => {
  const late: Look = { ...room, overdue: true, side: 'suspended' };
  const missing: Look = { ...late, gates: { ...gates, checklist: false } };
  const asked: Look = { ...missing, proposals: [{ kind: 'admission', may_confirm: true, missing: [] }] };
  expect([asked, missing, late, { ...late, overdue: false }].map((each) => nextStep(each).code)).toEqual(['confirm', 'checklist', 'review', 'side']);
});

test('who has proposed the closing waits for the other; a closed room has no step', () => {
  const proposals = [{ kind: 'closure', may_confirm: false, missing: [] }];
  expect(nextStep({ ...room, proposals }).code).toBe('waiting');
  expect(nextStep({ ...room, phase: 'closed', overdue: true, steps: [] }).code).toBe('closed');
  // A closing that can't be confirmed yet isn't the next step: the checklist is.
  const stuck = { ...room, gates: { ...gates, checklist: false }, proposals: [{ kind: 'closure', may_confirm: true, missing: ['checklist'] }] };
  expect(nextStep(stuck).code).toBe('checklist');
});

test('after a review the plan goes on, or the room is closed', () => {
  const review: Look = { ...room, phase: 'review', steps: [{ to: 'implementation', missing: [] }] };
  expect(nextStep(review)).toEqual({ code: 'close', to: 'implementation', missing: [] });
});

test('what a phase asks for, and where it is put right', () => {
  expect(checksFor('implementation', { ...gates, bia: true })).toEqual([
    { code: 'bia', done: true },
    { code: 'tasks', done: false },
  ]);
  expect(checksFor('assessment', gates)).toEqual([]);
  expect(['bia', 'tasks', 'second_person', 'consent'].map(placeOf)).toEqual(['plan', 'tasks', 'people', 'plan']);
});
