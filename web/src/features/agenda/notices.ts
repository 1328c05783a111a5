/** Something about an event that one has answered: says so, and leads there. */
import { navigate } from '../../base/navigation.svelte';
import { needAllTexts, t } from '../../base/i18n.svelte';
import { toast } from '../../ui/toasts.svelte';
import { notices, noticeSeen, noticeText } from './agenda.svelte';

export async function tellOfEvent(event: string): Promise<void> {
  const [told] = await Promise.all([notices(), needAllTexts()]);
  const notice = told.find((each) => each.event === event);
  if (!notice) return;
  toast(noticeText(notice), {
    action: {
      label: t('agenda_notice_open'),
      run: () => {
        navigate(`/agenda/${event}`);
        void noticeSeen(event);
      },
    },
  });
}
