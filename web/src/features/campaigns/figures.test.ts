import { expect, test } from 'vitest';
import type { CampaignIndicator } from '../../api/types';
import { columns, funnel, readSeries, writeSeries } from './figures';

const it = (kind: string, actual: number | null, series: [number, number][] = []): CampaignIndicator => ({
  kind,
  unit: '',
  baseline: null,
  target: null,
  actual,
  series,
  below_five: false,
});

test('a handful shows beside a hundred thousand', () => {
  const steps = funnel([it('reach', 100_000), it('understanding', 60), it('helpline_contacts', 9), it('referrals', null), it('harm_stigma', 3)]);
  expect(steps.map(({ kind, value }) => [kind, value])).toEqual([['reach', 100_000], ['understanding', 60_000], ['helpline_contacts', 9]]);
  expect(steps[0]?.width).toBe(1000);
  expect(steps[2]?.width).toBe(200);
  expect(funnel([it('reach', 0)])[0]?.width).toBe(6);
  expect(funnel([])).toEqual([]);
});

test('lines share their weeks and have gaps', () => {
  const { weeks, lines, drawn } = columns([it('reach', 3, [[1, 5], [3, 7]]), it('frequency', 1, [[2, 4], [3, 1]]), it('referrals', 1, [[1, 1]])]);
  expect(weeks).toEqual([1, 2, 3]);
  expect(lines).toEqual([[5, null, 7], [null, 4, 1]]);
  expect(drawn.map(({ kind }) => kind)).toEqual(['reach', 'frequency']);
});

test('a series is read as it is typed', () => {
  expect(readSeries('1 120\n2: 140,5\nnonsense\n0 3; 4 7')).toEqual([[1, 120], [2, 140.5], [4, 7]]);
  expect(readSeries(writeSeries([[1, 2], [2, 3]]))).toEqual([[1, 2], [2, 3]]);
});
