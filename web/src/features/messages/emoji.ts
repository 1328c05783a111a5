/**
 * A compact list: enough to react and to soften a sentence. Its names stand in `messages/emoji/<language>.json`, the
 * first being how the emoji is called, all of them what `:name:` completes; the English ones work in every language,
 * since many know them by heart.
 */
import { language } from '../../base/i18n.svelte';
import { fold } from '../../ui/matching';

export interface Emoji {
  char: string;
  /** In the reader's language, for a label. */
  label: string;
  names: string[];
}

const loaders = import.meta.glob<Record<string, string>>('../../../messages/emoji/*.json', { import: 'default' });
const lists = new Map<string, Promise<Emoji[]>>();

const namesIn = (code: string) => loaders[`../../../messages/emoji/${code}.json`]?.();

async function load(code: string): Promise<Emoji[]> {
  const [english, own] = await Promise.all([namesIn('en'), namesIn(code)]);
  return Object.entries(english ?? {}).map(([char, inEnglish]) => {
    const names = (own?.[char] ?? inEnglish).split(' ');
    return { char, label: names[0]!.replaceAll('_', ' '), names: [...new Set([...names, ...inEnglish.split(' ')])] };
  });
}

/** All of them, named in the reader's language. Fetched when first needed. */
export function allEmoji(code = language()): Promise<Emoji[]> {
  let list = lists.get(code);
  if (!list) {
    list = load(code);
    list.catch(() => lists.delete(code));
    lists.set(code, list);
  }
  return list;
}

/** Those with a name that begins with the query, then those that contain it; accents don't matter. */
export function findEmoji(all: Emoji[], query: string, limit = 200): Emoji[] {
  const wanted = fold(query.replace(/^:|:$/g, '').trim().replaceAll(' ', '_').replaceAll("'", '’'));
  if (!wanted) return all.slice(0, limit);
  const begins = (emoji: Emoji) => emoji.names.some((name) => fold(name).startsWith(wanted));
  const found = all.filter(begins);
  const others = all.filter((emoji) => !found.includes(emoji) && emoji.names.some((name) => fold(name).includes(wanted)));
  return [...found, ...others].slice(0, limit);
}
