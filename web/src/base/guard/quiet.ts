/** Numbers that are no identifiers, whatever their digits: dates, versions, books, places in addresses of pages. */
import type { Dated } from './days';
import type { Group } from './numbers';
import type { Sign, Signs } from './signs';
import { Spans } from './spans';
import type { Hit } from './words';

/** Lengths of the parts of a UUID (RFC 9562). */
const UUID = [8, 4, 4, 4, 12];
/** How far a word like ISBN reaches, in signs. */
const BOOK = 24;

/** Where no identifier is looked for unless a word announces it. */
export function quietIn(signs: Signs, groups: Group[], dates: Dated[], hits: Hit[]): Spans {
  const quiet: Group[] = [...dates];
  for (const hit of hits) if (hit.word.group === 'book') quiet.push({ start: hit.start, end: hit.end + BOOK });
  groups.forEach((group, at) => {
    // `#1234567890`: a ticket.
    if (signs.at(group.start - 1).code === '#') quiet.push(group);
    const book = isbn(signs, groups, at);
    if (book) quiet.push(book);
  });
  for (let at = 0; at < signs.length; at++) {
    const one = uuid(signs, at);
    if (one) quiet.push(one);
  }
  return new Spans(quiet);
}

/** ISBN-13 with its check digit (ISO 2108). */
function isbn(signs: Signs, groups: Group[], first: number): Group | null {
  const { start: from = 0, end: to = 0 } = groups[first] ?? {};
  if (to - from > 13 || !/^97[89]/.test(signs.text(from, Math.min(to, from + 3)))) return null;
  let digits = '';
  for (let at = first; at < groups.length; at++) {
    const { start, end } = groups[at] ?? { start: 0, end: 0 };
    if (at > first) {
      const before = groups[at - 1]?.end ?? 0;
      if (start - before !== 1 || !['dash', 'space'].includes(signs.at(before).class)) return null;
    }
    digits += signs.text(start, end);
    if (digits.length > 13) return null;
    if (digits.length === 13) {
      const sum = [...digits].reduce((all, digit, place) => all + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
      return sum % 10 === 0 ? { start: from, end } : null;
    }
  }
  return null;
}

const isHexadecimal = (sign: Sign) => /^[0-9a-f]$/.test(sign.code);

function uuid(signs: Signs, start: number): Group | null {
  if (signs.at(start + 8).class !== 'dash' || isHexadecimal(signs.at(start - 1))) return null;
  let end = start;
  for (const [part, length] of UUID.entries()) {
    if (part > 0 && signs.at(end++).class !== 'dash') return null;
    if (signs.count(end, isHexadecimal, length) < length) return null;
    end += length;
  }
  return { start, end };
}

/** The paths and fragments of addresses of pages; what is asked of a page, after `?`, is a text like any other. */
export function pathsIn(signs: Signs): Spans {
  const found: Group[] = [];
  const goesOn = (sign: Sign) => !['space', 'line', 'border'].includes(sign.class) && !['<', '>', '"', ')', ']'].includes(sign.code);
  for (let at = 0; at + 3 <= signs.length; at++) {
    if (signs.at(at).code !== ':' || signs.at(at + 1).class !== 'slash' || signs.at(at + 2).class !== 'slash') continue;
    const end = at + 3 + signs.count(at + 3, goesOn);
    let [path, start] = [true, at];
    for (let place = at + 3; place < end; place++) {
      const { code } = signs.at(place);
      if (code === '?' && path) {
        found.push({ start, end: place });
        path = false;
      } else if (code === '#' && !path) {
        [path, start] = [true, place];
      }
    }
    if (path) found.push({ start, end });
    at = end - 1;
  }
  return new Spans(found);
}
