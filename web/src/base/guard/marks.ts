/** Marks of classified information, and words that the field advises against. */
import type { Countries, Severity } from './finding';
import { type Found, type Scan, found } from './reading';
import { type Sign, type Signs, isLetter, isWord } from './signs';
import { before } from './spans';
import { type Hit, spansOf } from './words';

/** Finds marks and words. */
export function findMarks(scan: Scan): void {
  const { hits, signs } = scan;
  const is = (group: Hit['word']['group']) => spansOf(hits, (word) => word.group === group);
  const alike = { mark: is('mark'), term: is('term') };
  let lines: Lines | null = null;
  const more: Found[] = [];
  for (const hit of hits) {
    const { word, start, end } = hit;
    if (word.group !== 'mark' && word.group !== 'term') continue;
    // Within a longer one of its kind.
    if (alike[word.group].reach(start) >= end || alike[word.group].reach(start + 1) > end) continue;
    const severity = word.group === 'term' ? 'suggest' : markSeverity(signs, hit, (lines ??= new Lines(signs)));
    const kind = word.group === 'term' ? 'term' : 'classified';
    const beside = more.slice(before(more, start, (one) => one.start));
    if (!severity || beside.some((other) => other.kind === kind && other.end === end)) continue;
    const countries = kind === 'term' ? 0 : whose(hits, hit);
    more.push(found(kind, severity, start, end, { countries, offer: kind === 'term' ? word.key : null }));
  }
  scan.found.push(...more);
}

/** Every country that marks so. */
function whose(hits: Hit[], { start, end }: Hit): Countries {
  let all: Countries = 0;
  for (let at = before(hits, start, (hit) => hit.start); hits[at]?.start === start; at++) {
    const other = hits[at];
    if (other?.word.group === 'mark' && other.end === end) all |= other.word.countries;
  }
  return all;
}

/** Where lines end, and how many signs of a kind stand before each sign. */
class Lines {
  private readonly breaks: number[] = [];
  /** Letters and digits. */
  readonly words: number[];
  /** The same and `=`. */
  readonly said: number[];
  readonly small: number[];

  constructor(private readonly signs: Signs) {
    signs.all.forEach((sign, at) => {
      if (sign.class === 'line' || sign.class === 'border') this.breaks.push(at);
    });
    this.words = counts(signs, isWord);
    this.said = counts(signs, (sign) => isWord(sign) || sign.code === '=');
    this.small = counts(signs, isSmall);
  }

  /** Where the line begins in which something starts, and where the one ends in which it does. */
  around(start: number, end: number): [start: number, end: number] {
    const place = (at: number) => at;
    const last = this.breaks[before(this.breaks, start, place) - 1];
    return [last === undefined ? 0 : last + 1, this.breaks[before(this.breaks, end, place)] ?? this.signs.length];
  }
}

/** For each sign and the end how many such stand before it. */
function counts(signs: Signs, is: (sign: Sign) => boolean): number[] {
  let count = 0;
  return [0, ...signs.all.map((sign) => (count += is(sign) ? 1 : 0))];
}

const isSmall = (sign: Sign) => isLetter(sign) && !sign.upper;

/**
 * What a mark weighs: it blocks where it heads a line or stands in a line of capitals, as on a document. Within a
 * sentence it warns; in small letters it is a word like others.
 */
function markSeverity(signs: Signs, hit: Hit, lines: Lines): Severity | null {
  const own = signs.slice(hit.start, hit.end);
  if (own.some(isSmall)) return null;
  const [start, end] = lines.around(hit.start, hit.end);
  const none = (counts: number[], from: number, to: number) => counts[from] === counts[to];
  const outside = (counts: number[]) => none(counts, start, hit.start) && none(counts, hit.end, end);
  if (outside(lines.said)) return 'block';
  // A mark that is also a common word is one only where nothing else stands.
  if (hit.word.alone) return null;
  const capitals = outside(lines.small);
  const words = !own.every(isLetter);
  const heads = none(lines.words, start, hit.start);
  const [next, second] = [signs.at(hit.end), signs.at(hit.end + 1)];
  const parted = next.class === 'odd' || (next.class === 'space' && second.class !== 'end' && !isWord(second));
  return (capitals && words) || (heads && parted) ? 'block' : 'warn';
}
