/** What moderators and those whom they help read, from the words on the wire. */
import { channelName, channels } from '../../api/channels.svelte';
import type { Concern, HoldReason } from '../../api/moderation.svelte';
import { scopeText } from '../directory';
import { t, type Key } from '../../base/i18n.svelte';

export const CONCERNS: Concern[] = ['personal_data', 'unsafe', 'elsewhere_system', 'other_channel', 'disrespect', 'other'];

export const concernText = (concern: Concern) => t(`moderation_concern_${concern}`);
export const concernOptions = () => CONCERNS.map((concern) => ({ value: concern, label: concernText(concern) }));
export const reasonsText = (reasons: HoldReason[]) => reasons.map((reason) => t(`moderation_reason_${reason}`)).join(' · ');
export const obstacleText = (obstacle: string | null) => (obstacle ? t(`problem_${obstacle}` as Key) : null);

/** `channel:<id>` by the channel's name, every other place as powers name it. */
export function placeText(scope: string): string {
  const channel = scope.startsWith('channel:') ? channels.find(scope.slice('channel:'.length)) : undefined;
  return channel ? channelName(channel) : scopeText(scope);
}
