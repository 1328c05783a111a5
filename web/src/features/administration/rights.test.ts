import { expect, test } from 'vitest';
import { administers, answersFor, answersOnly, entersAdministration, inviting, opensChannel } from './rights';

const moderator = (scope: string) => ({ roles: [{ role: 'moderator' as const, scope }] });
const administrator = { roles: [{ role: 'administrator' as const, scope: 'region' }] };
const member = { roles: [] };

test('members have nothing to do in the administration', () => {
  expect([null, member].map(entersAdministration)).toEqual([false, false]);
  expect([moderator('country:RO'), administrator].map(entersAdministration)).toEqual([true, true]);
  expect(administers(moderator('region'))).toBe(false);
});

test('one invites for the countries of one’s scope', () => {
  expect(inviting(moderator('country:RO'))).toEqual({ everywhere: false, countries: ['RO'] });
  expect(inviting(moderator('theme:forced-begging'))).toEqual({ everywhere: false, countries: [] });
  expect(inviting(moderator('region')).everywhere).toBe(true);
  expect(inviting(administrator).everywhere).toBe(true);
});

test('one opens channels within one’s scope', () => {
  expect(opensChannel(moderator('country:RO'), 'RO', '')).toBe(true);
  expect(opensChannel(moderator('country:RO'), 'RS', 'forced-begging')).toBe(false);
  expect(opensChannel(moderator('theme:forced-begging'), 'RS', 'forced-begging')).toBe(true);
  expect(opensChannel(moderator('country:RO'), '', '')).toBe(false);
  expect(opensChannel(moderator('channel:1'), '', '')).toBe(false);
  expect(opensChannel(administrator, '', '')).toBe(true);
});

test('who answers for an organisation invites into it', () => {
  const focal = { roles: [{ role: 'focal_point' as const, scope: 'organisation:7' }] };
  expect(answersFor(focal)).toEqual(['7']);
  expect([focal, member, administrator].map(answersOnly)).toEqual([true, false, false]);
  expect(entersAdministration(focal)).toBe(true);
  expect(inviting(focal)).toEqual({ everywhere: false, countries: [] });
  const both = { roles: [...focal.roles, ...moderator('country:RO').roles] };
  expect([answersFor(both), answersOnly(both)]).toEqual([['7'], false]);
});

test('who answers for an organisation needs no second factor, whatever else sleeps', () => {
  const both = {
    roles: [
      { id: '1', role: 'moderator' as const, scope: 'region' },
      { id: '2', role: 'focal_point' as const, scope: 'organisation:7' },
    ],
    factor: { asleep: true },
  };
  expect([answersFor(both), answersOnly(both), entersAdministration(both)]).toEqual([['7'], true, true]);
});
