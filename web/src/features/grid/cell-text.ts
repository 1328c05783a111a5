import type { Cell } from '../../api/types';
import { ago } from '../../base/dates';
import { t } from '../../base/i18n.svelte';

/** A cell in words: for screen readers, and for whoever points at it. */
export function cellText(cell: Cell | undefined): string {
  if (!cell || (cell.topics === 0 && !cell.channel)) return t('grid_nothing');
  const parts = [t('grid_topics', { count: cell.topics })];
  if (cell.unread > 0) parts.push(t('nav_unread', { count: cell.unread }));
  if (cell.channel) parts.push(t('grid_own'));
  if (cell.last_at) parts.push(t('grid_last', { when: ago(cell.last_at) }));
  return parts.join(', ');
}
