import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Entry = string | Record<string, string>;

const folder = new URL('.', import.meta.url);
const catalogues = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    language: name.replace('.json', ''),
    entries: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, Entry>,
  }));
const english = catalogues.find((each) => each.language === 'en')!.entries;

const forms = (entry: Entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));
const parameters = (entry: Entry) => [...new Set(forms(entry).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

test('every language has every text', () => {
  for (const { language, entries } of catalogues) expect(Object.keys(entries), language).toEqual(Object.keys(english));
});

test('no text is empty, and each names the same parameters as the English one', () => {
  for (const { language, entries } of catalogues) {
    for (const [key, entry] of Object.entries(entries)) {
      expect(forms(entry).every((text) => text.trim()), `${language}: ${key}`).toBe(true);
      expect(parameters(entry), `${language}: ${key}`).toEqual(parameters(english[key]!));
    }
  }
});

test('what is counted has the plural forms of the language', () => {
  for (const { language, entries } of catalogues) {
    // French "many" is for millions of things: nobody has so many here, and `other` stands in.
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.filter((form) => form !== 'many' || language !== 'fr');
    for (const [key, entry] of Object.entries(entries)) {
      if (typeof entry !== 'string') expect(Object.keys(entry).sort(), `${language}: ${key}`).toEqual([...wanted].sort());
    }
  }
});

test('French keeps a space before its double signs', () => {
  const french = catalogues.find((each) => each.language === 'fr')!.entries;
  const wrong = Object.entries(french).filter(([, entry]) => forms(entry).some((text) => /\p{L}[?!;](\s|$)|«\p{L}|\p{L}»/u.test(text)));
  expect(wrong.map(([key]) => key)).toEqual([]);
});
