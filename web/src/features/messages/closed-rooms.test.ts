import { expect, it } from 'vitest';
import type { Channel } from '../../api/types';
import { roomsBeside, withText } from './closed-rooms';

const room = (id: string, change: Partial<Channel> = {}) =>
  ({ id, kind: 'closed', member: true, archived: false, can: { post: true }, ...change }) as Channel;

it('offers the closed rooms where one can say something', () => {
  const all = [
    room('here'),
    room('a'),
    room('open', { kind: 'open' }),
    room('not a member', { member: false }),
    room('old', { archived: true }),
    room('muted', { can: { post: false } as Channel['can'] }),
  ];
  expect(roomsBeside(all, 'here').map((each) => each.id)).toEqual(['a']);
});

it('never writes over a draft that is there', () => {
  const [marking, ceiling] = ['amber', 'red'] as const;
  const there = { body: 'begun here\n', topic: 't', labels: { marking: null } };
  expect(withText(there, 'from elsewhere', { marking: 'red' }, { marking, ceiling })).toEqual({
    body: 'begun here\n\nfrom elsewhere',
    topic: 't',
    labels: { marking: null },
  });
  expect(withText({ body: ' ' }, 'text', { marking: null }, { marking, ceiling }).body).toBe('text');
});

it('takes labels along as far as the room holds them', () => {
  const labels = (marking: 'green' | 'red', ceiling: 'amber+strict' | 'red') =>
    withText({ body: '' }, 'x', { marking, warning: 'death', expires_in_days: 7 }, { marking: 'amber', ceiling }).labels;
  expect(labels('red', 'red')).toEqual({ marking: 'red', warning: 'death', expires_in_days: 7 });
  expect(labels('red', 'amber+strict')).toEqual({ marking: null, warning: 'death', expires_in_days: undefined });
  expect(labels('green', 'red')?.marking).toBeNull();
});
