/** What one may do with a topic. */
import { api } from '../../api/client';
import { session } from '../../api/session.svelte';
import { topics } from '../../api/topics.svelte';
import type { Channel, Topic } from '../../api/types';
import { language, t } from '../../base/i18n.svelte';
import { navigate } from '../../base/navigation.svelte';
import type { IconName } from '../../ui/icons';
import { tellProblem } from '../problems';

export type TopicQuestion = 'rename' | 'move' | 'tag';

interface Item {
  label: string;
  icon: IconName;
  onselect: () => void;
}

export type TopicChange = Partial<Pick<Topic, 'title' | 'channel' | 'resolved' | 'countries' | 'themes'>>;

export async function changeTopic(topic: Topic, change: TopicChange): Promise<Topic> {
  const changed = await api.patch<Topic>(`/api/topics/${topic.id}`, change);
  topics.put(changed);
  return changed;
}

/** Drafts a practice out of a topic; nothing of what was said in it goes along. */
async function promote({ id }: Topic): Promise<void> {
  const made = await api.post<{ id: string }>('/api/practices', { topic: id, content: { title: '', language: language() } });
  navigate(`/library/${made.id}/edit`);
}

/** The creator of a topic may tag and resolve it; renaming and moving is for moderators; General stays as it is. */
export function itemsForTopic(topic: Topic, channel: Channel | undefined, ask: (question: TopicQuestion) => void): Item[] {
  const moderates = channel?.can.arrange ?? false;
  const began = topic.created_by === session.me?.id && (channel?.can.post ?? false);
  if (topic.general) return [];
  const promotion: Item = { label: t('chat_promote'), icon: 'book', onselect: () => void promote(topic).catch(tellProblem) };
  if (!(moderates || began)) return [promotion];
  const items: Item[] = [
    promotion,
    {
      label: t(topic.resolved ? 'chat_reopen' : 'chat_resolve'),
      icon: topic.resolved ? 'undo' : 'check',
      onselect: () => void changeTopic(topic, { resolved: !topic.resolved }).catch(tellProblem),
    },
    { label: t('chat_tag'), icon: 'tag', onselect: () => ask('tag') },
  ];
  if (moderates) {
    items.push({ label: t('chat_rename'), icon: 'edit', onselect: () => ask('rename') });
    items.push({ label: t('chat_move'), icon: 'move', onselect: () => ask('move') });
  }
  return items;
}
