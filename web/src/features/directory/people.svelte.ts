/** A list of people that is searched by name and read page by page. */
import { Paged } from '../../api/paged.svelte';
import type { Person } from '../../api/types';

const PAGE = 50;

export class People extends Paged<Person> {
  constructor(private readonly limit = PAGE) {
    super('/api/people');
  }

  search(wish: string): Promise<void> {
    return this.ask({ q: wish, limit: this.limit });
  }
}
