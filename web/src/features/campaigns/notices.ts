/** What is said at the edge of the window when a campaign waits for its reader, or was decided about. */
import { hasText, needAllTexts, t } from '../../base/i18n.svelte';
import { toast } from '../../ui';

export async function tellOfCampaign(about: string): Promise<void> {
  await needAllTexts();
  const key = `campaigns_notice_${about}`;
  if (hasText(key)) toast(t(key));
}
