/** The next or previous channel of the rail, or the next unread one. */
import { channels } from '../api/channels.svelte';
import { landing } from '../base/landing';
import { here, navigate } from '../base/navigation.svelte';
import { groups } from '../features/channels';

export function stepChannel(step: 1 | -1, unreadOnly: boolean): void {
  const all = groups(channels.joined).flatMap((group) => group.channels);
  const open = here.path.split('/')[2];
  const at = all.findIndex((channel) => channel.id === open);
  for (let n = 1; n <= all.length; n += 1) {
    const from = at < 0 && step < 0 ? 0 : at;
    const next = all[(((from + step * n) % all.length) + all.length) % all.length];
    if (next && next.id !== open && (!unreadOnly || next.unread > 0)) {
      landing.expect();
      return navigate(`/c/${next.id}`);
    }
  }
}
