import { expect, test } from 'vitest';
import { fold, matches } from './matching';

test('beginnings of words are found, whatever their case and accents', () => {
  expect(matches('Bosnia and Herzegovina', 'her bos')).toBe(true);
  expect(matches('Kosovo*', 'kosovo')).toBe(true);
  expect(matches('Élodie Šaćirbegić', 'sacir')).toBe(true);
  expect(matches('Радостина Белокамова', 'бело')).toBe(true);
  expect(matches('Λυδία Παπαδάκη', 'λυδια')).toBe(true);
  expect(matches('Romania', 'mania')).toBe(false);
  expect(matches('Romania', '')).toBe(true);
});

test('Latin letters find Cyrillic names, and the other way round', () => {
  expect(matches('Жртве трговине људима', 'zrtve')).toBe(true);
  expect(matches('Жртве трговине људима', 'ljud')).toBe(true);
  expect(matches('Žrtve trgovine ljudima', 'жртве љуг')).toBe(false);
  expect(matches('Žrtve trgovine ljudima', 'жртве људ')).toBe(true);
  expect(matches('Закрила на деца: Скопје', 'skopje')).toBe(true);
  expect(matches('Център за закрила', 'centar')).toBe(true);
  expect(matches('Đorđe Ђорђевић', 'djordje djordj')).toBe(true);
});

test('folding is that of the server', () => {
  expect(fold('Њујорк, џеп, ћирилица, ђак')).toBe(fold('Njujork, džep, ćirilica, đak'));
  expect(fold('ușor, fëmijë, İstanbul, ığdır')).toBe('usor, femije, istanbul, igdir');
  expect(fold('Εμπορία ανθρώπων, ΟΔΟΣ')).toBe(fold('εμπορια ανθρωπων, οδος'));
  expect(fold('ЩЪРБ, ﬁle, Œuvre')).toBe('starb, file, oeuvre');
});
