/** What is said at the edge of the window when something waits for its reader. Never what. */
import { hasText, needAllTexts, t } from '../../base/i18n.svelte';
import { toast } from '../../ui';

export async function tellOfDeconfliction(about: string): Promise<void> {
  await needAllTexts();
  const key = `deconfliction_notice_${about}`;
  if (hasText(key)) toast(t(key));
}
