/** What happened to one's own account: fetched, and told at the edge of the window while it is new. */
import { api } from '../../api/client';
import type { Page, SecurityNotice } from '../../api/types';
import { moment } from '../../base/dates';
import { hasText, t } from '../../base/i18n.svelte';
import { here, navigate } from '../../base/navigation.svelte';
import { toast } from '../../ui/toasts.svelte';

export const noticesPage = () => api.get<Page<SecurityNotice>>('/api/me/notices');

/** A notice in words; the detail is a name, a number or a time. */
export function noticeText(notice: Pick<SecurityNotice, 'kind' | 'detail'>): string {
  const key = `security_notice_${notice.kind}`;
  if (!hasText(key)) return t('security_notice_other');
  if (notice.kind === 'recovery_used') return t(key, { count: Number(notice.detail) });
  if (notice.kind === 'removal_agreed') return t(key, { until: moment(notice.detail) });
  return t(key, { name: notice.detail });
}

/** Something happened just now. What this window did itself needs no telling. */
export async function tellOfNotices(): Promise<void> {
  const latest = (await noticesPage().catch(() => null))?.items[0];
  if (!latest || latest.own || latest.seen || here.path === '/me/security') return;
  toast(noticeText(latest), {
    tone: 'danger',
    action: { label: t('nav_security'), run: () => navigate('/me/security') },
  });
}
