/** What is said at the edge of the window to a holder of the escrow: that something waits, never for which room. */
import { needAllTexts, t } from '../../base/i18n.svelte';
import { toast } from '../../ui';
import { keys } from '../keys';

export async function tellOfEscrow(): Promise<void> {
  const before = keys.now?.escrow ?? 0;
  await Promise.all([needAllTexts(), keys.load().catch(() => {})]);
  if ((keys.now?.escrow ?? 0) > before) toast(t('escrow_notice'));
}
