import { expect, test } from 'vitest';
import { fromBytes, isBareAddress, toBytes } from './passkeys';

test('bytes come back as they were', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  const text = fromBytes(bytes.buffer);
  expect(text).toMatch(/^[\w-]+$/);
  expect([...toBytes(text)]).toEqual([...bytes]);
});

test('a passkey is bound to a name, not to a bare address', () => {
  expect(['127.0.0.1', '192.0.2.1', '[::1]'].map(isBareAddress)).toEqual([true, true, true]);
  expect(['localhost', 'egida.example', '1.egida.example'].map(isBareAddress)).toEqual([false, false, false]);
});
