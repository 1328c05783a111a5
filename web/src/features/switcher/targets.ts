/** Where the quick switcher can take one, and in which order. Pure but for the stores it reads. */
import { channelName, channels } from '../../api/channels.svelte';
import { session } from '../../api/session.svelte';
import { topics } from '../../api/topics.svelte';
import type { Person } from '../../api/types';
import { t, type Key } from '../../base/i18n.svelte';
import { matches } from '../../ui/matching';
import type { IconName } from '../../ui/icons';
import { channelIcon } from '../channels';
import { topicTitle } from '../messages';

export interface Target {
  key: string;
  icon: IconName;
  label: string;
  hint: string;
  unread: number;
  /** An address, or a person to talk to. */
  href?: string;
  person?: Person;
}

const PAGES: [string, IconName, Key][] = [
  ['/', 'grid', 'nav_grid'],
  ['/missed', 'inbox', 'nav_missed'],
  ['/search', 'search', 'nav_search'],
  ['/channels', 'hash', 'nav_browse'],
  ['/directory', 'users', 'nav_directory'],
  ['/me', 'user', 'nav_profile'],
];
const LIMIT = 12;

/** Without a query: what is unread, then what was active last. */
export function targets(query: string, openChannel: string | undefined, people: Person[]): Target[] {
  const fits = (text: string) => !query.trim() || matches(text, query);
  const ofChannels = channels.all
    .filter((channel) => channel.can.read && !channel.archived && (query.trim() || channel.member))
    .map(
      (channel): Target => ({
        key: channel.id,
        icon: channelIcon(channel),
        label: channelName(channel),
        hint: '',
        unread: channel.unread,
        href: `/c/${channel.id}`,
      }),
    )
    .filter((target) => fits(target.label))
    .sort((one, other) => Number(other.unread > 0) - Number(one.unread > 0));
  const ofTopics = (openChannel ? topics.of(openChannel) : [])
    .map(
      (topic): Target => ({
        key: topic.id,
        icon: 'message',
        label: topicTitle(topic),
        hint: channelName(channels.find(topic.channel)),
        unread: topic.unread,
        href: `/c/${topic.channel}/t/${topic.id}`,
      }),
    )
    .filter((target) => fits(target.label));
  // Those found for an earlier query stay until the next answer: only who fits this one. Nobody writes to oneself.
  const fitting = people.filter((person) => query.trim() && person.id !== session.me?.id && fits(person.name));
  const ofPeople = fitting.map(
    (person): Target => ({ key: person.id, icon: 'user', label: person.name, hint: person.country ?? '', unread: 0, person }),
  );
  const ofPages = PAGES.map(
    ([href, icon, label]): Target => ({ key: href, icon, label: t(label), hint: '', unread: 0, href }),
  ).filter((target) => query.trim() && fits(target.label));
  return [...ofChannels.slice(0, LIMIT), ...ofTopics.slice(0, 6), ...ofPeople.slice(0, 6), ...ofPages.slice(0, 4)];
}
