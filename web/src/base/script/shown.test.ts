import { expect, test } from 'vitest';
import { piecesIn, shownIn } from './shown';

test('a text is shown in the script that was chosen', () => {
  expect(shownIn('Жртве трговине децом', 'latin')).toBe('Žrtve trgovine decom');
  expect(shownIn('Žrtve trgovine decom', 'cyrillic')).toBe('Жртве трговине децом');
  expect(shownIn('Žrtve trgovine decom', 'latin')).toBe('Žrtve trgovine decom');
});

test('the neighbours’ texts stay', () => {
  for (const text of ['Трафик на деца', 'Трговија со луѓе', 'Protecția copiilor', 'Mbrojtja e fëmijëve', 'The child']) {
    expect(shownIn(text, 'latin')).toBe(text);
    expect(shownIn(text, 'cyrillic')).toBe(text);
  }
});

test('addresses, mentions, channels and code keep their letters', () => {
  const kept = ['https://primer.example/deca', 'www.primer.rs/deca', 'centar.gov.rs', 'ana.desk@centre.example', '@ana', '#rs-trgovina', '`deca`'];
  for (const word of kept) expect(shownIn(`Nije za decu ${word} već za sve`, 'cyrillic')).toBe(`Није за децу ${word} већ за све`);
  expect(shownIn('Kraj.Dalje je nova rečenica', 'cyrillic')).toBe('Крај.Даље је нова реченица');
});

test('pieces are of the language that they are together', () => {
  const pieces = [{ text: 'Zaštita ', hit: false }, { text: 'deca', hit: true }, { text: ' na granici', hit: false }];
  expect(piecesIn(pieces, 'cyrillic').map((piece) => piece.text)).toEqual(['Заштита ', 'деца', ' на граници']);
  expect(piecesIn(pieces, 'latin')).toBe(pieces);
});
