import { expect, test } from 'vitest';
import { normalised, read } from './normalise';

test('a number is the same however and wherever it is written', () => {
  for (const text of ['+40 700 000 123', '0040-700-000-123', '0700 000 123', '+40 (0)700 000 123', '＋４０７００００0123'])
    expect(normalised('phone', text, 'RO'), text).toBe('+40700000123');
  expect(normalised('phone', '690 000 0123', 'GR')).toBe('+306900000123');
  for (const text of ['', '700', '0700 000 123 456 789 00', 'call me']) expect(normalised('phone', text, 'RO'), text).toBe('');
  expect(normalised('phone', '0700 000 123', 'FR'), 'of no country that is known').toBe('');
});

test('papers and plates are letters and digits, alike in three scripts', () => {
  for (const text of ['B 1234 KH', 'в-1234-кн', 'Β 1234 ΚΗ', 'b1234kh']) expect(normalised('plate', text, 'BG'), text).toBe('B1234KH');
  expect(normalised('document', ' AB-00 0001 ', 'GR')).toBe('AB000001');
  expect(normalised('document', 'AB', 'GR')).toBe('');
});

test('a name is its words in Latin letters, without marks, in whatever order', () => {
  for (const text of ['Đorđe Ćosić-Primer', 'Ђорђе Ћосић Пример', 'DJORDJE COSIC PRIMER', 'Ćosić-Primer, Đorđe']) expect(normalised('name', text, 'RS'), text).toBe('cosic djordje primer');
  expect(normalised('name', 'Ψάλτης Παράδειγμα', 'GR')).toBe('paradeigma psaltis');
  expect(normalised('name', 'Țuțea Exemplu', 'RO')).toBe('exemplu tutea');
  expect(normalised('name', 'Boss', 'RO'), 'one word is no name').toBe('');
});

test('lines become values, each once, and what can not be read is said by its line', () => {
  expect(read('phone', '0700 000 123\n\nnothing\n+40700000123', 'RO')).toEqual({ values: ['phone:+40700000123'], wrong: [3] });
});
