/** E-mail addresses and telephone numbers. */
import type { Countries, Kind } from './finding';
import { type Group, groupsIn } from './numbers';
import { isFree, nationally, planOf, significant } from './phones';
import { type Scan, found } from './reading';
import { type Sign, type Signs, isLetter, isWord, plain } from './signs';
import { CUES } from './tables';

/** The longest local part of an address (RFC 5321). */
const LOCAL = 64;
/** Digits of any international number with its code. */
const LEAST = 9;
const MOST = 15;

/** Local parts of mailboxes that belong to an office and to nobody in person. */
const ROLES = new Set(
  CUES.flatMap(([group, , roles = '']) => (group === 'role' ? roles.split(',').map((role) => plain(role.trim())) : [])),
);

const isSpelledAt = (signs: Signs, at: number) =>
  ['(', '[', '{'].includes(signs.at(at).code) && /^at[)\]}]$/.test(signs.text(at + 1, at + 4));

/** Whether there is an `@`, or somebody wrote `(at)`. */
export function hasAt(signs: Signs): boolean {
  return signs.all.some((sign, at) => sign.code === '@' || isSpelledAt(signs, at));
}

/** Finds e-mail addresses, but those of the directory and of offices. */
export function findEmails(scan: Scan): void {
  const { signs } = scan;
  for (let at = 0; at < signs.length; at++) {
    let [localEnd, domain] = [at, at + 1];
    if (signs.at(at).code !== '@') {
      if (!isSpelledAt(signs, at)) continue;
      domain = at + 4;
      if (signs.at(at - 1).class === 'space') localEnd--;
      if (signs.at(domain).class === 'space') domain++;
    }
    const known = email(signs, localEnd, domain);
    if (!known) continue;
    const local = signs.text(known.start, localEnd);
    if (ROLES.has(local) || scan.setting.allowsEmail(`${local}@${signs.text(domain, known.end)}`)) continue;
    const severity = scan.severity('email', false);
    if (severity) scan.found.push(found('email', severity, known.start, known.end));
  }
}

/** The address whose local part ends before `localEnd` and whose domain begins at `domain`. */
function email(signs: Signs, localEnd: number, domain: number): Group | null {
  const part = (sign: Sign) => isWord(sign) || ['dot', 'dash'].includes(sign.class) || sign.code === '%' || sign.code === '+';
  let start = localEnd - signs.countBack(localEnd, part, LOCAL);
  while (start < localEnd && !isWord(signs.at(start))) start++;
  if (start === localEnd) return null;
  let end: number | null = null;
  for (let label = domain, labels = 1; ; labels++) {
    const length = signs.count(label, (sign) => isWord(sign) || sign.class === 'dash');
    const stop = label + length;
    if (length === 0) break;
    if (labels > 1 && length >= 2 && length <= 24 && signs.slice(label, stop).every(isLetter)) end = stop;
    if (signs.at(stop).class !== 'dot') break;
    label = stop + 1;
  }
  return end === null ? null : { start, end };
}

/** A written number, in signs, its digits, and the countries whose it may be. */
interface Written extends Group {
  digits: string;
  countries: Countries;
}

/** Finds telephone numbers, but hotlines and those of the directory. */
export function findPhones(scan: Scan): void {
  let past = 0;
  const writtenOut: Group[] = [];
  scan.groups.forEach((group, first) => {
    if (group.start < past) return;
    const written = internationally(scan.signs, scan.groups, first) ?? announcedNumber(scan, first);
    if (!written) return;
    const { start, end, digits, countries } = written;
    past = end;
    writtenOut.push({ start, end });
    const number = significant(digits);
    if (isFree(`0${number}`) || isFree(number) || scan.setting.allowsPhone(number)) return;
    const context = scan.announced('phone', start, end);
    const severity = scan.severity('phone', context);
    if (severity) scan.found.push(found('phone', severity, start, end, { countries, context }));
  });
  scan.quiet = scan.quiet.with(writtenOut);
}

/** `+40 …`, `0040 …`: begins with this group. */
function internationally(signs: Signs, groups: Group[], first: number): Written | null {
  const group = groups[first];
  if (!group) return null;
  const plus = [1, 2].find(
    (back) =>
      group.start >= back &&
      signs.at(group.start - back).code === '+' &&
      signs.slice(group.start + 1 - back, group.start).every((sign) => sign.class === 'space'),
  );
  const zeros = group.end - group.start >= 2 && signs.text(group.start, group.start + 2) === '00';
  if (plus === undefined && (!zeros || isWord(signs.at(group.start - 1)))) return null;
  const skipped = plus === undefined ? '00' : '';
  const number = longest(signs, groups, first, (all) => {
    if (!all.startsWith(skipped) || all.length - skipped.length < LEAST) return false;
    const digits = all.slice(skipped.length);
    const plan = planOf(digits);
    if (!plan) return plus !== undefined && digits.length <= MOST && !digits.startsWith('0');
    const rest = digits.slice(plan.code.length);
    return rest.length >= 7 && rest.length <= 10 && !rest.startsWith('0');
  });
  if (!number) return null;
  const bare = number.digits.slice(skipped.length);
  return { start: group.start - (plus ?? 0), end: number.end, digits: `+${bare}`, countries: planOf(bare)?.country ?? 0 };
}

/** As it is dialled in its country; only where a word announces it. */
function announcedNumber(scan: Scan, first: number): Written | null {
  const group = scan.groups[first];
  if (!group || isLetter(scan.signs.at(group.start - 1)) || !scan.announced('phone', group.start, group.end)) return null;
  const number = longest(scan.signs, scan.groups, first, (digits) => nationally(digits) !== 0);
  if (!number || scan.quiet.meet(group.start, number.end)) return null;
  return { start: group.start, ...number, countries: nationally(number.digits) };
}

/** The longest number from this group on that fits. */
function longest(signs: Signs, groups: Group[], first: number, fits: (digits: string) => boolean) {
  let digits = '';
  let found: { digits: string; end: number } | null = null;
  for (let at = first; at < groups.length; at++) {
    const { start, end } = groups[at] ?? { start: 0, end: 0 };
    const gap = at === first ? [] : signs.slice(groups[at - 1]?.end ?? 0, start);
    if (digits.length + end - start > MOST + 2 || gap.length > 3 || !gap.every(isBetween)) break;
    // `+381 (0)11 …`: the zero isn't dialled from abroad.
    const bracketed = end - start === 1 && gap.at(-1)?.code === '(' && digits !== '';
    if (!bracketed) digits += signs.text(start, end);
    if (fits(digits)) found = { digits, end };
  }
  return found;
}

const isBetween = (sign: Sign) =>
  ['space', 'dash', 'dot', 'slash', 'border'].includes(sign.class) || sign.code === '(' || sign.code === ')';

/** Whether the whole text is an address or a number with the code of one of the eleven countries; null for other kinds. */
export function contactHolds(kind: Kind, signs: Signs): boolean | null {
  if (kind === 'email') {
    const at = signs.all.findIndex((sign) => sign.code === '@');
    const known = at < 0 ? null : email(signs, at, at + 1);
    return known?.start === 0 && known.end === signs.length;
  }
  if (kind !== 'phone') return null;
  const written = internationally(signs, groupsIn(signs), 0);
  return written?.start === 0 && written.end === signs.length && written.countries !== 0;
}
