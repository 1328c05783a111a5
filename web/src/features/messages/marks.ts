/** What the guard has found in a field, kept in its place while one writes on. Pure. */
import type { Finding } from '../../base/guard';

/** Something found, with a number of its own for as long as it stands there. */
export interface Mark extends Finding {
  id: number;
}

/** Marks and the text that they belong to. */
export interface Marked {
  text: string;
  marks: Mark[];
}

const LETTER = /[\p{L}\p{M}\p{N}_]/u;
const isLetter = (sign: string | undefined) => sign !== undefined && LETTER.test(sign);

/** The same marks in a text that was changed: those behind the change move along, those that it touches go. */
export function carried(was: Marked, after: string): Marked {
  const { text: before, marks } = was;
  if (before === after) return was;
  const room = Math.min(before.length, after.length);
  let from = 0;
  while (from < room && before[from] === after[from]) from += 1;
  let same = 0;
  while (same < room - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  const until = before.length - same;
  const moved = after.length - before.length;
  const kept = marks.flatMap((mark): Mark[] => {
    const at = mark.end <= from ? 0 : mark.start >= until ? moved : null;
    if (at === null) return [];
    const [start, end] = [mark.start + at, mark.end + at];
    // A word that goes on at either side is another word.
    const grown = (mark.end === from && isLetter(after[end])) || (mark.start === until && isLetter(after[start - 1]));
    return grown ? [] : [{ ...mark, start, end }];
  });
  return { text: after, marks: kept };
}

/** What a reading of the text has found; what stood there before keeps its number, others take theirs from `next` on. */
export function numbered(findings: Finding[], before: Mark[], next: number): Mark[] {
  let number = next;
  return findings.map((finding) => {
    const known = before.find((mark) => mark.kind === finding.kind && mark.start === finding.start);
    return { ...finding, id: known?.id ?? number++ };
  });
}

/** The mark in which the caret stands, or the selection lies. */
export function markAt(marks: Mark[], start: number, end: number): Mark | null {
  return marks.find((mark) => mark.start <= start && end <= mark.end) ?? null;
}

/** The next mark behind a selection, or the one before it; around the end it goes on from the other side. */
export function neighbour(marks: Mark[], start: number, end: number, back: boolean): Mark | null {
  const order = [...marks].sort((one, other) => one.start - other.start);
  if (back) return order.findLast((mark) => mark.end <= start && mark.start < start) ?? order.at(-1) ?? null;
  const here = markAt(order, start, end);
  return order.find((mark) => (here ? mark.start > here.start : mark.start >= end)) ?? order[0] ?? null;
}
