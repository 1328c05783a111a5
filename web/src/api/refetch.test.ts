import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refetch } from './refetch';

describe('fetching what is not sent again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes on until it succeeds, each channel by itself', async () => {
    const asked: (string | null)[] = [];
    let reachable = false;
    const refetch = new Refetch((channel) => {
      asked.push(channel);
      return reachable || channel === 'b' ? Promise.resolve() : Promise.reject(new Error('offline'));
    }, 1000);
    refetch.want('a');
    refetch.want('b');
    await vi.advanceTimersByTimeAsync(2500);
    expect(asked).toEqual(['a', 'b', 'a', 'a']);
    reachable = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(['a', 'b', 'a', 'a', 'a']);
  });

  it('ends with the session', async () => {
    const fetch = vi.fn(() => Promise.reject(new Error('offline')));
    const refetch = new Refetch(fetch, 1000);
    refetch.want(null);
    refetch.want('a');
    refetch.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});
