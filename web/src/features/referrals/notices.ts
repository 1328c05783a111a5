/** What is said at the edge of the window about a referral: that there is something, never what. */
import { hasText, needAllTexts, t } from '../../base/i18n.svelte';
import { toast } from '../../ui';

export async function tellOfReferral(about: string): Promise<void> {
  await needAllTexts();
  const key = `referrals_notice_${about}`;
  if (hasText(key)) toast(t(key), { tone: about === 'late' ? 'danger' : 'neutral' });
}
