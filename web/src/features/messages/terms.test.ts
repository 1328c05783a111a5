import { expect, it } from 'vitest';
import type { Concept } from '../../api/types';
import { indexOf, isForm, languagesOf, termsIn } from './terms';

const concept = (id: string, terms: Record<string, string>) =>
  ({ id, terms, confidence: 'high', note: null, changed: [], changed_at: null }) as Concept;

const concepts = [
  concept('child-trafficking', {
    en: 'child trafficking',
    fr: 'traite des enfants',
    hr: 'trgovanje djecom',
    'sr-Latn': 'trgovina decom',
    'sr-Cyrl': 'трговина децом',
    bg: 'трафик на деца',
    ro: 'trafic de copii',
    el: 'εμπορία παιδιών',
  }),
  concept('child', { en: 'child', fr: 'enfant', bg: 'дете', ro: 'copil' }),
  concept('guardian', { en: 'guardian', fr: 'tuteur', 'sr-Latn': 'staratelj', 'sr-Cyrl': 'старатељ', bg: 'настойник' }),
  concept('prosecutor', { en: 'prosecutor', fr: 'procureur', bg: 'прокурор' }),
  concept('exploitation', { en: 'sexual exploitation', fr: 'exploitation sexuelle' }),
];
const found = (text: string, reader = 'en', seen = new Set<string>()) =>
  termsIn(text, indexOf(concepts, reader), seen).map((each) => [each.form, each.text]);

it('finds a term in its cases, its script and without its marks', () => {
  expect(found('Протокол за трафика на деца, с приложение')).toEqual([['child-trafficking', 'трафика на деца']]);
  expect(found('Случај трговине децом')).toEqual([['child-trafficking', 'трговине децом']]);
  expect(found('borba protiv trgovine decom')).toEqual([['child-trafficking', 'trgovine decom']]);
  expect(found('Η ΕΜΠΟΡΙΑ ΠΑΙΔΙΩΝ')).toEqual([['child-trafficking', 'ΕΜΠΟΡΙΑ ΠΑΙΔΙΩΝ']]);
  expect(found('întâlnire cu настойника')).toEqual([['guardian', 'настойника']]);
});

it('explains nothing that the reader calls the same', () => {
  expect(found('child trafficking and sexual exploitation')).toEqual([]);
  expect(found('child trafficking', 'fr')).toEqual([['child-trafficking', 'child trafficking']]);
  expect(found('la traite des enfants', 'fr')).toEqual([]);
});

it('leaves short words alone, and words that only begin alike', () => {
  expect(found('дете, copil, enfant')).toEqual([]);
  expect(found('prosecution and procureure', 'el')).toEqual([['prosecutor', 'procureure']]);
  expect(found('prosecutions', 'fr')).toEqual([]);
  expect(found('trafic de droguri; trafic. De copii')).toEqual([]);
});

it('marks each concept once, over all texts of a message', () => {
  const seen = new Set<string>();
  expect(found('trafic de copii, trafic de copii', 'en', seen)).toHaveLength(1);
  expect(found('трафик на деца', 'en', seen)).toEqual([]);
});

it('says where each stands', () => {
  const [first] = termsIn('vs. trgovanju djecom!', indexOf(concepts, 'en'), new Set());
  expect(first).toEqual({ at: 4, text: 'trgovanju djecom', form: 'child-trafficking' });
});

it('knows endings of two letters', () => {
  for (const [written, word] of [['decom', 'decom'], ['trafika', 'trafik'], ['trgovini', 'trgovina'], ['decomm', 'decom']] as const) {
    expect(isForm(written, word), written).toBe(true);
  }
  for (const [written, word] of [['nada', 'na'], ['radnik', 'rad'], ['prosecution', 'prosecutor'], ['trgovinskog', 'trgovina']] as const) {
    expect(isForm(written, word), written).toBe(false);
  }
});

it('names the languages that say so', () => {
  expect(languagesOf(concepts[0]!, 'трговине децом')).toEqual(['sr-Cyrl']);
  expect(languagesOf(concepts[2]!, 'staratelja')).toEqual(['sr-Latn']);
});
