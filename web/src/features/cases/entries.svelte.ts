/** What stands in a room, of some kinds: newest first, page by page, and read again when the room has changed. */
import { untrack } from 'svelte';
import { problemText } from '../../api/client';
import { entriesOf } from './cases';
import type { CaseContent, CaseEntry } from './types';

const PAGE = 50;
/** As the server has it. */
const PAGE_MAX = 100;

export class Entries<Said extends CaseContent = CaseContent> {
  items = $state.raw<CaseEntry<Said>[] | null>(null);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');
  #turn = 0;

  /**
   * To be made while a section is. Given: which room and how far it has come (`seq`), and what is asked for.
   */
  constructor(
    private readonly room: () => { id: string; seq: number },
    private readonly query: () => Record<string, string | null>,
  ) {
    const place = $derived(`${room().id} ${JSON.stringify(query())}`);
    $effect(() => {
      void place;
      untrack(() => (this.items = null));
    });
    const seq = $derived(room().seq);
    $effect(() => {
      void place;
      void seq;
      untrack(() => void this.load());
    });
  }

  /** As many as are shown, and a page at least. */
  load = async (): Promise<void> => {
    await this.#ask(null, Math.max(PAGE, this.items?.length ?? 0));
  };

  more = async (): Promise<void> => {
    if (this.next && !this.busy) await this.#ask(this.next, PAGE);
  };

  async #ask(cursor: string | null, limit: number): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const page = await entriesOf(this.room().id, { ...this.query(), cursor, limit: Math.min(limit, PAGE_MAX) });
      if (turn !== this.#turn) return;
      const items = page.items as CaseEntry<Said>[];
      this.items = cursor ? [...(this.items ?? []), ...items] : items;
      this.next = page.next;
      this.problem = '';
    } catch (error) {
      if (turn === this.#turn) this.problem = problemText(error);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
