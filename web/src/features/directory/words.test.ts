import { expect, it } from 'vitest';
import { capital } from './words';

it('begins a line with a capital in any script', () => {
  expect(capital('roumain')).toBe('Roumain');
  expect(capital('ελληνικά')).toBe('Ελληνικά');
  expect(capital('')).toBe('');
});
