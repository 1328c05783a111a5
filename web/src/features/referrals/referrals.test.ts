import { expect, test, vi } from 'vitest';
import { Draft, partOf, PARTS } from './draft.svelte';
import { LINE, placeOf, turnOf } from './referrals';
import type { Act, State } from './types';

// The secret of a tab is looked for there as soon as the client is made.
vi.hoisted(() => Object.assign(globalThis, { sessionStorage: { getItem: () => null } }));

test('it is the turn of whoever can go on; taking back and saying no are no turn', () => {
  const turn = (state: State, can: Act[]) => turnOf({ state, can });
  expect(turn('acknowledged', ['accept', 'ask', 'decline'])).toBe('mine');
  expect(turn('info_requested', ['decline'])).toBe('theirs');
  expect(turn('sent', ['revoke'])).toBe('theirs');
  expect(turn('completed', [])).toBe('over');
});

test('every state has a place on the line', () => {
  expect(LINE.map(placeOf)).toEqual([0, 1, 2, 3, 4, 5]);
  expect((['acknowledged', 'info_requested', 'info_given', 'declined', 'expired'] as State[]).map(placeOf)).toEqual([1, 1, 1, 1, 1]);
});

test('a draft says what is missing, part by part', () => {
  const draft = new Draft('case', null, 'me');
  expect(draft.missing('needs')).toEqual(['services', 'purpose', 'to_country']);
  expect(draft.missing('channel')).toEqual(['channel']);
  Object.assign(draft.content, { consent: 'given', assent: 'refused', child_view: 'No', legal_basis: 'public_task' });
  expect(draft.missing('consent')).toEqual(['override_reason']);
  draft.content.assent = 'given';
  expect(draft.missing('consent')).toEqual([]);
  draft.content.told_to = ['there'];
  expect(draft.missing('secrecy')).toEqual(['not_tell', 'told_by']);
});

test('what the server misses leads back to its part', () => {
  expect(['purpose', 'contact_to', 'child_view', 'told_by', 'contact_from'].map(partOf)).toEqual(PARTS.slice(0, 5));
});
