/** The message list by keyboard: arrows walk, letters act on the message that has the focus. */
import { singleKeys } from '../../base/keyboard.svelte';
import { tellProblem } from '../problems';
import type { Conversation } from './conversation.svelte';

interface Place {
  rows: HTMLElement;
  oncompose: () => void;
}

/** True when the key meant something here. */
export function walk(event: KeyboardEvent, talk: Conversation, place: Place): boolean {
  const row = event.target as HTMLElement;
  // An open menu or picker has keys of its own, Escape first of all.
  if (row.closest('[popover]')) return false;
  if (!row.matches?.('article[data-seq]')) {
    return event.key === 'Escape' && backToRow(row);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === 'Escape') return done(place.oncompose());
  const message = talk.timeline.messages.find((each) => each.id === row.dataset.key);
  const rows = [...place.rows.querySelectorAll<HTMLElement>('article[data-seq]')];
  const index = rows.indexOf(row);
  const steps: Record<string, HTMLElement | undefined> = {
    ArrowUp: rows[index - 1],
    ArrowDown: rows[index + 1],
    Home: rows[0],
    End: rows.at(-1),
  };
  if (event.key in steps) {
    if (event.key === 'ArrowDown' && index === rows.length - 1) place.oncompose();
    else steps[event.key]?.focus();
    return true;
  }
  if (!message || message.deleted) return false;
  if (event.key.length === 1 && !singleKeys.allowed) return false;
  switch (event.key) {
    case '.':
    case 'ContextMenu':
      return press(row, '[role=toolbar] [aria-haspopup=menu]');
    case '+':
      return press(row, '[role=toolbar] [aria-haspopup=dialog]');
    case 'q':
    case 'r':
      return talk.mayPost && done((talk.quoting = message));
    case 'e':
      return talk.mayEdit(message) && done((talk.editing = message.id));
    case 'u':
      return talk.channel?.member === true && done(talk.markUnread(message).catch(tellProblem));
    case 'Delete':
      return talk.mayRemove(message) && done((talk.asking = { question: 'delete', message }));
    default:
      return false;
  }
}

/** The buttons are there because the row has the focus. */
function press(row: HTMLElement, selector: string): boolean {
  const button = row.querySelector<HTMLElement>(selector);
  button?.click();
  return button !== null;
}

const done = (_: unknown) => true;

function backToRow(inside: HTMLElement): boolean {
  const row = inside.closest<HTMLElement>('article[data-seq]');
  row?.focus();
  return row !== null;
}
