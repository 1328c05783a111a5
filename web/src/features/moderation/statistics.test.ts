import { expect, test } from 'vitest';
import { tableOf } from './statistics';

test('months stand beside each other, and what never happened is left out', () => {
  const table = tableOf([
    { month: '2026-10', kind: 'held', count: 12 },
    { month: '2026-11', kind: 'held', count: null },
    { month: '2026-11', kind: 'muted', count: 7 },
    { month: '2026-11', kind: 'something new', count: 9 },
  ]);
  expect(table.months).toEqual(['2026-11', '2026-10']);
  expect(table.lines).toEqual([
    { kind: 'held', counts: [null, 12] },
    { kind: 'muted', counts: [7, 0] },
  ]);
});
