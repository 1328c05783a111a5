/** Abbreviations of the field in a text: the first time each stands there. Pure; the words come from the server's vocabulary. */
import type { Found } from './marking';

/** What can be an abbreviation: two or more capitals, also in two parts (SA THB). */
const CAPITALS = /[A-Z]{2}/;

/** One expression for all forms, the longest first, between anything that is no letter and no digit. */
export function patternOf(forms: string[]): RegExp | null {
  if (!forms.length) return null;
  const longest = [...forms].sort((one, other) => other.length - one.length);
  const escaped = longest.map((form) => form.replace(/[-\s]/g, '[-\\s\\u00a0]'));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_]|-\\p{L})`, 'gu');
}

/** The abbreviations in a text, each form once; `seen` holds those that were marked before. */
export function findIn(text: string, pattern: RegExp, forms: Set<string>, seen: Set<string>): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(pattern)) {
    const spaced = match[0].replace(/[\u00a0\s]/g, ' ');
    const form = forms.has(spaced) ? spaced : spaced.replace(/-/g, ' ');
    if (!forms.has(form) || seen.has(form)) continue;
    seen.add(form);
    found.push({ at: match.index, text: match[0], form });
  }
  return found;
}

/** Whether a text may hold an abbreviation at all. */
export const mayAbbreviate = (text: string) => CAPITALS.test(text);
