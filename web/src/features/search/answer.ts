/** What the server answers a search. */
import type { Localised, Marking } from '../../api/types';

/** A language of the region as messages are known by; Bosnian, Croatian, Montenegrin and Serbian are one. */
export type Tongue = 'sq' | 'bcms' | 'bg' | 'mk' | 'ro' | 'el' | 'en' | 'fr';
export type Kind = 'message' | 'topic' | 'person' | 'organisation' | 'country' | 'term';

export interface Hit {
  message: {
    id: string;
    channel: string;
    topic: string;
    seq: number;
    author: string;
    author_name: string;
    posted_at: string;
    marking: Marking;
    withheld: boolean;
    warning: string | null;
    language: Tongue | null;
  };
  channel_name: Localised | null;
  topic_title: string;
  excerpt: { text: string; hit: boolean }[];
}

/** Something found that is no message. A country has no title: its id is its code, and the vocabulary names it. */
export interface Thing {
  kind: Exclude<Kind, 'message'>;
  id: string;
  title: string;
  about: string | null;
  /** Of a topic. */
  channel: string | null;
}

/** What the glossary has for words that were typed. */
export interface Also {
  concept: string;
  typed: string;
  words: { language: string; text: string }[];
}

export interface Count {
  value: string;
  count: number;
}

/** How what was found is spread, counted over the newest `looked_at` of it; over all of it if `whole`. */
export interface SearchFacets {
  looked_at: number;
  whole: boolean;
  kinds: Count[];
  countries: Count[];
  themes: Count[];
  languages: Count[];
  years: Count[];
}

/** A word that finds nothing, and one like it that does. */
export interface Spelling {
  word: string;
  instead: string;
}

/** All but items and `next` is on the first page alone. */
export interface Answer {
  items: Hit[];
  next: string | null;
  things: Thing[];
  also: Also[];
  facets: SearchFacets | null;
  spellings: Spelling[];
  /** The index is being made anew: messages of long ago may be missing. */
  renewing: boolean;
}

export interface SavedSearch {
  id: string;
  name: string;
  query: string;
  /** Whether its owner is told of what is new in it. */
  alert: boolean;
  created_at: string;
  /** Since when its alert has found something that wasn't looked at. */
  found_at: string | null;
}
