/** What `national-ids.tsv` says of each identifier. */
import { type Countries, KINDS, type Kind, type Severity, countriesOf, kindNamed } from './finding';
import { NATIONAL_IDS } from './tables';

type Policy = 'block' | 'block with context' | 'warn' | 'warn with context';

export interface Row {
  kind: Kind;
  countries: Countries;
  /** The rule of its shape; for plates a regular expression. */
  shape: string;
  context: string;
  open: Policy;
  case: Policy;
}

function read(text: string): Policy {
  if (text === 'block with context word, else warn') return 'block with context';
  if (text === 'warn with context word') return 'warn with context';
  return text.startsWith('block') ? 'block' : 'warn';
}

export const ROWS: Row[] = NATIONAL_IDS.flatMap((row) => {
  const kind = kindNamed(row('id'));
  if (!kind) return [];
  const [open, inCase] = [read(row('open_channel')), read(row('case_room_default'))];
  return [{ kind, countries: countriesOf(row('country')), shape: row('shape'), context: row('context_words'), open, case: inCase }];
});

const rowOf = new Map([...ROWS].reverse().map((row) => [row.kind, row]));

/** What happens to a kind in a room, if a context word is near or isn't; nothing if it is null. */
export function severityOf(kind: Kind, room: 'open' | 'case', context: boolean): Severity | null {
  switch (rowOf.get(kind)?.[room]) {
    case 'block':
      return 'block';
    case 'block with context':
      return context ? 'block' : 'warn';
    case 'warn with context':
      return context ? 'warn' : null;
    default:
      return 'warn';
  }
}

const countriesByKind = new Map(
  KINDS.map((kind) => [kind, ROWS.reduce((all, row) => (row.kind === kind ? all | row.countries : all), 0)]),
);

/** The countries that have an identifier of this kind. */
export const countriesWith = (kind: Kind): Countries => countriesByKind.get(kind) ?? 0;
