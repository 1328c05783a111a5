/** What a text is measured by: where it is to stand, what day it is, and which addresses are everybody's. */
import { digitsOf, numbersIn, significant } from './phones';
import { plain } from './signs';
import { COUNTRIES } from './tables';

/** A day of the Gregorian calendar, in UTC; months and days from 1. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

export interface Setting {
  /** Where the text is to stand: a channel, or a case room. */
  room: 'open' | 'case';
  today: Day;
  /** Those of the directory pass, in whatever way they are written. */
  emails?: Iterable<string>;
  phones?: Iterable<string>;
}

const HOTLINES = new Set(
  COUNTRIES.flatMap((row) =>
    ['emergency', 'child_helpline', 'child_helpline_operator', 'trafficking_hotline', 'trafficking_hotline_operator'].flatMap((column) =>
      numbersIn(row(column)),
    ),
  ),
);

/** A setting, ready for use. */
export class Known {
  readonly room: 'open' | 'case';
  readonly today: Day;
  private readonly emails: Set<string>;
  private readonly phones: Set<string>;

  constructor(setting: Setting) {
    this.room = setting.room;
    this.today = setting.today;
    this.emails = new Set([...(setting.emails ?? [])].map(plain));
    this.phones = new Set([...(setting.phones ?? [])].map((number) => significant(digitsOf(number))));
  }

  allowsEmail(address: string): boolean {
    return this.emails.has(address);
  }

  /** `number`: as `significant` gives it. */
  allowsPhone(number: string): boolean {
    return this.phones.has(number) || HOTLINES.has(number);
  }
}

const order = (a: Day) => a.year * 10_000 + a.month * 100 + a.day;

/** Whether the first day is the second or one before it. */
export const notAfter = (a: Day, b: Day) => order(a) <= order(b);
