/** One reading of a text: what is gathered on the way. */
import type { Dated } from './days';
import type { Countries, Kind, Severity } from './finding';
import type { Group } from './numbers';
import { severityOf } from './policy';
import type { Known } from './setting';
import type { Signs } from './signs';
import type { Hit } from './words';

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

export const overlap = (a: Group, b: Group) => a.start < b.end && b.start < a.end;

export class Scan {
  readonly hasContext: boolean;
  /** What is no identifier: dates, names of versions, numbers of books. */
  quiet: Group[] = [];
  /** Paths of addresses of pages. */
  paths: Group[] = [];
  found: Found[] = [];

  constructor(
    readonly signs: Signs,
    readonly setting: Known,
    readonly hits: Hit[],
    readonly groups: Group[],
    readonly dates: Dated[],
  ) {
    this.hasContext = hits.some((hit) => hit.word.group === 'context');
  }

  severity(kind: Kind, context: boolean): Severity | null {
    return severityOf(kind, this.setting.room, context);
  }

  isQuiet(start: number, end: number): boolean {
    return this.quiet.some((group) => overlap(group, { start, end }));
  }

  isPath(at: number): boolean {
    return this.paths.some((group) => at >= group.start && at < group.end);
  }

  /** Adds what isn't there yet. */
  keep(more: Found[]): void {
    for (const one of more) {
      const known = this.found.some((other) => other.kind === one.kind && other.start === one.start && other.end === one.end);
      if (!known) this.found.push(one);
    }
  }
}
