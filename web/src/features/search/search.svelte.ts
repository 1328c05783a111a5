/** One search at a time: a new one cancels the one before, so that answers never come in the wrong order. */
import { api, Problem, problemText } from '../../api/client';
import { hasText, t } from '../../base/i18n.svelte';
import type { Also, Answer, Hit, SearchFacets, Spelling, Thing } from './answer';
import type { Question } from './question';

const PAGE = 20;
/** How often the server is asked by itself for one page; after that the reader says whether to look on. */
const TRIES = 4;
const NOTHING = { q: '', sort: 'newest', across: true } as const;

/** The server's reason in the reader's language; in the server's own words when this page doesn't know the reason. */
export function unclearText(extra: Record<string, unknown>): string {
  const key = `search_unclear_${String(extra.reason ?? '')}`;
  if (!hasText(key)) return String(extra.detail ?? '');
  return t(key, { word: String(extra.word ?? ''), example: String(extra.example ?? '') });
}

export class Search {
  /** What is shown answers this; without words before the first answer. */
  answered = $state.raw<Question>(NOTHING);
  hits = $state.raw<Hit[]>([]);
  /** What was found besides messages. */
  things = $state.raw<Thing[]>([]);
  /** What else was looked for. */
  also = $state.raw<Also[]>([]);
  facets = $state.raw<SearchFacets | null>(null);
  spellings = $state.raw<Spelling[]>([]);
  /** Whether messages of long ago may be missing. */
  renewing = $state(false);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');
  /** The same for a further page: what is shown already stays. */
  moreProblem = $state('');
  /** Why the query can't be understood. */
  misunderstood = $state('');
  #running: AbortController | null = null;

  async run(question: Question): Promise<void> {
    this.#running?.abort();
    if (question.q) return this.#ask(question, null);
    this.#clear();
    Object.assign(this, { busy: false, problem: '', moreProblem: '', misunderstood: '' });
  }

  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#ask(this.answered, this.next);
  }

  stop(): void {
    this.#running?.abort();
  }

  async #ask(question: Question, cursor: string | null): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.busy = true;
    this.problem = this.moreProblem = this.misunderstood = '';
    try {
      const first = await this.#page(question, cursor, running.signal);
      let page = first;
      // A rare tag among many messages: an answer that found nothing yet says where to look on.
      for (let tries = 1; !page.items.length && page.next && tries < TRIES; tries++) {
        page = await this.#page(question, page.next, running.signal);
      }
      if (running.signal.aborted) return;
      this.hits = cursor ? [...this.hits, ...page.items] : page.items;
      this.next = page.next;
      this.answered = question;
      if (!cursor) this.#took(first);
    } catch (error) {
      if (running.signal.aborted) return;
      if (cursor) {
        this.moreProblem = problemText(error);
        return;
      }
      this.#explain(error);
      this.#clear();
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }

  #took({ things, also, facets, spellings, renewing }: Answer): void {
    Object.assign(this, { things, also, facets, spellings, renewing });
  }

  #clear(): void {
    Object.assign(this, { answered: NOTHING, hits: [], things: [], also: [], facets: null, spellings: [], next: null });
  }

  #page({ q, sort, across }: Question, cursor: string | null, signal: AbortSignal): Promise<Answer> {
    const ways = { sort: sort === 'newest' ? null : sort, across: across ? null : false, facets: cursor ? null : true };
    return api.get<Answer>('/api/search', { query: { q, cursor, limit: PAGE, ...ways }, signal });
  }

  #explain(error: unknown): void {
    if (error instanceof Problem && error.code === 'bad_query') this.misunderstood = unclearText(error.extra);
    if (!this.misunderstood) this.problem = problemText(error);
  }
}
