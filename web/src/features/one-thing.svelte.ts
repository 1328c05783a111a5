/** For every feature: the one thing that a page shows, by the id in its address. To be made while the page is. */
import { untrack } from 'svelte';
import { Problem, problemText } from '../api/client';
import { sync } from '../api/sync.svelte';
import { pageTitle } from '../base/title.svelte';

export class OneThing<T extends { title: string }> {
  current = $state.raw<T | null>(null);
  /** There is none, or none that one may know of. */
  absent = $state(false);
  /** Why it can't be shown; '' if it can. */
  problem = $state('');
  /** The same as a code. */
  code = $state('');
  readonly #id: () => string;
  readonly #fetch: (id: string) => Promise<T>;

  constructor(id: () => string, fetch: (id: string) => Promise<T>) {
    this.#id = id;
    this.#fetch = fetch;
    $effect(() => {
      id();
      untrack(() => {
        this.current = null;
        this.absent = false;
        this.problem = '';
        this.code = '';
        void this.load();
      });
    });
    $effect(() => {
      pageTitle.set(this.current?.title ?? '');
      return () => pageTitle.set('');
    });
    $effect(() => sync.whenLive(() => this.problem && void this.load()));
  }

  load = async (): Promise<void> => {
    const id = this.#id();
    // What comes of a page that was left meanwhile is nothing to this one.
    const isOpen = () => id === this.#id();
    try {
      const found = await this.#fetch(id);
      if (!isOpen()) return;
      this.current = found;
      this.problem = '';
      this.code = '';
    } catch (error) {
      if (!isOpen()) return;
      if (error instanceof Problem && error.status === 404) this.absent = true;
      else this.problem = problemText(error);
      this.code = error instanceof Problem ? error.code : '';
    }
  };
}
