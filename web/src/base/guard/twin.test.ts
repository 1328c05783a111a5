import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Finding, type Setting, joined, mask, passes, scan } from './guard';
import { NATIONAL_IDS } from './tables';

const today = { year: 2026, month: 11, day: 28 };
const setting: Setting = { room: 'open', today, emails: ['ana.directory@demo.egida.example'], phones: ['+381 11 000 00 01'] };

/** What `cargo run -p egida-guard --example twin` printed: as it is kept here, or as many lines as a longer run made. */
const lines = process.env.EGIDA_GUARD_TWIN ?? new URL('./twin.jsonl', import.meta.url);

const shown = (one: Omit<Finding, 'start' | 'end'>, place: unknown) => [one.kind, one.countries, one.severity, place, one.offer];

/** What this side finds, in the shape of the other's line. */
function answer([first, room]: [string | string[], boolean]): unknown[] {
  if (typeof first !== 'string') return [first, joined(first, setting).map((one) => shown(one, one.parts))];
  const found = scan(first, { ...setting, room: room ? 'case' : 'open' });
  return [first, room, found.map((one) => shown(one, [one.start, one.end])), mask(first, found)];
}

describe('the guard in the browser', () => {
  it('judges every example of the table as the table says', () => {
    const columns = { valid_1: true, valid_2: true, invalid_1: false, invalid_2: false };
    for (const row of NATIONAL_IDS) {
      for (const [column, holds] of Object.entries(columns)) {
        expect(passes(row('id'), row(column), today), `${row('id')} ${column} ${row(column)}`).toBe(holds);
      }
    }
    expect(NATIONAL_IDS).toHaveLength(44);
  });

  it('finds what the server finds, sign for sign', { timeout: 300_000 }, () => {
    const expected = readFileSync(lines, 'utf8').trimEnd().split('\n');
    const apart = expected.filter((line) => JSON.stringify(answer(JSON.parse(line))) !== line);
    const first = apart.slice(0, 5).map((line) => `server ${line}\nbrowser ${JSON.stringify(answer(JSON.parse(line)))}`);
    expect(apart.length, `${apart.length} of ${expected.length} differ:\n${first.join('\n')}`).toBe(0);
    expect(expected.length).toBeGreaterThan(800);
  });
});
