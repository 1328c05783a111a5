/** What one may do with a message, as the items of its menu. */
import type { Message } from '../../api/types';
import { copyText } from '../../base/clipboard';
import { script } from '../../api/script.svelte';
import { session } from '../../api/session.svelte';
import { t } from '../../base/i18n.svelte';
import type { IconName } from '../../ui/icons';
import { toast } from '../../ui/toasts.svelte';
import { tellProblem } from '../problems';
import { mayBeTranslated, translation } from '../translation';
import type { Conversation } from './conversation.svelte';

interface Item {
  label: string;
  icon?: IconName;
  onselect?: () => void;
  href?: string;
  danger?: boolean;
  separator?: boolean;
  reason?: string | null;
}

export function itemsFor(message: Message, talk: Conversation): Item[] {
  const items: Item[] = [];
  if (talk.mayPost) {
    items.push({ label: t('chat_quote'), icon: 'reply', onselect: () => (talk.quoting = message) });
  }
  if (talk.mayEdit(message)) {
    items.push({ label: t('chat_edit'), icon: 'edit', onselect: () => (talk.editing = message.id) });
  }
  if (mayBeTranslated(message)) {
    items.push({ label: t('chat_translate'), icon: 'globe', onselect: () => translation.shown.add(message.id) });
  }
  if (message.edited_at) {
    items.push({
      label: t('chat_history'),
      icon: 'clock',
      onselect: () => (talk.asking = { question: 'history', message }),
    });
  }
  if (message.author === session.me?.id) {
    if (talk.mayPost) items.push({ label: t('label_change'), icon: 'shield', onselect: () => (talk.asking = { question: 'marking', message }) });
    items.push({ label: t('label_proposals'), icon: 'list', onselect: () => (talk.asking = { question: 'proposals', message }) });
    if (message.handling.includes('h2')) {
      items.push({ label: t('label_release'), icon: 'lock', onselect: () => (talk.asking = { question: 'release', message }) });
    }
    if (message.marking === 'red') {
      items.push({ label: t('label_readers'), icon: 'eye', onselect: () => (talk.asking = { question: 'readers', message }) });
    }
  } else if (talk.mayPost || talk.channel?.can.arrange) {
    items.push({ label: t('label_propose'), icon: 'shield', onselect: () => (talk.asking = { question: 'marking', message }) });
  }
  if (message.author === session.me?.id ? talk.mayPost : talk.channel?.can.arrange) {
    items.push({ label: t('expiry_change'), icon: 'clock', onselect: () => (talk.asking = { question: 'expiry', message }) });
  }
  if (script.changes(message.body)) {
    const label = t(script.isTurned(message.id) ? 'script_again' : 'script_as_written');
    items.push({ label, icon: 'undo', onselect: () => script.turn(message.id) });
  }
  items.push({ label: t('chat_copy_link'), icon: 'link', onselect: () => void copyLink(message) });
  if (talk.topicId === null) {
    items.push({ label: t('chat_open_topic'), icon: 'hash', href: `/c/${message.channel}/t/${message.topic}` });
  }
  if (message.reactions.length > 0) {
    items.push({ label: t('chat_reactions_who'), icon: 'smile', onselect: () => (talk.asking = { question: 'reactions', message }) });
  }
  // Only members have a read mark.
  if (talk.channel?.member) {
    items.push({
      label: t('chat_mark_unread'),
      icon: 'eye-off',
      onselect: () => void talk.markUnread(message).catch(tellProblem),
    });
  }
  if (talk.channel?.can.arrange) {
    items.push({
      label: t(message.pinned ? 'chat_unpin' : 'chat_pin'),
      icon: 'pin',
      onselect: () => void talk.pin(message).catch(tellProblem),
    });
  }
  if (talk.mayReport(message)) {
    items.push({
      label: t('moderation_report'),
      icon: 'warning',
      separator: true,
      onselect: () => (talk.asking = { question: 'report', message }),
    });
    if (talk.channel?.can.moderate) {
      items.push({
        label: t('moderation_sanction'),
        icon: 'shield',
        onselect: () => (talk.asking = { question: 'sanction', message }),
      });
    }
  }
  if (talk.mayRemove(message)) {
    items.push({
      label: t('chat_delete'),
      icon: 'trash',
      danger: true,
      separator: true,
      onselect: () => (talk.asking = { question: 'delete', message }),
    });
    items.push({
      label: t('moderation_retract'),
      icon: 'warning',
      danger: true,
      onselect: () => (talk.asking = { question: 'retract', message }),
    });
  }
  return items;
}

async function copyLink(message: Message): Promise<void> {
  try {
    await copyText(new URL(`/m/${message.id}`, location.href).href);
    toast(t('chat_link_copied'), { tone: 'success' });
  } catch {
    toast(t('chat_link_not_copied'), { tone: 'danger' });
  }
}
