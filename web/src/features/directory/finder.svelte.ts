/** Who can help: one question at a time, page by page. */
import { Paged } from '../../api/paged.svelte';
import type { Directory, DirectoryItem, Facets } from '../../api/types';
import type { Filters } from './filters';

const PAGE = 25;

export class Finder extends Paged<DirectoryItem, Directory> {
  facets = $state.raw<Facets | null>(null);
  total = $state(0);

  constructor() {
    super('/api/directory');
  }

  find(filters: Filters): Promise<void> {
    return this.ask({ ...filters, limit: PAGE });
  }

  protected override took(page: Directory): void {
    this.total = page.total;
    if (page.facets) this.facets = page.facets;
  }
}
