/** The glossary has each of its terms in both scripts, and in the languages of the neighbours. */
import { expect, test } from 'vitest';
import glossary from '../../../../server/vocabulary/glossary.tsv?raw';
import { isSerbian } from './kinship';
import { toCyrillic, toLatin } from './serbian';

const [head, ...rows] = glossary.trim().split('\n').map((line) => line.split('\t'));
const termsOf = (language: string) => rows.map((row) => row[head!.indexOf(language)]!);

test('every Serbian term is the same in the other script, exactly', () => {
  const [latin, cyrillic] = [termsOf('sr-Latn'), termsOf('sr-Cyrl')];
  expect(latin.length).toBeGreaterThan(60);
  expect(latin.map(toCyrillic)).toEqual(cyrillic);
  expect(cyrillic.map(toLatin)).toEqual(latin);
});

test.each(['en', 'fr', 'sq', 'bg', 'mk', 'ro', 'el'])('no term of another language is taken for Serbian: %s', (language) => {
  expect(termsOf(language).filter(isSerbian)).toEqual([]);
});

// A term alone says little: what isn't sure stays as it was written.
test.each([['sr-Latn', 0.8], ['bs', 0.8], ['hr', 0.8], ['sr-Cyrl', 0.45]] as const)('most of their own are recognised: %s', (language, share) => {
  const terms = termsOf(language);
  expect(terms.filter(isSerbian).length / terms.length).toBeGreaterThan(share);
});
