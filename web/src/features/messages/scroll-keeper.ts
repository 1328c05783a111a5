/**
 * Keeps the reader's place: whatever is added or cut above, the line being read stays where it is;
 * at the end, the list follows new messages, but never past what nobody has seen yet. (Browsers' own
 * scroll anchoring isn't everywhere, and gives up at the very top, just where older pages arrive.)
 */
const AT_END = 40;
const NEAR = 800;

/** What the keeper must know of the list. */
export interface Follows {
  /** Whether the end of the list is the present, so that it is followed. */
  follows: () => boolean;
  /** The row that following must not push out of sight; null when all was seen. */
  unseen: () => string | null;
}

export class ScrollKeeper {
  /** True while the newest message is in view. */
  atEnd = true;

  #top = 0;
  #anchor: { key: string; top: number } | null = null;
  readonly #observer = new ResizeObserver(() => this.restore());

  constructor(
    readonly viewport: HTMLElement,
    readonly content: HTMLElement,
    readonly list: Follows,
  ) {
    this.#observer.observe(content);
    this.#observer.observe(viewport);
  }

  close(): void {
    this.#observer.disconnect();
  }

  /**
   * After the list or the reader moved. What grows below (a title that comes late, a smaller window) doesn't take the
   * reader away from the end: only going up does.
   */
  remember(): void {
    const { scrollTop } = this.viewport;
    if (!this.list.follows()) this.atEnd = false;
    else if (this.#reachesEnd()) this.atEnd = true;
    else if (scrollTop < this.#top - 1) this.atEnd = false;
    this.#top = scrollTop;
    const edge = this.viewport.getBoundingClientRect().top;
    const row = this.#firstBelow(edge);
    const key = row?.dataset.key;
    this.#anchor = row && key ? { key, top: row.getBoundingClientRect().top - edge } : null;
  }

  /** After the list changed. */
  restore(): void {
    if (this.atEnd && this.list.follows()) {
      this.#follow();
    } else if (this.#anchor) {
      const row = this.rowOf(this.#anchor.key);
      if (row) {
        const edge = this.viewport.getBoundingClientRect().top;
        const moved = row.getBoundingClientRect().top - edge - this.#anchor.top;
        if (Math.abs(moved) >= 1) this.viewport.scrollTop += moved;
      }
    }
    this.remember();
  }

  toEnd(): void {
    this.atEnd = true;
    this.viewport.scrollTop = this.viewport.scrollHeight;
    this.remember();
  }

  #follow(): void {
    const key = this.list.unseen();
    const row = key ? this.rowOf(key) : null;
    this.viewport.scrollTop = this.viewport.scrollHeight;
    const above = row ? this.viewport.getBoundingClientRect().top - row.getBoundingClientRect().top : 0;
    if (above <= 0) return;
    this.viewport.scrollTop -= above;
    this.atEnd = this.#reachesEnd();
  }

  #reachesEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.viewport;
    return scrollHeight - scrollTop - clientHeight < AT_END;
  }

  /** Puts a row a third down the screen. */
  toRow(key: string): HTMLElement | null {
    const row = this.rowOf(key);
    if (!row) return null;
    const offset = row.getBoundingClientRect().top - this.viewport.getBoundingClientRect().top;
    this.viewport.scrollTop += offset - this.viewport.clientHeight / 3;
    this.atEnd = this.#reachesEnd();
    this.remember();
    return row;
  }

  /** Whether the rows reach from one edge of the list to the other. */
  get filled(): boolean {
    return this.viewport.scrollHeight > this.viewport.clientHeight;
  }

  get nearStart(): boolean {
    return this.viewport.scrollTop < NEAR;
  }

  get nearEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.viewport;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** The number of the newest message that is wholly on screen. */
  lastSeen(): number {
    const edge = this.viewport.getBoundingClientRect().bottom + 4;
    const rows = this.#rows();
    for (let index = rows.length - 1; index >= 0; index -= 1) {
      const row = rows[index]!;
      if (row.dataset.seq && row.getBoundingClientRect().bottom <= edge) return Number(row.dataset.seq);
    }
    return 0;
  }

  rowOf(key: string): HTMLElement | null {
    return this.content.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  }

  #rows(): HTMLElement[] {
    return [...this.content.querySelectorAll<HTMLElement>(':scope > [data-key]')];
  }

  /** Rows stand in order, so the first one that reaches below the edge is found by halving. */
  #firstBelow(edge: number): HTMLElement | undefined {
    const rows = this.#rows();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]!.getBoundingClientRect().bottom > edge) high = middle;
      else low = middle + 1;
    }
    return rows[low];
  }
}
