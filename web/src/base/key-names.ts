/** What is written on a key, in the reader's language: `Enter` is « Entrée » on a French keyboard. */
import { type Key, t } from './i18n.svelte';

const NAMES: Record<string, Key> = {
  Enter: 'key_enter',
  Shift: 'key_shift',
  Esc: 'key_escape',
  Del: 'key_delete',
  Home: 'key_home',
  End: 'key_end',
};

/** Letters, signs, arrows, Ctrl and Alt are the same everywhere. */
export function keyName(key: string): string {
  const name = NAMES[key];
  return name ? t(name) : key;
}
