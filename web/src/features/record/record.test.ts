import { expect, test } from 'vitest';
import { midnight, NONE, query } from './record.svelte';

test('days are those of the reader, the last one included', () => {
  expect(query({ ...NONE, from: '2026-03-28', to: '2026-03-29' })).toEqual({
    from: new Date(2026, 2, 28).toISOString(),
    to: new Date(2026, 2, 30).toISOString(),
  });
  expect(midnight('2026-12-31', 1)).toBe(new Date(2027, 0, 1).toISOString());
  expect(midnight('')).toBe('');
});

test('a filter that is not set is not sent', () => {
  expect(query(NONE)).toEqual({});
  expect(query({ ...NONE, act: 'role.', target: 'channel:x' })).toEqual({ act: 'role.', target: 'channel:x' });
});
