import { afterEach, expect, it, vi } from 'vitest';
import { uuid } from './uuid';

afterEach(() => void vi.unstubAllGlobals());

it('is a version 4 UUID, another one each time, without what only secure connections have', () => {
  const { crypto } = globalThis;
  vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) });
  const made = Array.from({ length: 50 }, uuid);
  for (const each of made) expect(each).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(made).size).toBe(50);
});
