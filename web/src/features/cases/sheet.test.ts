import { expect, test } from 'vitest';
import { daysTo, plusDays, today } from './days';
import { SheetDraft } from './sheet.svelte';

test('a part says what is missing before it is sent', () => {
  const draft = new SheetDraft();
  expect(draft.faults('child')).toEqual({ age_band: 'cases_fault_age', company: 'cases_fault_company' });
  expect(draft.faults('around')).toEqual({});
  draft.consent = 'not_asked';
  expect(draft.faults('consent')).toEqual({ not_asked_reason: 'cases_fault_reason' });
  draft.not_asked_reason = 'An interpreter comes tomorrow';
  expect(draft.faults('consent')).toEqual({});
});

test('a high risk brings the review nearer', () => {
  const draft = new SheetDraft();
  expect(daysTo(draft.next_review)).toBe(30);
  draft.risk = 'high';
  expect(draft.faults('needs')).toEqual({ next_review: 'cases_fault_review' });
  draft.keepReview();
  expect(daysTo(draft.next_review)).toBe(14);
  expect(draft.faults('needs')).toEqual({});
  draft.next_review = plusDays(today(), -1);
  expect(draft.faults('needs')).toEqual({ next_review: 'cases_fault_review' });
});

test('what is sent has the fields of the server, and none for who a child is', () => {
  const draft = new SheetDraft();
  Object.assign(draft, { age_band: '14-15', company: 'separated', consent: 'given', not_asked_reason: 'left over' });
  const wish = draft.wish();
  expect(wish.not_asked_reason).toBe('');
  expect(wish.sex).toBeNull();
  expect(Object.keys(wish).filter((field) => /name|birth|address|document|photo|nationality/.test(field))).toEqual([]);
  expect(new SheetDraft(wish).wish()).toEqual(wish);
});
