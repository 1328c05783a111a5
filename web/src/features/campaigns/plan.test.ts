import { expect, test } from 'vitest';
import { Draft } from './plan.svelte';

test('a part sends what it asks for and nothing else', () => {
  const draft = new Draft(null);
  draft.messages = 'One\n\n  Two ';
  expect(Object.keys(draft.wish('what')).sort()).toEqual(['aim', 'evidence', 'language', 'theme', 'title']);
  expect(draft.wish('says').messages).toEqual(['One', 'Two']);
  expect(Object.keys(new Draft(null, 'p').wish('what'))).toContain('practice');
});

test('what is missing is said before it is sent', () => {
  const draft = new Draft(null);
  expect(Object.keys(draft.faults('what'))).toEqual(['title', 'theme', 'aim']);
  expect(draft.faults('whom')).toEqual({});
  draft.start = '2026-12-28';
  expect(draft.faults('whom')).toEqual({ end: 'campaigns_weeks_wrong' });
  draft.end = '2026-12-27';
  expect(draft.faults('whom')).toEqual({ end: 'campaigns_weeks_wrong' });
  draft.end = '2027-01-03';
  expect(draft.faults('whom')).toEqual({});
});
