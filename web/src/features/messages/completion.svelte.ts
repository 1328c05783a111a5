/** What the composer offers while `@ana` or `:smi` is being written. */
import { api } from '../../api/client';
import { functionName } from '../../api/region.svelte';
import type { Page, Person } from '../../api/types';
import { complete, type Edit, type Trigger, triggerAt } from './writing';

export interface Option {
  key: string;
  label: string;
  hint: string;
  value: () => string;
}

/** Who is mentioned in the text so far. */
export interface Mentions {
  mention: (person: { id: string; name: string }) => string;
  isMentioned: (name: string) => boolean;
}

const OFFERED = 8;
const PAUSE = 120;

export class Completion {
  options = $state.raw<Option[]>([]);
  index = $state(0);

  #trigger: Trigger | null = null;
  #dismissed: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  constructor(
    readonly channel: string,
    readonly mentions: Mentions,
  ) {}

  get open(): boolean {
    return this.options.length > 0;
  }

  /** After every change of the text or the cursor. */
  look(text: string, cursor: number): void {
    const trigger = triggerAt(text, cursor);
    this.#trigger = trigger;
    clearTimeout(this.#timer);
    this.#abort?.abort();
    // A name that was chosen stands there whole: Enter sends.
    const whole = trigger?.kind === 'person' && this.mentions.isMentioned(trigger.query);
    if (!trigger || whole || trigger.from === this.#dismissed) {
      if (!trigger) this.#dismissed = null;
      this.options = [];
      return;
    }
    this.#timer = setTimeout(() => void this.#offer(trigger), PAUSE);
  }

  move(step: number): void {
    this.index = (this.index + step + this.options.length) % this.options.length;
  }

  /** The text with the chosen option in it; null when nothing is offered. */
  accept(text: string, cursor: number, index = this.index): Edit | null {
    const option = this.options[index];
    if (!option || !this.#trigger) return null;
    this.options = [];
    return complete(text, cursor, this.#trigger, option.value());
  }

  /** Escape: no more offers for this word. */
  dismiss(): void {
    this.#dismissed = this.#trigger?.from ?? null;
    this.options = [];
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.options = [];
  }

  async #offer(trigger: Trigger): Promise<void> {
    const found = trigger.kind === 'person' ? await this.#people(trigger.query) : await emoji(trigger.query);
    if (this.#trigger !== trigger || !found) return;
    this.options = found;
    this.index = 0;
  }

  async #people(query: string): Promise<Option[] | null> {
    this.#abort = new AbortController();
    try {
      const page = await api.get<Page<Person>>('/api/people', {
        query: { channel: this.channel, q: query, limit: OFFERED },
        signal: this.#abort.signal,
      });
      return page.items.slice(0, OFFERED).map((person) => ({
        key: person.id,
        label: person.name,
        hint: [person.country, functionName(person.function)].filter(Boolean).join(' · '),
        value: () => this.mentions.mention(person),
      }));
    } catch {
      return null;
    }
  }
}

async function emoji(query: string): Promise<Option[]> {
  const { allEmoji, findEmoji } = await import('./emoji');
  return findEmoji(await allEmoji(), query, OFFERED).map(({ char, names }) => ({
    key: char,
    label: char,
    hint: `:${names[0]}:`,
    value: () => char,
  }));
}
