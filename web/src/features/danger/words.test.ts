import { expect, it } from 'vitest';
import { dialled, numbersOf } from './words';

it('finds each number and what it is for', () => {
  expect(numbersOf('112; police 129')).toEqual([
    { number: '112', words: '' },
    { number: '129', words: 'police' },
  ]);
  expect(numbersOf('112\u00a0; police\u00a0: 129')).toEqual(numbersOf('112; police 129'));
  expect(numbersOf('+381 11 785 0000')).toEqual([{ number: '+381 11 785 0000', words: '' }]);
});

it('dials without spaces', () => {
  expect(dialled('116 000')).toBe('tel:116000');
});
