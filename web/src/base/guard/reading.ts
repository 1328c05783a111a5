/** One reading of a text: what is gathered on the way. */
import type { Dated } from './days';
import type { Countries, Kind, Severity } from './finding';
import type { Group } from './numbers';
import { severityOf } from './policy';
import type { Known } from './setting';
import type { Signs } from './signs';
import type { Spans } from './spans';
import type { Contexts, Hit } from './words';

/** A finding, in signs. */
export interface Found extends Group {
  kind: Kind;
  countries: Countries;
  severity: Severity;
  context: boolean;
  offer: string | null;
}

export const found = (kind: Kind, severity: Severity, start: number, end: number, more: Partial<Found> = {}): Found => ({
  kind,
  countries: 0,
  severity,
  context: false,
  start,
  end,
  offer: null,
  ...more,
});

export class Scan {
  found: Found[] = [];

  constructor(
    readonly signs: Signs,
    readonly setting: Known,
    readonly hits: Hit[],
    readonly contexts: Contexts,
    readonly groups: Group[],
    readonly dates: Dated[],
    /** What is no identifier: dates, names of versions, numbers of books. */
    public quiet: Spans,
    /** Paths of addresses of pages. */
    readonly paths: Spans,
  ) {}

  severity(kind: Kind, context: boolean): Severity | null {
    return severityOf(kind, this.setting.room, context);
  }

  /** Whether a word that announces this kind stands near the signs from `start` to `end`. */
  announced(kind: Kind, start: number, end: number): boolean {
    return this.contexts.announce(kind, start, end);
  }

  /** Adds what isn't there yet. */
  keep(more: Found[]): void {
    if (more.length === 0) return;
    const place = (one: Found) => `${one.kind} ${one.start} ${one.end}`;
    const known = new Set(this.found.map(place));
    for (const one of more) {
      if (!known.has(place(one))) this.found.push(one);
      known.add(place(one));
    }
  }
}
