/** Figures of a campaign: in words, as a funnel, as lines over its weeks. */
import type { CampaignIndicator } from '../../api/types';
import { formatNumber, t } from '../../base/i18n.svelte';
import { FUNNEL, SHARES } from './codes';

/** A figure; one that is below five and not told says so. */
export function figure(it: CampaignIndicator, which: 'baseline' | 'target' | 'actual'): string {
  const value = it[which];
  if (value === null) return it.below_five && which !== 'target' ? t('campaigns_below_five') : '–';
  return SHARES.includes(it.kind) ? t('campaigns_percent', { value: formatNumber(value) }) : formatNumber(value);
}

export interface FunnelStep {
  kind: string;
  value: number;
  /** Of the widest, in parts of a thousand: at least as wide as can be seen. */
  width: number;
}

const NARROWEST = 6;

/** From those who heard of it to those who were helped, by logarithms: a handful shows beside a hundred thousand. */
export function funnel(indicators: CampaignIndicator[]): FunnelStep[] {
  const found = FUNNEL.flatMap((kind) => {
    const it = indicators.find((each) => each.kind === kind);
    const whole = indicators.find((each) => each.kind === 'reach')?.actual ?? 0;
    if (!it || it.actual === null) return [];
    // Who understood is told in parts of a hundred.
    return [{ kind, value: SHARES.includes(kind) ? Math.round((whole * it.actual) / 100) : it.actual }];
  });
  const most = Math.log10(Math.max(1, ...found.map(({ value }) => value)) + 1);
  return found.map((step) => ({ ...step, width: Math.max(NARROWEST, Math.round((1000 * Math.log10(step.value + 1)) / (most || 1))) }));
}

/** Those with a series, as columns over the same weeks; a week without a figure is a gap. */
export function columns(indicators: CampaignIndicator[]): { weeks: number[]; lines: (number | null)[][]; drawn: CampaignIndicator[] } {
  const drawn = indicators.filter(({ series }) => series.length > 1);
  const weeks = [...new Set(drawn.flatMap(({ series }) => series.map(([week]) => week)))].sort((one, other) => one - other);
  const lines = drawn.map(({ series }) => {
    const known = new Map(series);
    return weeks.map((week) => known.get(week) ?? null);
  });
  return { weeks, lines, drawn };
}

/** "1 120\n2 140": as somebody types a series. Lines that are no two numbers are left out. */
export function readSeries(text: string): [number, number][] {
  return text.split(/[\n;]+/).flatMap((line) => {
    const [week, value] = line.trim().split(/[\s:]+/).map((part) => Number(part.replace(',', '.')));
    return Number.isInteger(week) && week! > 0 && value !== undefined && value >= 0 ? [[week!, value] as [number, number]] : [];
  });
}

export const writeSeries = (series: [number, number][]): string => series.map(([week, value]) => `${week} ${value}`).join('\n');
