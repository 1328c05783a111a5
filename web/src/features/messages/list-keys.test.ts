import { afterEach, expect, test, vi } from 'vitest';
import { singleKeys } from '../../base/keyboard.svelte';
import type { Conversation } from './conversation.svelte';
import { walk } from './list-keys';

const message = { id: 'm', deleted: false };
const button = { click: vi.fn() };
const row = {
  dataset: { key: 'm' },
  matches: () => true,
  closest: () => null,
  querySelector: () => button,
};
const rows = { querySelectorAll: () => [row] } as unknown as HTMLElement;

function talkOf(member: boolean) {
  return {
    timeline: { messages: [message] },
    channel: { member },
    mayPost: true,
    mayEdit: () => true,
    mayRemove: () => true,
    markUnread: vi.fn(() => Promise.resolve()),
    quoting: null,
    editing: null,
    asking: null,
  };
}
const press = (key: string, talk = talkOf(true)) => {
  const event = { key, target: row, ctrlKey: false, metaKey: false, altKey: false } as unknown as KeyboardEvent;
  return { handled: walk(event, talk as unknown as Conversation, { rows, oncompose: () => {} }), talk };
};

afterEach(() => {
  singleKeys.allowed = true;
  button.click.mockClear();
});

test('letters act on the message in hand', () => {
  expect(press('r').talk.quoting).toBe(message);
  expect(press('e').talk.editing).toBe('m');
  expect(press('.').handled && button.click.mock.calls.length).toBe(1);
});

test('switched off, no key of a single character does anything; the others still do', () => {
  singleKeys.allowed = false;
  for (const key of ['q', 'r', 'e', 'u', '.', '+']) {
    const { handled, talk } = press(key);
    expect(handled, key).toBe(false);
    expect([talk.quoting, talk.editing, talk.markUnread.mock.calls.length], key).toEqual([null, null, 0]);
  }
  expect(button.click).not.toHaveBeenCalled();
  expect(press('Delete').talk.asking).not.toBeNull();
  expect(press('ContextMenu').handled).toBe(true);
});

test('only a member, who has a read mark, sets it back', () => {
  expect(press('u').talk.markUnread).toHaveBeenCalledTimes(1);
  const { handled, talk } = press('u', talkOf(false));
  expect(handled).toBe(false);
  expect(talk.markUnread).not.toHaveBeenCalled();
});
