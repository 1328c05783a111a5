import { describe, expect, it, vi } from 'vitest';
import type { Completion } from './completion.svelte';
import { isPendingIn, obstacleText, takesKey } from './sending';

const key = (name: string, change: Partial<KeyboardEvent> = {}) => ({ key: name, ...change }) as KeyboardEvent;
const closed = { open: false } as Completion;

describe('keys in the composer', () => {
  it('send with Enter at a desk', () => {
    expect(takesKey(key('Enter'), closed, false)).toBe('send');
    expect(takesKey(key('Enter', { shiftKey: true }), closed, false)).toBeNull();
  });

  it('break the line with Enter on glass, where there is a button to send', () => {
    expect(takesKey(key('Enter'), closed, true)).toBeNull();
    expect(takesKey(key('Enter', { ctrlKey: true }), closed, true)).toBe('send');
  });

  it('choose what is offered with Enter everywhere', () => {
    const offering = { open: true, move: vi.fn() } as unknown as Completion;
    expect(takesKey(key('Enter'), offering, true)).toBe('accept');
  });
});

it('an empty message says why it does not go, once it was tried', () => {
  expect(obstacleText('empty', 0, false)).toBe('');
  expect(obstacleText('empty', 0, true)).toBe('chat_send_empty');
});

describe('a message on its way', () => {
  it('is shown in its channel and in its topic', () => {
    const item = { channel: 'c', topic: 't', new_topic: null };
    expect([isPendingIn(item, 'c', null), isPendingIn(item, 'c', 't'), isPendingIn(item, 'c', 'u')]).toEqual([true, true, false]);
  });

  it('that begins a topic is shown in no other topic', () => {
    const item = { channel: 'c', topic: null, new_topic: 'Fresh' };
    expect([isPendingIn(item, 'c', null), isPendingIn(item, 'c', 't')]).toEqual([true, false]);
  });

  it('goes along when its topic was moved', () => {
    expect(isPendingIn({ channel: 'old', topic: 't', new_topic: null }, 'new', 't')).toBe(true);
  });
});
