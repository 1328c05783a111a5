/** The searches somebody keeps, on the server: on every device, and able to tell of what is new. */
import { api } from '../../api/client';
import type { SavedSearch } from '../../api/types';

const PATH = '/api/search/saved';
/** As many as the server keeps for one person. */
export const MOST = 50;

export class SavedSearches {
  items = $state.raw<SavedSearch[] | null>(null);

  async load(): Promise<void> {
    this.items = (await api.get<{ items: SavedSearch[] }>(PATH)).items;
  }

  /** The one that was saved with these words. */
  of(query: string): SavedSearch | undefined {
    return this.items?.find((each) => each.query === query);
  }

  get full(): boolean {
    return (this.items?.length ?? 0) >= MOST;
  }

  async save(wish: Pick<SavedSearch, 'name' | 'query' | 'alert'>): Promise<void> {
    const saved = await api.post<SavedSearch>(PATH, wish);
    this.items = [saved, ...(this.items ?? [])];
  }

  async change(id: string, wish: Partial<Pick<SavedSearch, 'name' | 'alert'>>): Promise<void> {
    await api.patch(`${PATH}/${id}`, wish);
    this.#put(id, wish);
  }

  /** What is new in it is being looked at. */
  async see(id: string): Promise<void> {
    if (!this.items?.find((each) => each.id === id)?.found_at) return;
    await api.patch(`${PATH}/${id}`, { seen: true });
    this.#put(id, { found_at: null });
  }

  async remove(id: string): Promise<void> {
    await api.delete(`${PATH}/${id}`);
    this.items = (this.items ?? []).filter((each) => each.id !== id);
  }

  #put(id: string, fields: Partial<SavedSearch>): void {
    this.items = (this.items ?? []).map((each) => (each.id === id ? { ...each, ...fields } : each));
  }
}
