/** What is said at the edge of the window when somebody was asked into a room: never into which. */
import { needAllTexts, t } from '../../base/i18n.svelte';
import { toast } from '../../ui';

export async function tellOfCase(about: string): Promise<void> {
  if (about !== 'invited') return;
  await needAllTexts();
  toast(t('cases_notice_invited'));
}
