/** What differs between two texts, word by word, and between two practices, field by field. */
import type { PracticeContent } from '../../api/types';

export type Piece = { kind: 'same' | 'gone' | 'new'; text: string };

/** Words and what stands between them. */
const words = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];

/** Longer texts than this are compared as a whole: the table would grow with the square. */
const MOST = 1500;

/** The words of two texts, in one row: what both have, what is gone, what is new (longest common subsequence). */
export function difference(before: string, after: string): Piece[] {
  const [one, other] = [words(before), words(after)];
  let begin = 0;
  while (begin < one.length && begin < other.length && one[begin] === other[begin]) begin += 1;
  let end = 0;
  while (end < one.length - begin && end < other.length - begin && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const middle = between(one.slice(begin, one.length - end), other.slice(begin, other.length - end));
  const same = (list: string[]): Piece[] => (list.length ? [{ kind: 'same', text: list.join('') }] : []);
  return joined([...same(one.slice(0, begin)), ...middle, ...same(one.slice(one.length - end))]);
}

function between(one: string[], other: string[]): Piece[] {
  if (one.length > MOST || other.length > MOST) {
    return [
      { kind: 'gone', text: one.join('') },
      { kind: 'new', text: other.join('') },
    ];
  }
  const width = other.length + 1;
  const length = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      length[i * width + j] =
        one[i] === other[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      pieces.push({ kind: 'same', text: one[i]! });
      i += 1;
      j += 1;
    } else if (i < one.length && (j === other.length || length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) {
      pieces.push({ kind: 'gone', text: one[i]! });
      i += 1;
    } else {
      pieces.push({ kind: 'new', text: other[j]! });
      j += 1;
    }
  }
  return pieces;
}

/** Pieces of a kind that stand beside each other, as one; what is gone before what is new; blanks between them with them. */
function joined(pieces: Piece[]): Piece[] {
  const out: Piece[] = [];
  let [gone, fresh] = ['', ''];
  const flush = () => {
    if (gone) out.push({ kind: 'gone', text: gone });
    if (fresh) out.push({ kind: 'new', text: fresh });
    [gone, fresh] = ['', ''];
  };
  pieces.forEach(({ kind, text }, at) => {
    const next = pieces[at + 1];
    if (kind === 'gone') gone += text;
    else if (kind === 'new') fresh += text;
    else if ((gone || fresh) && !text.trim() && next && next.kind !== 'same') {
      gone += text;
      fresh += text;
    } else {
      flush();
      const last = out.at(-1);
      if (last?.kind === 'same') last.text += text;
      else out.push({ kind, text });
    }
  });
  flush();
  return out.filter((piece) => piece.text);
}

/** The fields of a practice that are compared, in the order of its page. */
export const COMPARED = [
  'title',
  'summary',
  'countries',
  'places',
  'themes',
  'stage',
  'pillar',
  'ages',
  'settings',
  'problem',
  'theory',
  'steps',
  'staff',
  'cost',
  'equipment',
  'participation',
  'safeguarding',
  'inclusion',
  'monitoring',
  'results',
  'limits',
  'side_effects',
  'conditions',
  'sources',
] as const;
export type Compared = (typeof COMPARED)[number];

export interface FieldDifference {
  field: Compared;
  pieces: Piece[];
}

/** A field as a text: a list, a line each. */
export function textOf(content: PracticeContent, field: Compared): string {
  const value = content[field];
  return Array.isArray(value) ? value.join('\n') : (value ?? '');
}

/** The fields in which two practices, or two versions of one, say something else. */
export function differences(before: PracticeContent, after: PracticeContent): FieldDifference[] {
  return COMPARED.filter((field) => textOf(before, field) !== textOf(after, field)).map((field) => ({
    field,
    pieces: difference(textOf(before, field), textOf(after, field)),
  }));
}
