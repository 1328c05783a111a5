/** Who can help: one question at a time, page by page. A new one cancels the one before. */
import { api, problemText } from '../../api/client';
import type { Directory, DirectoryItem, Facets } from '../../api/types';
import type { Filters } from './filters';

const PAGE = 25;

export class Finder {
  items = $state.raw<DirectoryItem[] | null>(null);
  facets = $state.raw<Facets | null>(null);
  total = $state(0);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');
  #asked: Filters | null = null;
  #running: AbortController | null = null;

  async ask(filters: Filters): Promise<void> {
    this.#asked = filters;
    await this.#fetch(null);
  }

  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#fetch(this.next);
  }

  stop(): void {
    this.#running?.abort();
  }

  async #fetch(cursor: string | null): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    this.problem = '';
    try {
      const query = { ...this.#asked, cursor, limit: PAGE };
      const page = await api.get<Directory>('/api/directory', { query, signal: running.signal });
      if (running.signal.aborted) return;
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.next = page.next;
      this.total = page.total;
      if (page.facets) this.facets = page.facets;
    } catch (error) {
      if (!running.signal.aborted) this.problem = problemText(error);
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }
}
