/** A text as the guard reads it: one sign after the other, whatever script or width it was typed in. */
import { SIGNS } from './tables';

export type Class = 'other' | 'letter' | 'digit' | 'space' | 'line' | 'dash' | 'dot' | 'slash' | 'odd' | 'border' | 'skip' | 'end';

interface Entry {
  /** A digit as ASCII, a letter as the small Latin one it looks like, any other as its class says or as it is. */
  code: string;
  class: Class;
  upper: boolean;
}

export interface Sign extends Entry {
  /** UTF-16 units in the text. */
  start: number;
  end: number;
}

const END: Sign = { code: '', class: 'end', upper: false, start: 0, end: 0 };

const entries = new Map<string, Entry>();

/** `30 2000-200A`: code points and ranges. */
function* points(list: string): Generator<number> {
  for (const part of list.split(' ')) {
    const [from = '', to = from] = part.split('-');
    for (let point = parseInt(from, 16); point <= parseInt(to, 16); point++) yield point;
  }
}

const CANONICAL: Partial<Record<Class, string>> = { space: ' ', line: '\n', dash: '-', dot: '.', slash: '/' };

for (const [kind = '', target = '', first = '', second = ''] of SIGNS) {
  if (kind === 'digit') {
    for (const zero of points(first)) {
      for (let digit = 0; digit < 10; digit++) {
        entries.set(String.fromCodePoint(zero + digit), { code: String(digit), class: 'digit', upper: false });
      }
    }
  } else if (kind === 'letter') {
    for (const [upper, all] of [
      [true, first],
      [false, second],
    ] as const) {
      for (const sign of all) if (sign !== '-') entries.set(sign, { code: target, class: 'letter', upper });
    }
  } else {
    const known = kind === 'sign' ? 'other' : (kind as Class);
    for (const point of points(first)) {
      const sign = String.fromCodePoint(point);
      entries.set(sign, { code: kind === 'sign' ? target : (CANONICAL[known] ?? sign), class: known, upper: false });
    }
  }
}

/** The signs of a text, and what follows its last one. */
export class Signs {
  readonly all: Sign[] = [];

  static of(text: string): Signs {
    const signs = new Signs();
    signs.add(text, 0);
    return signs;
  }

  /** Adds a text that begins so many units from the beginning. */
  add(text: string, base: number): void {
    let start = base;
    for (const typed of text) {
      const { code, class: kind, upper } = entries.get(typed) ?? { code: typed, class: 'other', upper: false };
      if (kind !== 'skip') this.all.push({ code, class: kind, upper, start, end: start + typed.length });
      start += typed.length;
    }
  }

  /** Marks the place between two messages. */
  border(base: number): void {
    this.all.push({ code: '\n', class: 'border', upper: false, start: base, end: base });
  }

  get length(): number {
    return this.all.length;
  }

  /** The sign at a place; one that is nothing before the first and after the last. */
  at(place: number): Sign {
    return this.all[place] ?? END;
  }

  slice(start: number, end: number): Sign[] {
    return this.all.slice(Math.max(start, 0), Math.max(end, 0));
  }

  /** How many signs from `from` on are such, at most so many. */
  count(from: number, is: (sign: Sign) => boolean, most = Infinity): number {
    let count = 0;
    while (count < most && from + count < this.length && is(this.at(from + count))) count++;
    return count;
  }

  /** How many signs before `end` are such, at most so many. */
  countBack(end: number, is: (sign: Sign) => boolean, most = Infinity): number {
    let count = 0;
    while (count < most && end - count > 0 && is(this.at(end - 1 - count))) count++;
    return count;
  }

  text(start: number, end: number): string {
    return this.slice(start, end)
      .map((sign) => sign.code)
      .join('');
  }
}

export const isLetter = (sign: Sign) => sign.class === 'letter';
export const isDigit = (sign: Sign) => sign.class === 'digit';
export const isWord = (sign: Sign) => sign.class === 'letter' || sign.class === 'digit';

/** A text as the guard compares it. */
export function plain(text: string): string {
  const signs = Signs.of(text);
  return signs.text(0, signs.length);
}
