/** Moderation in figures: a table of months and kinds. */

export interface Count {
  month: string;
  kind: string;
  count: number | null;
}

export const KINDS = [
  'held',
  'released',
  'released_masked',
  'moved',
  'returned',
  'refused',
  'withdrawn',
  'expired',
  'escalated',
  'appealed',
  'reported',
  'report_upheld',
  'report_dismissed',
  'muted',
  'warned',
  'suspended',
  'retracted',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Line {
  kind: Kind;
  /** One a month: null where it is too small to show. */
  counts: (number | null)[];
}

/** The months, the latest first, and a line for each kind that ever happened in them. */
export function tableOf(items: Count[]): { months: string[]; lines: Line[] } {
  const months = [...new Set(items.map(({ month }) => month))].sort().reverse().slice(0, 6);
  const found = (month: string, kind: string) => items.find((item) => item.month === month && item.kind === kind);
  const lines = KINDS.map((kind) => ({
    kind,
    counts: months.map((month) => {
      const item = found(month, kind);
      return item ? item.count : 0;
    }),
  }));
  return { months, lines: lines.filter(({ counts }) => counts.some((count) => count !== 0)) };
}
