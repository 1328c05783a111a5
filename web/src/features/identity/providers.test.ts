import { beforeAll, expect, test } from 'vitest';
import { useLanguage } from '../../base/i18n.svelte';
import { refusalOnReturn } from './providers';

beforeAll(() => useLanguage('en'));

test('the way back says only what the server may have said', () => {
  expect(refusalOnReturn('provider_expired')).toMatch(/begin again/);
  expect(refusalOnReturn(null)).toBe('');
  for (const other of ['', 'internal', 'suspended', 'toString', '<b>']) expect(refusalOnReturn(other)).toBe('');
});
