import { expect, test } from 'vitest';
import { reminder } from './ending';

const now = Date.parse('2026-03-01T12:00:00Z');

test('who is accredited for long, not at all, or no longer is not reminded', () => {
  expect(reminder('2026-04-01T12:00:00Z', now)).toBeNull();
  expect(reminder(null, now)).toBeNull();
  expect(reminder(undefined, now)).toBeNull();
  expect(reminder('2026-03-01T12:00:00Z', now)).toBeNull();
  expect(reminder('soon', now)).toBeNull();
});

test('the last thirty days remind quietly, the last seven urgently', () => {
  expect(reminder('2026-03-31T12:00:00Z', now)).toBe('quiet');
  expect(reminder('2026-03-08T12:00:01Z', now)).toBe('quiet');
  expect(reminder('2026-03-08T12:00:00Z', now)).toBe('urgent');
  expect(reminder('2026-03-01T12:00:01Z', now)).toBe('urgent');
});
