/** What somebody fills in about a channel, and sending it. */
import { channels } from '../../api/channels.svelte';
import { api } from '../../api/client';
import type { Channel, Localised, Marking } from '../../api/types';

export interface ChannelWish {
  nameEn: string;
  nameFr: string;
  aboutEn: string;
  aboutFr: string;
  kind: string;
  marking: string;
  ceiling: string;
  grading: boolean;
  /** Whether pictures may be attached although everybody may read it. */
  pictures: boolean;
  /** Days that a new channel keeps what is said; empty: until somebody deletes it. */
  retention: string;
  country: string;
  theme: string;
}

export function wishFrom(channel: Channel | null): ChannelWish {
  return {
    nameEn: channel?.name?.en ?? '',
    nameFr: channel?.name?.fr ?? '',
    aboutEn: channel?.description?.en ?? '',
    aboutFr: channel?.description?.fr ?? '',
    kind: channel?.kind ?? 'open',
    marking: channel?.marking ?? 'green',
    ceiling: channel?.ceiling ?? 'amber+strict',
    grading: channel?.grading ?? false,
    pictures: channel?.kind === 'open' && channel.pictures,
    retention: '',
    country: '',
    theme: '',
  };
}

function localised(en: string, fr: string): Localised | undefined {
  const [first, second] = [en.trim(), fr.trim()];
  if (!first && !second) return undefined;
  return { en: first || second, ...(second && { fr: second }) };
}

/** Only what differs is sent, so that two people changing different things don't undo each other's. */
export async function saveChannel(channel: Channel | null, wish: ChannelWish): Promise<Channel> {
  const before = wishFrom(channel);
  const changed = (...keys: (keyof ChannelWish)[]) => keys.some((key) => wish[key] !== before[key]);
  const name = localised(wish.nameEn, wish.nameFr);
  const description = localised(wish.aboutEn, wish.aboutFr);
  let saved: Channel;
  if (channel) {
    saved = await api.patch<Channel>(`/api/channels/${channel.id}`, {
      ...(changed('nameEn', 'nameFr') && { name }),
      ...(changed('aboutEn', 'aboutFr') && { description: description ?? { en: '' } }),
      ...(changed('kind') && { kind: wish.kind }),
      ...(changed('marking') && { marking: wish.marking as Marking }),
      ...(changed('ceiling') && { ceiling: wish.ceiling as Marking }),
      ...(changed('grading') && { grading: wish.grading }),
      ...(changed('pictures') && { pictures: wish.pictures }),
    });
  } else {
    saved = await api.post<Channel>('/api/channels', {
      kind: wish.kind,
      name,
      description,
      marking: wish.marking,
      ceiling: wish.ceiling,
      grading: wish.grading,
      retention_days: wish.retention ? Number(wish.retention) : null,
      country: wish.country || null,
      theme: wish.theme || null,
    });
  }
  channels.put(saved);
  return saved;
}
