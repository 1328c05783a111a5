/** A list of people that is searched by name and read page by page. */
import { api, problemText } from '../../api/client';
import type { Page, Person } from '../../api/types';

const PAGE = 50;

export class People {
  items = $state.raw<Person[] | null>(null);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');
  #wish = '';
  #running: AbortController | null = null;

  constructor(private readonly limit = PAGE) {}

  /** Starts again; an answer that is still on its way is dropped. */
  async search(wish: string): Promise<void> {
    this.#wish = wish;
    await this.#ask(null);
  }

  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#ask(this.next);
  }

  stop(): void {
    this.#running?.abort();
  }

  async #ask(cursor: string | null): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    this.problem = '';
    try {
      const query = { q: this.#wish, cursor, limit: this.limit };
      const page = await api.get<Page<Person>>('/api/people', { query, signal: running.signal });
      if (running.signal.aborted) return;
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.next = page.next;
    } catch (error) {
      if (!running.signal.aborted) this.problem = problemText(error);
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }
}
