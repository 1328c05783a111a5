import { describe, expect, it } from 'vitest';
import { mentionOf, plainText, withMentions, withNames } from './mentions';

const ANA = '0197f1c2-0000-7000-8000-000000000001';
const OTHER = '0197f1c2-0000-7000-8000-000000000002';

describe('mentions in the field', () => {
  it('are names there, and mentions again when sent', () => {
    const markup = `Dear @[Anca Ionescu](person:${ANA}), see **this**.`;
    const { text, people } = withNames(markup);
    expect(text).toBe('Dear @Anca Ionescu, see **this**.');
    expect(withMentions(text, people)).toBe(markup);
  });

  it('are only of those who were chosen, and of whole names', () => {
    const people = new Map([['Ana', ANA]]);
    expect(withMentions('@Ana @Anastasia mail@Ana @Ion', people)).toBe(`@[Ana](person:${ANA}) @Anastasia mail@Ana @Ion`);
    expect(withMentions('@Ana', new Map())).toBe('@Ana');
  });

  it('know the longer of two names that begin alike', () => {
    const people = new Map([
      ['Ana', ANA],
      ['Ana Pop', OTHER],
    ]);
    expect(withMentions('(@Ana Pop) @Ana', people)).toBe(`(@[Ana Pop](person:${OTHER})) @[Ana](person:${ANA})`);
  });

  it('are not mixed up when two people are called the same', () => {
    const markup = `${mentionOf({ id: ANA, name: 'Ana' })} and ${mentionOf({ id: OTHER, name: 'Ana' })}`;
    const { text, people } = withNames(markup);
    expect(text).toBe(`@Ana and @[Ana](person:${OTHER})`);
    expect(withMentions(text, people)).toBe(markup);
  });

  it('take names as they are, whatever signs are in them', () => {
    const markup = mentionOf({ id: ANA, name: "O'Neill (C.*) [x]" });
    const { text, people } = withNames(markup);
    expect(text).toBe("@O'Neill (C.*) x");
    expect(withMentions(text, people)).toBe(markup);
  });
});

describe('a message in plain words', () => {
  it('has no marks and no ids', () => {
    expect(plainText(`@[Anca Ionescu](person:${ANA}) **see** _this_ ~~old~~ \`code\``)).toBe('@Anca Ionescu see this old code');
    expect(plainText('> quoted\n\n- one\n- two\n\n### head')).toBe('quoted one two head');
    expect(plainText('[the law](https://example.org/x) at <https://example.org>')).toBe('the law at https://example.org');
    expect(plainText('```\nlet x\n```')).toBe('let x');
  });

  it('keeps what only looks like a mark', () => {
    expect(plainText('3 * 4 * 5, snake_case_name, 2*3')).toBe('3 * 4 * 5, snake_case_name, 2*3');
    expect(plainText('not \\*bold\\*')).toBe('not *bold*');
  });
});
