import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allEmoji, findEmoji } from './emoji';

const folder = new URL('../../../messages/emoji/', import.meta.url);
const files = readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))] as const);

test('every language names the same emoji, in the same order', () => {
  const languages = readdirSync(new URL('..', folder)).filter((name) => name.endsWith('.json'));
  expect(files.map(([name]) => name)).toEqual(languages);
  const [, first] = files[0]!;
  for (const [name, names] of files) {
    expect(Object.keys(names), name).toEqual(Object.keys(first));
    const labels = Object.values<string>(names).map((all) => all.split(' ')[0]);
    expect(new Set(labels).size, name).toBe(labels.length);
  }
});

test('an emoji is found by its name in the reader’s language, without accents, and by the English one', async () => {
  const french = await allEmoji('fr');
  const chars = (query: string) => findEmoji(french, query).map(({ char }) => char);
  expect(chars('ecole')[0]).toBe('🏫');
  expect(chars("d'accord")[0]).toBe('👍');
  expect(chars('pouce levé')[0]).toBe('👍');
  expect(chars(':coeur:')).toContain('❤️');
  expect(chars('thumbs')[0]).toBe('👍');
  expect(french.find(({ char }) => char === '👍')!.label).toBe('pouce levé');
  expect(chars('nichts')).toEqual([]);
});

test('in English only the English names are searched', async () => {
  expect(findEmoji(await allEmoji('en'), 'pouce')).toEqual([]);
});

test('what begins with the query comes before what contains it', async () => {
  const english = await allEmoji('en');
  expect(findEmoji(english, 'heart').map(({ char }) => char).slice(0, 2)).toEqual(['❤️', '🫶']);
  expect(findEmoji(english, 'heart')[0]?.char).toBe('❤️');
  expect(findEmoji(english, ':smile')[0]?.char).toBe('🙂');
  expect(findEmoji(english, 'nothing like it')).toEqual([]);
});
