/** What keys mean in the composer, and what to say when a text can't be sent as it is. */
import type { Waiting } from '../../api/outbox.svelte';
import { formatNumber, t } from '../../base/i18n.svelte';
import type { Completion } from './completion.svelte';
import type { Obstacle } from './draft.svelte';
import { BODY_LIMIT } from './writing';

export type Taken = 'accept' | 'send' | 'bold' | 'italic' | 'link' | 'moved' | null;

const MARKS: Record<string, Taken> = { b: 'bold', i: 'italic', l: 'link' };

/** Whether a message on its way is shown here: in a topic, wherever the topic was when it was written. */
export function isPendingIn(item: Pick<Waiting, 'channel' | 'topic' | 'new_topic'>, channel: string, topic: string | null): boolean {
  return topic === null ? item.channel === channel : item.topic === topic && item.new_topic === null;
}

/** Keyboards on glass have no Shift+Enter: there Enter breaks the line, and the button sends. */
export function touched(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}

/** What the key did or should do; null leaves it to the text field. */
export function takesKey(event: KeyboardEvent, completion: Completion, onGlass: boolean): Taken {
  if (event.isComposing) return null;
  const command = event.ctrlKey || event.metaKey;
  if (completion.open && !command) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      completion.move(event.key === 'ArrowDown' ? 1 : -1);
      return 'moved';
    }
    if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') return 'accept';
    if (event.key === 'Escape') {
      completion.dismiss();
      return 'moved';
    }
  }
  if (event.key === 'Enter' && !event.shiftKey) return onGlass && !command ? null : 'send';
  if (command && !event.shiftKey && !event.altKey) return MARKS[event.key.toLowerCase()] ?? null;
  return null;
}

export function obstacleText(obstacle: Obstacle, size: number, tried: boolean): string {
  if (obstacle === 'too-long') return t('chat_too_long', { over: formatNumber(size - BODY_LIMIT) });
  if (!tried) return '';
  if (obstacle === 'empty') return t('chat_send_empty');
  if (obstacle === 'no-title') return t('chat_needs_title');
  if (obstacle === 'files') return t('chat_attach_wait');
  return '';
}
