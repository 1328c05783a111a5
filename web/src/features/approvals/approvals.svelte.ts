/** What takes two people: asked for, approved, done once. */
import { api } from '../../api/client';
import { channelName, channels } from '../../api/channels.svelte';
import { formatNumber, t } from '../../base/i18n.svelte';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Approval = Schemas['Approval'];
export type What = Schemas['ApprovalWhat'];
export type Kind = What['kind'];
export type Format = Schemas['ExportFormat'];
export type UnmaskedPost = Schemas['UnmaskedPost'];

export const FORMATS: Format[] = ['csv', 'json', 'print'];

/** What is taken out to be printed. */
export interface Sheet {
  export: {
    kind: 'channel_export' | 'member_export';
    label: string;
    channel_name: { en: string; fr: string } | null;
    exported_for: string;
    approved_by: string;
    exported_at: string;
  };
  items: (Said | Listed)[];
  left_out: number;
}

export interface Said {
  label: string;
  handling: string[];
  act: 'none' | 'ask' | 'quiet' | 'open';
  grading: string | null;
  warning: string | null;
  stamp: { en: string; fr: string } | null;
  posted_at: string;
  author: string;
  topic: string;
  text: string;
  id: string;
}

export interface Listed {
  label: string;
  name: string;
  organisation: string | null;
  country: string | null;
  since: string;
  id: string;
}

export const kindText = (kind: Kind) => t(`approvals_kind_${kind}`);

/** What it is about: a channel, everybody, or how many posts; and what is to become of it. */
export function aboutText(what: What): string {
  const place = (id: string) => channelName(channels.find(id)) || t('approvals_closed_room');
  switch (what.kind) {
    case 'channel_export':
      return `${place(what.channel)} · ${t(`approvals_format_${what.format}`)}`;
    case 'member_export':
      return `${what.channel ? place(what.channel) : t('approvals_everybody')} · ${t(`approvals_format_${what.format}`)}`;
    case 'unmasking':
      return t('approvals_posts', { count: what.posts.length });
    case 'retention':
      return `${place(what.channel)} · ${keptText(what.days)}`;
  }
}

/** For how long a channel keeps what is said. */
export function keptText(days: number | null | undefined): string {
  return days ? t('approvals_days', { count: days, days: formatNumber(days) }) : t('approvals_for_good');
}

const at = ({ id }: Approval) => `/api/approvals/${id}`;

export const ask = (what: What, reason: string) => api.post('/api/approvals', { what, reason });
export const decide = (item: Approval, approved: boolean) => api.put(`${at(item)}/decision`, { approved });
export const withdraw = (item: Approval) => api.delete(at(item));
export const retain = (item: Approval) => api.post(`${at(item)}/retention`);
export const shown = (item: Approval) => api.post<{ items: UnmaskedPost[] }>(`${at(item)}/unmasking`);
export const sheet = (item: Approval) => api.post<Sheet>(`${at(item)}/export`);

/** Fetches a file and hands it to the browser. */
export async function download(item: Approval, format: Format): Promise<void> {
  const file = await api.post<Blob>(`${at(item)}/export`, {}, { blob: true });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `egida-${item.what.kind.replace('_', '-')}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
