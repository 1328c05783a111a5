/** What somebody is told of requests: that one waits, and never which or what. */
import { needAllTexts, t } from '../../base/i18n.svelte';
import { toast } from '../../ui';

export async function tellOfRequest(about: string): Promise<void> {
  if (about !== 'waits' && about !== 'house') return;
  await needAllTexts();
  toast(t(about === 'waits' ? 'requests_notice' : 'requests_notice_house'));
}
