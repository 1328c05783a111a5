/** A list that is read page by page. A new question cancels the one before, so that answers never come in the wrong order. */
import { api, problemText } from './client';
import type { Page } from './types';

type Query = Record<string, string | number | boolean | null | undefined>;

export class Paged<Item, Answer extends Page<Item> = Page<Item>> {
  items = $state.raw<Item[] | null>(null);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');
  #query: Query = {};
  #running: AbortController | null = null;

  constructor(private readonly path: string) {}

  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#fetch(this.next);
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Starts again; an answer that is still on its way is dropped. */
  protected async ask(query: Query): Promise<void> {
    this.#query = query;
    await this.#fetch(null);
  }

  /** What an answer holds besides its items. */
  protected took(_answer: Answer): void {}

  async #fetch(cursor: string | null): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    this.problem = '';
    try {
      const page = await api.get<Answer>(this.path, { query: { ...this.#query, cursor }, signal: running.signal });
      if (running.signal.aborted) return;
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.next = page.next;
      this.took(page);
    } catch (error) {
      if (!running.signal.aborted) this.problem = problemText(error);
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }
}
