/** What travels between page and server. */
export type Localised = { en: string; fr?: string | null };

export interface Role {
  id?: string;
  role: 'administrator' | 'moderator';
  scope: string;
}

export interface Me {
  id: string;
  email: string;
  name: string;
  country: string | null;
  function: string | null;
  organisation: string | null;
  language: string;
  status: string;
  roles: Role[];
  created_at: string;
}

export interface Person {
  id: string;
  name: string;
  country: string | null;
  function: string | null;
  organisation: string | null;
  presence?: 'here' | 'away';
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export type Marking = 'clear' | 'green' | 'amber' | 'amber+strict' | 'red';
export type Purpose = 'country' | 'theme' | 'lobby' | 'newcomers' | 'cell' | 'group' | 'direct';

export interface Channel {
  id: string;
  kind: 'open' | 'closed' | 'direct';
  purpose: Purpose;
  name: Localised | null;
  description: Localised | null;
  country: string | null;
  theme: string | null;
  marking: Marking;
  head_seq: number;
  members: number;
  member: boolean;
  requested: boolean;
  last_at: string | null;
  read_seq: number;
  unread: number;
  mentions: number;
  archived: boolean;
  with: Person[];
  can: Record<'read' | 'post' | 'join' | 'request' | 'moderate' | 'admit' | 'manage', boolean>;
}

export interface Topic {
  id: string;
  channel: string;
  title: string;
  general: boolean;
  resolved: boolean;
  countries: string[];
  themes: string[];
  messages: number;
  last_seq: number;
  last_at: string | null;
  changed_seq: number;
  unread: number;
  mentions: number;
  created_at: string;
  created_by: string | null;
}

export interface Reaction {
  emoji: string;
  accounts: string[];
}

export interface Message {
  id: string;
  channel: string;
  seq: number;
  changed_seq: number;
  topic: string;
  author: string;
  author_name: string;
  author_country: string | null;
  body: string;
  html: string;
  marking: Marking;
  posted_at: string;
  edited_at: string | null;
  deleted: boolean;
  quote: { id: string; author: string; author_name: string; excerpt: string } | null;
  reactions: Reaction[];
  mentions: string[];
  pinned: boolean;
  ref: string | null;
}

export interface MessagePage {
  items: Message[];
  has_before: boolean;
  has_after: boolean;
  head_seq: number;
}

export interface Revision {
  body: string;
  html: string;
  at: string;
  by: string;
}

export interface Region {
  name: string;
  countries: Country[];
  themes: { slug: string; name: Localised; definition: Localised | string | null }[];
  functions: { code: string; name: Localised }[];
  markings: Marking[];
}

export interface Country {
  code: string;
  name: Localised;
  native: string;
  flag: string;
  footnote: Localised | null;
  emergency: string | null;
  child_helpline: string | null;
  child_helpline_operator: string | null;
}

export interface Cell {
  country: string;
  theme: string;
  topics: number;
  unread: number;
  last_at: string | null;
  channel: string | null;
}

export interface Missed {
  channel: string;
  topic: Topic;
  unread: number;
  mentions: number;
  first_unread_seq: number;
  latest: Message[];
}

export interface Post {
  ref: string;
  channel: string;
  topic: string | null;
  new_topic: string | null;
  body: string;
  marking: Marking | null;
  quote: string | null;
  attachments: never[];
}

export type ClientFrame =
  | { type: 'resume'; cursors: Record<string, number> }
  | ({ type: 'post' } & Post)
  | { type: 'read'; channel: string; topic?: string | null; seq: number }
  | { type: 'typing'; channel: string; topic?: string | null };

export type ServerFrame =
  | { type: 'hello'; account: Me; protocol: number; server_time: string }
  | { type: 'message'; message: Message }
  | { type: 'topic'; topic: Omit<Topic, 'unread' | 'mentions'> & { gone?: boolean }; seq: number }
  | { type: 'posted'; ref: string; channel: string; id: string; seq: number }
  | { type: 'held'; ref: string; reason: string }
  | { type: 'refused'; ref?: string | null; code: string; [extra: string]: unknown }
  | { type: 'live' }
  | { type: 'resync'; channel: string | null }
  | { type: 'read'; channel: string; topic: string | null; seq: number }
  | { type: 'typing'; channel: string; topic: string | null; account: string; name: string }
  | { type: 'presence'; channel: string; here: string[]; gone: string[] }
  | { type: 'channel'; channel: string }
  | { type: 'membership'; channel: string; member: boolean }
  | { type: 'notice'; code: string }
  | { type: 'bye'; code: string };
