import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ScrollKeeper } from './scroll-keeper';

vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
vi.stubGlobal('CSS', { escape: (text: string) => text });

/** Rows of given heights in a window of 100 pixels, as far as the keeper asks. */
class Page {
  rows: [key: string, height: number][] = [];
  #top = 0;
  readonly viewport: HTMLElement;
  readonly content: HTMLElement;

  constructor() {
    const page = this;
    this.viewport = {
      clientHeight: 100,
      get scrollHeight() {
        return page.height;
      },
      get scrollTop() {
        return page.#top;
      },
      set scrollTop(value: number) {
        page.#top = Math.max(0, Math.min(value, page.height - 100));
      },
      getBoundingClientRect: () => ({ top: 0, bottom: 100 }),
    } as unknown as HTMLElement;
    this.content = {
      querySelector: (selector: string) => page.#all().find((row) => selector.includes(`"${row.dataset.key}"`)) ?? null,
      querySelectorAll: () => page.#all(),
    } as unknown as HTMLElement;
  }

  get height(): number {
    return this.rows.reduce((sum, [, height]) => sum + height, 0);
  }

  get fromEnd(): number {
    return this.height - 100 - this.#top;
  }

  #all(): HTMLElement[] {
    return this.rows.map(([key, height], at) => {
      const above = this.rows.slice(0, at).reduce((sum, [, each]) => sum + each, 0);
      const getBoundingClientRect = () => ({ top: above - this.#top, bottom: above - this.#top + height });
      return { dataset: { key, seq: key }, getBoundingClientRect } as unknown as HTMLElement;
    });
  }
}

describe('the scroll keeper', () => {
  let page: Page;
  let follows: boolean;
  let unseen: string | null;
  let keeper: ScrollKeeper;

  beforeEach(() => {
    page = new Page();
    page.rows = Array.from({ length: 10 }, (_, n) => [`${n}`, 50]);
    follows = true;
    unseen = null;
    keeper = new ScrollKeeper(page.viewport, page.content, { follows: () => follows, unseen: () => unseen });
    keeper.toEnd();
  });

  const grow = (...heights: number[]) => {
    for (const height of heights) page.rows.push([`${page.rows.length}`, height]);
  };

  it('stays at the end although something grew before anybody could scroll there', () => {
    page.rows[2] = ['2', 200];
    // The scroll event of the first jump comes only now: the browser says where one is, which isn't the end any more.
    keeper.remember();
    keeper.restore();
    expect(page.fromEnd).toBe(0);
  });

  it('follows what comes, until the reader goes up', () => {
    grow(50);
    keeper.restore();
    expect(page.fromEnd).toBe(0);
    page.viewport.scrollTop -= 120;
    keeper.remember();
    grow(50);
    keeper.restore();
    expect([keeper.atEnd, page.fromEnd]).toEqual([false, 170]);
  });

  it('does not push out of sight what nobody has seen', () => {
    unseen = '10';
    grow(50, 50, 50, 50);
    keeper.restore();
    expect(keeper.rowOf('10')!.getBoundingClientRect().top).toBe(0);
    expect(keeper.atEnd).toBe(false);
    grow(50);
    keeper.restore();
    expect(keeper.rowOf('10')!.getBoundingClientRect().top).toBe(0);
  });

  it('does not take the end of a page for the present', () => {
    follows = false;
    keeper.remember();
    grow(50, 50, 50);
    follows = true;
    keeper.restore();
    expect(page.fromEnd).toBe(150);
  });
});
