/** The map of the region: what every country and theme share. */
import { api } from '../../api/client';
import type { Cell } from '../../api/types';
import { sync } from '../../api/sync.svelte';

const SETTLE = 2000;
const keyOf = (country: string, theme: string) => `${country} ${theme}`;

export class Grid {
  cells = $state.raw<Map<string, Cell> | null>(null);
  failure = $state.raw<unknown>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    this.failure = null;
    try {
      const { cells } = await api.get<{ cells: Cell[] }>('/api/grid');
      this.cells = new Map(cells.map((cell) => [keyOf(cell.country, cell.theme), cell]));
    } catch (error) {
      this.failure = error;
    }
  }

  /** Follows what is said while the map is open, at leisure. */
  follow(): () => void {
    const stop = sync.listen((frame) => {
      if (frame.type === 'live' && this.failure) void this.load();
      if (frame.type !== 'message' && frame.type !== 'topic' && frame.type !== 'read') return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.load(), SETTLE);
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
    };
  }

  at(country: string, theme: string): Cell | undefined {
    return this.cells?.get(keyOf(country, theme));
  }

  /** How much there is for a country in all, for the list on a narrow screen. */
  of(country: string): { topics: number; unread: number } {
    let topics = 0;
    let unread = 0;
    for (const cell of this.cells?.values() ?? []) {
      if (cell.country !== country) continue;
      topics += cell.topics;
      unread += cell.unread;
    }
    return { topics, unread };
  }
}

const DAY = 86_400_000;

/** Four steps from quiet to busy: activity in the last days, as a shade of the cell. */
export function warmth(cell: Cell | undefined, now = Date.now()): 0 | 1 | 2 | 3 {
  if (!cell?.last_at) return 0;
  const days = (now - Date.parse(cell.last_at)) / DAY;
  if (days < 2) return 3;
  return days < 14 ? 2 : 1;
}
