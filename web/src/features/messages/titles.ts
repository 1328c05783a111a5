import { script } from '../../api/script.svelte';
import type { Topic } from '../../api/types';
import { t } from '../../base/i18n.svelte';

/** A topic's title in the reader's script; that of the topic every channel has is a word of the catalogue, and so is one that was erased. */
export function topicTitle(topic: Pick<Topic, 'title' | 'general'> | null | undefined): string {
  if (!topic) return '';
  return topic.general ? t('chat_general') : script.text(topic.title) || t('chat_title_erased');
}

/** What a window shows of a channel and, if one is open, its topic. */
export function titleOf(channel: string, topic: Topic | undefined): string {
  return topic ? `${topicTitle(topic)} · ${channel}` : channel;
}
