/** Texts that can be shown without what was found in them. */
import type { Finding } from './finding';

/** Lengths of what is hidden, in characters, and what stands instead: enough to tell a name from a number. */
const dots = (length: number) => '•'.repeat(length <= 5 ? 3 : length <= 12 ? 6 : 9);

/** The text with every value replaced. Words that are only advised against stay. */
export function mask(text: string, findings: Finding[]): string {
  const spans = findings
    .filter((finding) => finding.severity !== 'suggest')
    .map(({ start, end }) => ({ start, end }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let masked = '';
  let shown = 0;
  for (let at = 0; at < spans.length; ) {
    let { start, end } = spans[at] ?? { start: 0, end: 0 };
    for (at++; (spans[at]?.start ?? Infinity) <= end; at++) end = Math.max(end, spans[at]?.end ?? 0);
    masked += text.slice(shown, start) + dots([...text.slice(start, end)].length);
    shown = end;
  }
  return masked + text.slice(shown);
}
