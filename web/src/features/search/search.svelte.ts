/** One search at a time: a new one cancels the one before, so that answers never come in the wrong order. */
import { api, Problem, problemText } from '../../api/client';
import { hasText, t } from '../../base/i18n.svelte';
import type { Localised, Marking, Page } from '../../api/types';

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
  };
  channel_name: Localised | null;
  topic_title: string;
  excerpt: { text: string; hit: boolean }[];
}

const PAGE = 20;
/** How often the server is asked by itself for one page; after that the reader says whether to look on. */
const TRIES = 4;

/** The server's reason in the reader's language; in the server's own words when this page doesn't know the reason. */
export function unclearText(extra: Record<string, unknown>): string {
  const key = `search_unclear_${String(extra.reason ?? '')}`;
  if (!hasText(key)) return String(extra.detail ?? '');
  return t(key, { word: String(extra.word ?? ''), example: String(extra.example ?? '') });
}

export class Search {
  /** What the shown hits answer; '' before the first answer. */
  answered = $state('');
  hits = $state.raw<Hit[]>([]);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');
  /** The same for a further page: what is shown already stays. */
  moreProblem = $state('');
  /** Why the query can't be understood. */
  misunderstood = $state('');
  #running: AbortController | null = null;

  async run(query: string): Promise<void> {
    this.#running?.abort();
    if (!query) {
      Object.assign(this, { answered: '', hits: [], next: null, busy: false, problem: '', moreProblem: '', misunderstood: '' });
      return;
    }
    await this.#ask(query, null);
  }

  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#ask(this.answered, this.next);
  }

  stop(): void {
    this.#running?.abort();
  }

  async #ask(q: string, cursor: string | null): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.busy = true;
    this.problem = this.moreProblem = this.misunderstood = '';
    try {
      let page = await this.#page(q, cursor, running.signal);
      // A rare tag among many messages: an answer that found nothing yet says where to look on.
      for (let tries = 1; !page.items.length && page.next && tries < TRIES; tries++) {
        page = await this.#page(q, page.next, running.signal);
      }
      if (running.signal.aborted) return;
      this.hits = cursor ? [...this.hits, ...page.items] : page.items;
      this.next = page.next;
      this.answered = q;
    } catch (error) {
      if (running.signal.aborted) return;
      if (cursor) {
        this.moreProblem = problemText(error);
        return;
      }
      this.#explain(error);
      Object.assign(this, { hits: [], next: null, answered: '' });
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }

  #page(q: string, cursor: string | null, signal: AbortSignal): Promise<Page<Hit>> {
    return api.get<Page<Hit>>('/api/search', { query: { q, cursor, limit: PAGE }, signal });
  }

  #explain(error: unknown): void {
    if (error instanceof Problem && error.code === 'bad_query') this.misunderstood = unclearText(error.extra);
    if (!this.misunderstood) this.problem = problemText(error);
  }
}
