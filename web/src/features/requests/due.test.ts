import { beforeAll, describe, expect, it } from 'vitest';
import { needAllTexts, useLanguage } from '../../base/i18n.svelte';
import { dueText, inZone, leftOf, pressOf, spanOf, stoodText } from './due';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const clock = (seconds: number, more = {}) => ({ due: new Date(NOW + seconds * 1000).toISOString(), left: seconds, ended: false, stands_since: null, ...more });
const HOUR = 3600;

beforeAll(async () => {
  await useLanguage('en');
  await needAllTexts();
});

describe('deadlines in plain words', () => {
  it('counts in the unit that one thinks in', () => {
    expect(spanOf(3 * 24 * HOUR - 1)).toEqual({ unit: 'days', count: 2 });
    expect(spanOf(47 * HOUR)).toEqual({ unit: 'hours', count: 47 });
    expect(spanOf(-59 * 60)).toEqual({ unit: 'minutes', count: 59 });
  });

  it('says when something is due, and by how much it is late', () => {
    expect(dueText(clock(5 * HOUR + 60), NOW)).toBe('due in 5 hours');
    expect(dueText(clock(HOUR), NOW)).toBe('due in 1 hour');
    expect(dueText(clock(-49 * HOUR), NOW)).toBe('2 days late');
    expect(dueText(clock(3 * 24 * HOUR), NOW)).toBe('due in 3 days');
  });

  it('goes by its own time while the clock stands still, and says so', () => {
    const still = clock(5 * HOUR, { stands_since: '2026-11-28T12:00:00Z' });
    expect(leftOf(still, NOW + 9 * HOUR * 1000)).toBe(5 * HOUR);
    expect(dueText(still, NOW)).toBe('clock stands still, 5 hours left');
    expect(dueText(clock(5, { ended: true }), NOW)).toBe('answered in time');
    expect(dueText(clock(-5, { ended: true }), NOW)).toBe('answered late');
    expect(stoodText(26 * HOUR)).toBe('26 hours');
  });

  it('tells how pressing it is', () => {
    const all = [clock(9 * HOUR), clock(2 * HOUR), clock(0), clock(1, { stands_since: 'x' }), clock(1, { ended: true })];
    expect(all.map((each) => pressOf(each, NOW))).toEqual(['calm', 'soon', 'late', 'still', 'ended']);
  });

  it('shows a moment by the clocks of the asked country', () => {
    expect(inZone('2026-11-27T14:20:00Z', 'Europe/Bucharest', 'en-GB')).toContain('16:20');
    expect(inZone('2026-11-27T14:20:00Z', 'Nowhere/Here', 'en-GB')).toContain('2026');
  });
});
