/** Marks of classified information, and words that the field advises against. */
import type { Severity } from './finding';
import { type Found, type Scan, found } from './reading';
import { type Sign, isLetter, isWord } from './signs';
import type { Hit } from './words';

/** Finds marks and words. */
export function findMarks(scan: Scan): void {
  const { hits } = scan;
  const more: Found[] = [];
  for (const hit of hits) {
    const { word, start, end } = hit;
    if (word.group !== 'mark' && word.group !== 'term') continue;
    const longer = hits.some(
      (other) =>
        other.word.group === word.group && other.start <= start && end <= other.end && other.end - other.start > end - start,
    );
    if (longer) continue;
    const severity = word.group === 'term' ? 'suggest' : markSeverity(scan, hit);
    const kind = word.group === 'term' ? 'term' : 'classified';
    if (!severity || more.some((other) => other.kind === kind && other.start === start && other.end === end)) continue;
    // Every country that marks so.
    const same = hits.filter((other) => other.word.group === 'mark' && other.start === start && other.end === end);
    const countries = kind === 'term' ? 0 : same.reduce((all, other) => all | other.word.countries, 0);
    more.push(found(kind, severity, start, end, { countries, offer: kind === 'term' ? word.key : null }));
  }
  scan.found.push(...more);
}

/**
 * What a mark weighs: it blocks where it heads a line or stands in a line of capitals, as on a document. Within a
 * sentence it warns; in small letters it is a word like others.
 */
function markSeverity({ signs }: Scan, hit: Hit): Severity | null {
  const small = (sign: Sign) => isLetter(sign) && !sign.upper;
  const own = signs.slice(hit.start, hit.end);
  if (own.some(small)) return null;
  const goesOn = (sign: Sign) => sign.class !== 'line' && sign.class !== 'border';
  const before = signs.slice(hit.start - signs.countBack(hit.start, goesOn), hit.start);
  const outside = [...before, ...signs.slice(hit.end, hit.end + signs.count(hit.end, goesOn))];
  if (!outside.some((sign) => isWord(sign) || sign.code === '=')) return 'block';
  // A mark that is also a common word is one only where nothing else stands.
  if (hit.word.alone) return null;
  const capitals = !outside.some(small);
  const words = !own.every(isLetter);
  const heads = !before.some(isWord);
  const [next, second] = [signs.at(hit.end), signs.at(hit.end + 1)];
  const parted = next.class === 'odd' || (next.class === 'space' && second.class !== 'end' && !isWord(second));
  return (capitals && words) || (heads && parted) ? 'block' : 'warn';
}
