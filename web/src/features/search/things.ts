/** Things that were found besides messages: what they are called, what stands for them, where they are. */
import { countryName } from '../../api/region.svelte';
import { script } from '../../api/script.svelte';
import { t, type Key } from '../../base/i18n.svelte';
import type { IconName } from '../../ui';
import type { Kind, Thing } from './answer';

export const kindName = (kind: Kind): string => t(`search_kind_${kind}` satisfies Key);
export const kindsName = (kind: Kind): string => t(`search_kinds_${kind}` satisfies Key);

export const signs: Record<Thing['kind'], IconName> = {
  topic: 'message',
  person: 'user',
  organisation: 'building',
  country: 'globe',
  term: 'quote',
  practice: 'book',
  study: 'list',
  campaign: 'megaphone',
  event: 'calendar',
  file: 'paperclip',
};

export function titleOf(thing: Thing): string {
  return thing.kind === 'country' ? countryName(thing.id) : script.text(thing.title);
}

/** What one should know of it besides its name. */
export function aboutOf({ kind, about }: Thing): string {
  return (kind === 'organisation' && about && countryName(about)) || about || '';
}

export function addressOfThing({ kind, id, channel }: Thing): string {
  switch (kind) {
    case 'topic':
      return `/c/${channel}/t/${id}`;
    case 'person':
      return `/people/${id}`;
    case 'organisation':
      return `/organisations/${id}`;
    case 'country':
      return `/countries/${id}`;
    case 'term':
      return `/glossary#${id}`;
    case 'practice':
      return `/library/${id}`;
    case 'study':
      return `/studies/${id}`;
    case 'campaign':
      return `/campaigns/${id}`;
    case 'event':
      return `/agenda/${id}`;
    case 'file':
      return `/files/${id}`;
  }
}
