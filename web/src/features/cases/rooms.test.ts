import { beforeAll, expect, test } from 'vitest';
import { needAllTexts, useLanguage } from '../../base/i18n.svelte';
import { activeOf, formerOf, housesOf, waitingOf } from './members';
import { byDue, taskTitle } from './tasks';
import { contentText, eventText } from './timeline';
import type { CaseEntry, CaseMember, CaseTask } from './types';

beforeAll(async () => {
  await useLanguage('en');
  await needAllTexts();
});

const who = (id: string, organisation: string) => ({ id, name: `Person ${id}`, organisation, organisation_name: `House ${organisation}` });
const task = (due: string | null, place: number) => ({ place, content: { due } }) as CaseEntry<CaseTask>;

test('what is due first comes first, what has no day last', () => {
  const sorted = [task(null, 1), task('2027-01-02', 2), task('2026-12-31', 4), task('2026-12-31', 3)].sort(byDue);
  expect(sorted.map(({ place }) => place)).toEqual([3, 4, 2, 1]);
});

test('a line of the checklist stands in the reader’s language, a task in its own words', () => {
  const plain: CaseTask = { kind: 'task', title: 'Ask for two dates', owner: null, due: null, done: false, code: null };
  expect(taskTitle(plain)).toBe('Ask for two dates');
  expect(taskTitle({ ...plain, code: 'missing_116000' })).toMatch(/116 000/);
  expect(taskTitle({ ...plain, code: 'of_tomorrow' })).toBe('Ask for two dates');
});

test('only organisations with an active member that don’t lead can be asked to lead', () => {
  const member = (id: string, house: string, state: CaseMember['state']) => ({ who: who(id, house), state }) as CaseMember;
  const room = { lead: { id: 'a', name: 'A' }, members: [member('1', 'a', 'active'), member('2', 'b', 'active'), member('3', 'b', 'active'), member('4', 'c', 'invited'), member('5', 'd', 'left')] };
  expect(housesOf(room)).toEqual([{ value: 'b', label: 'House b' }]);
  expect([activeOf(room), waitingOf(room), formerOf(room)].map((each) => each.length)).toEqual([3, 1, 1]);
});

test('an act says who did what, in words of the lists', () => {
  const event = (code: string, from = '', to = '') => ({ code, subject: who('2', 'b'), organisation: null, from, to });
  expect(eventText(event('phase', 'assessment', 'planning'), 'Ana')).toBe('Ana moved the room from Assessment to Planning.');
  expect(eventText(event('review', '2026-12-01', '2026-12-15'), 'Ana')).toBe('Ana set the next review to 15 December 2026.');
  expect(eventText(event('side', 'suspended'), 'Ana')).toBe('Ana took the room up again.');
  expect(eventText(event('expired'), '')).toBe('The mandate of Person 2 came to its end.');
  expect(eventText(event('of_tomorrow'), 'Ana')).toBe('Ana: of_tomorrow');
});

test('what is written says itself in one piece', () => {
  expect(contentText({ kind: 'decision', about: 'plan', text: 'A visit first.', ground: 'The child asked.' })).toBe('A visit first.\nThe child asked.');
  expect(contentText({ kind: 'file', name: 'plan.pdf', title: '', file: '', media_type: '', size: 1, topic: null })).toBe('plan.pdf');
});
