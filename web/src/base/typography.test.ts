import { expect, test } from 'vitest';
import { typeset } from './typography';

test('French signs keep their space on the same line', () => {
  expect(typeset('Aucun résultat pour « {query} »', 'fr')).toBe('Aucun résultat pour «\u00A0{query}\u00A0»');
  expect(typeset('Quitter {name} ?', 'fr')).toBe('Quitter {name}\u202F?');
  expect(typeset('Fermé : lire ; non !', 'fr')).toBe('Fermé\u00A0: lire\u202F; non\u202F!');
});

test('the French apostrophe is the curved one, also in shared tables that were typed with the straight one', () => {
  expect(typeset("Centre d'aide aux victimes", 'fr')).toBe('Centre d’aide aux victimes');
  expect(typeset("national children's line", 'en')).toBe("national children's line");
});

test('other spaces, and other languages, stay as they are', () => {
  expect(typeset('Mots, "expression", in:, from: …', 'fr')).toBe('Mots, "expression", in:, from: …');
  expect(typeset('One : two ?', 'en')).toBe('One : two ?');
});
