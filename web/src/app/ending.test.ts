import { expect, test } from 'vitest';
import { reminder } from './ending';

const now = Date.parse('2026-03-01T12:00:00Z');

test('who is accredited for long, not at all, or no longer is not reminded', () => {
  expect(reminder('2026-04-01T12:00:00Z', now, [30, 7])).toBeNull();
  expect(reminder(null, now, [30, 7])).toBeNull();
  expect(reminder(undefined, now, [30, 7])).toBeNull();
  expect(reminder('2026-03-01T12:00:00Z', now, [30, 7])).toBeNull();
  expect(reminder('soon', now, [30, 7])).toBeNull();
});

test('the last days remind as the region says', () => {
  expect(reminder('2026-03-31T12:00:00Z', now, [30, 7])).toBe('quiet');
  expect(reminder('2026-03-08T12:00:01Z', now, [30, 7])).toBe('quiet');
  expect(reminder('2026-03-08T12:00:00Z', now, [30, 7])).toBe('urgent');
  expect(reminder('2026-03-01T12:00:01Z', now, [30, 7])).toBe('urgent');;
  expect(reminder('2026-03-06T12:00:00Z', now, [4, 2])).toBeNull();
  expect(reminder('2026-03-04T12:00:00Z', now, [4, 2])).toBe('quiet');
  expect(reminder('2026-03-02T12:00:00Z', now, [])).toBeNull();
});
