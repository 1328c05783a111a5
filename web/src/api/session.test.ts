import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Me } from './types';

const line = vi.hoisted(() => ({ asked: 0, known: true }));
vi.mock('./client', () => ({
  Problem: class Problem extends Error {},
  whenSignedOut: () => {},
  api: {
    get: async () => {
      line.asked += 1;
      return { id: 'ana' };
    },
    delete: async () => {},
  },
}));
const { session } = await import('./session.svelte');

describe('a session', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    session.enter({ id: 'ana' } as Me);
    line.asked = 0;
    return () => vi.useRealTimers();
  });

  it('is kept alive by writing, with one request a minute', () => {
    session.touch();
    expect(line.asked).toBe(0);
    for (let second = 0; second < 150; second += 1) {
      vi.advanceTimersByTime(1000);
      session.touch();
    }
    expect(line.asked).toBe(2);
  });

  it('that ended by itself says so until somebody signs in', () => {
    session.ended();
    session.ended();
    expect([session.me, session.expired]).toEqual([null, true]);
    session.enter({ id: 'ana' } as Me);
    expect(session.expired).toBe(false);
  });

  it('knows what signing out would delete, and deletes it', async () => {
    const forgotten: string[] = [];
    session.whenLeaving((account) => forgotten.push(account), () => 2);
    session.whenLeaving((account) => forgotten.push(account));
    expect(session.unsaved).toBe(2);
    await session.leave();
    expect([forgotten, session.unsaved, session.expired]).toEqual([['ana', 'ana'], 0, false]);
  });
});
