/** What a query understands besides words, with an example each. */
import type { Key } from '../../base/i18n.svelte';

export const operators: { example: string; text: Key }[] = [
  { example: '"forced begging"', text: 'search_op_phrase' },
  { example: '-campaign', text: 'search_op_without' },
  { example: 'in:lobby', text: 'search_op_in' },
  { example: 'from:ana', text: 'search_op_from' },
  { example: 'from:me', text: 'search_op_from_me' },
  { example: 'country:RO', text: 'search_op_country' },
  { example: 'theme:forced-begging', text: 'search_op_theme' },
  { example: 'after:2026-09-01', text: 'search_op_after' },
  { example: 'before:2026-12-31', text: 'search_op_before' },
  { example: 'lang:sr', text: 'search_op_lang' },
  { example: 'has:link', text: 'search_op_has' },
  { example: 'kind:topic', text: 'search_op_kind' },
  { example: 'marking:GREEN', text: 'search_op_marking' },
  { example: 'is:unresolved', text: 'search_op_is' },
  { example: 'is:pinned', text: 'search_op_pinned' },
];
