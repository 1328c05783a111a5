/** What is being written in one place: text, topic, what it answers to. Kept as it changes. */
import { session } from '../../api/session.svelte';
import type { Waiting } from '../../api/outbox.svelte';
import type { Labels, Quoted } from '../../api/types';
import { Drafts, placeOf } from './drafts';
import { warningText } from './labels';
import { mentionName, mentionOf, plainText, withMentions, withNames } from './mentions';
import { BODY_LIMIT, sizeOf } from './writing';

export type Obstacle = 'empty' | 'too-long' | 'no-title' | 'files' | null;

/** Of what is answered, so much is shown, and no more is kept. */
const EXCERPT = 80;

/** Whether nothing is said beyond what goes without saying. */
const isPlain = (labels: Labels) => Object.values(labels).every((value) => value === null || value === undefined);

export function brief(message: Quoted): Quoted {
  const { id, topic, author_name, body, warning } = message;
  return { id, topic, author_name, body: warning ? warningText(warning) : plainText(body).slice(0, EXCERPT) };
}

export class Writing {
  /** As it stands in the field, with names for mentions. */
  body = $state('');
  topic = $state<string | null>(null);
  newTopic = $state<string | null>(null);
  quoting = $state.raw<Quoted | null>(null);
  /** They stay from one message to the next: a second one about the same thing isn't marked less by oversight. */
  labels = $state.raw<Labels>({ marking: null });

  #people = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly #drafts: Drafts;
  readonly #place: string;

  constructor(
    channel: string,
    private readonly home: string | null,
    drafts = new Drafts(session.me?.id ?? ''),
  ) {
    this.#drafts = drafts;
    this.#place = placeOf(channel, home);
    const { body, topic = null, newTopic = null, quote, labels } = this.#drafts.read(this.#place);
    if (labels) this.labels = labels;
    this.#show(body);
    this.topic = home ?? topic;
    this.newTopic = home ? null : newTopic;
    this.quoting = quote ?? null;
  }

  /** As it is sent. */
  get markup(): string {
    return withMentions(this.body, this.#people);
  }

  get size(): number {
    return sizeOf(this.markup);
  }

  /** Why it can't be sent as it is. */
  get obstacle(): Obstacle {
    if (!this.body.trim()) return 'empty';
    if (this.size > BODY_LIMIT) return 'too-long';
    if (this.newTopic !== null && !this.newTopic.trim()) return 'no-title';
    return null;
  }

  /** What stands in the field for a person; a second one of the same name is spelled out. */
  mention(person: { id: string; name: string }): string {
    const name = mentionName(person.name);
    if ((this.#people.get(name) ?? person.id) !== person.id) return mentionOf(person);
    this.#people = new Map(this.#people).set(name, person.id);
    return `@${name}`;
  }

  /** Whether this is the whole name of somebody mentioned. */
  isMentioned(name: string): boolean {
    return this.#people.has(name);
  }

  save(): void {
    const { markup: body, topic, newTopic, quoting: quote, labels } = this;
    this.#drafts.write(this.#place, { body, topic, newTopic, quote, ...(!isPlain(labels) && { labels }) });
  }

  /** A refused message comes back to be changed; what was being written isn't lost. */
  takeBack(item: Waiting): void {
    const written = this.body.trim() ? `\n\n${this.markup}` : '';
    this.#show(item.body + written);
    this.topic = this.home ?? (item.code === 'topic_not_found' ? null : item.topic);
    this.newTopic = this.home ? null : item.new_topic;
    this.quoting = item.quoted ?? this.quoting;
    const { marking, handling, restriction, act, grading, warning, expires_in_days } = item;
    this.labels = { marking, handling, restriction, act, grading, warning, expires_in_days };
  }

  /** Begins an answer, which belongs to the topic of what it answers. */
  answer(message: Quoted): void {
    this.quoting = brief(message);
    if (this.home) return;
    this.topic = message.topic;
    this.newTopic = null;
  }

  sent(): void {
    this.body = '';
    // A warning says what is in this one.
    if (this.labels.warning) this.labels = { ...this.labels, warning: undefined };
    this.newTopic = null;
    this.quoting = null;
    this.#people = new Map();
  }

  #show(markup: string): void {
    const { text, people } = withNames(markup);
    this.body = text;
    this.#people = people;
  }
}
