import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../base/storage';
import { piecesOf } from './marked';
import { rememberTarget, targetOf } from './target';

describe('the language of translations', () => {
  it('is that of the page until the reader chooses another one', () => {
    const store = memoryStore();
    expect(targetOf(store, ['en', 'fr', 'ro'], 'fr')).toBe('fr');
    rememberTarget(store, 'ro');
    expect(targetOf(store, ['en', 'fr', 'ro'], 'fr')).toBe('ro');
  });

  it('is one that is offered', () => {
    const store = memoryStore();
    rememberTarget(store, 'el');
    expect(targetOf(store, ['en', 'ro'], 'fr')).toBe('en');
  });
});

describe('terms of the glossary in a translation', () => {
  const term = (from: string, to: string, kept = true) => ({ from, to, kept });

  it('are marked wherever they stand, the longer one first', () => {
    const terms = [term('dece', 'child'), term('trgovina decom', 'child trafficking')];
    expect(piecesOf('child trafficking harms a child.', terms)).toEqual([
      { text: 'child trafficking', from: 'trgovina decom' },
      { text: ' harms a ' },
      { text: 'child', from: 'dece' },
      { text: '.' },
    ]);
  });

  it('are not marked inside of other words, nor where they were lost', () => {
    expect(piecesOf('children', [term('dece', 'child')])).toEqual([{ text: 'children' }]);
    expect(piecesOf('a child', [term('dece', 'child', false)])).toEqual([{ text: 'a child' }]);
    expect(piecesOf('дететo', [term('child', 'дете')])).toEqual([{ text: 'дететo' }]);
  });
});
