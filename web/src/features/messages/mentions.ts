/**
 * Mentions as people see them and as the server reads them. While one writes, `@Ana Pop` stands in the field; sent and
 * kept is `@[Ana Pop](person:<id>)`. Pure.
 */

/** Ids by the name under which they stand in the text. */
export type People = ReadonlyMap<string, string>;

const MENTION = /@\[([^\]\\]+)\]\(person:([0-9A-Za-z-]+)\)/g;

/** A name that can stand in a mention: brackets would end it early. */
export const mentionName = (name: string) => name.replace(/[[\]\\]/g, '');

/** A mention as the server reads it. */
export function mentionOf(person: { id: string; name: string }): string {
  return `@[${mentionName(person.name)}](person:${person.id})`;
}

/** The text with names in place of mentions, and who they are. A second person of the same name stays spelled out. */
export function withNames(markup: string, known: People = new Map()): { text: string; people: Map<string, string> } {
  const people = new Map(known);
  const text = markup.replace(MENTION, (whole, name: string, id: string) => {
    if ((people.get(name) ?? id) !== id) return whole;
    people.set(name, id);
    return `@${name}`;
  });
  return { text, people };
}

/** The text with mentions in place of the names of these people. */
export function withMentions(text: string, people: People): string {
  if (people.size === 0) return text;
  const names = [...people.keys()].sort((one, other) => other.length - one.length).map(escaped);
  const named = new RegExp(`(^|[^\\p{L}\\p{N}])@(${names.join('|')})(?![\\p{L}\\p{M}\\p{N}])`, 'gu');
  return text.replace(named, (_, before: string, name: string) => `${before}@[${name}](person:${people.get(name)})`);
}

/** A name that stands for nothing but itself in Markdown. */
export const literal = (name: string) => name.replace(/[\\`*_[\]<~]/g, '\\$&');

const escaped = (name: string) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Marks around words, the outer ones first. */
const AROUND = [/(\*\*|__|~~)(?=\S)(.+?)\1/gs, /(^|[^\p{L}\p{N}\\])([*_])(?=\S)(.+?)\2(?![\p{L}\p{N}])/gsu];

/** What a message says, in one line and without marks: to be read out, or shown where there is little room. */
export function plainText(markdown: string): string {
  return withNames(markdown)
    .text.replace(/^\s*(```|~~~).*$/gm, ' ')
    .replace(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replace(/@\[([^\]]+)\]/g, '@$1')
    .replace(/<(https?:[^>\s]+)>/g, '$1')
    .replace(/`+([^`]+)`+/g, '$1')
    .replace(AROUND[0]!, '$2')
    .replace(AROUND[1]!, '$1$3')
    .replace(/^\s*(?:>\s?|#{1,6}\s+|[-*+]\s+)+/gm, '')
    .replace(/\\([\\`*_{}[\]()#+.!~>-])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
