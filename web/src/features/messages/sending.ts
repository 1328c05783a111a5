/** What keys mean in the composer, and what to say when a text can't be sent as it is. */
import { formatNumber, t } from '../../base/i18n.svelte';
import type { Completion } from './completion.svelte';
import type { Obstacle } from './draft.svelte';
import { BODY_LIMIT } from './writing';

export type Taken = 'accept' | 'send' | 'bold' | 'italic' | 'link' | 'moved' | null;

const MARKS: Record<string, Taken> = { b: 'bold', i: 'italic', l: 'link' };

/** What the key did or should do; null leaves it to the text field. */
export function takesKey(event: KeyboardEvent, completion: Completion): Taken {
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
  if (event.key === 'Enter' && !event.shiftKey) return 'send';
  if (command && !event.shiftKey && !event.altKey) return MARKS[event.key.toLowerCase()] ?? null;
  return null;
}

export function obstacleText(obstacle: Obstacle, size: number, tried: boolean): string {
  if (obstacle === 'too-long') return t('chat_too_long', { over: formatNumber(size - BODY_LIMIT) });
  if (!tried) return '';
  if (obstacle === 'no-title') return t('chat_needs_title');
  return '';
}
