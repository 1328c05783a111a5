/** Coming into a channel and leaving it. The store follows by the socket; asking at once is for the impatient. */
import { channels } from '../../api/channels.svelte';
import { api } from '../../api/client';
import type { Channel } from '../../api/types';

async function change(channel: Channel, act: () => Promise<unknown>): Promise<void> {
  await act();
  await channels.refresh(channel.id);
}

export const join = (channel: Channel) => change(channel, () => api.put(`/api/channels/${channel.id}/members/me`));
export const leave = (channel: Channel) => change(channel, () => api.delete(`/api/channels/${channel.id}/members/me`));
export const ask = (channel: Channel) => change(channel, () => api.put(`/api/channels/${channel.id}/requests/me`));
export const withdraw = (channel: Channel) => change(channel, () => api.delete(`/api/channels/${channel.id}/requests/me`));
