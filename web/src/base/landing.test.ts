import { beforeEach, describe, expect, it, vi } from 'vitest';
import { landing } from './landing';

const focus = vi.fn();
const heading = { tabIndex: 0, focus: vi.fn() };
const main = (has: unknown) => ({ querySelector: () => has, focus: vi.fn() }) as unknown as HTMLElement & { focus: ReturnType<typeof vi.fn> };

beforeEach(() => {
  focus.mockClear();
  heading.focus.mockClear();
});

describe('landing', () => {
  it('gives an expected page the focus where one writes, once', () => {
    const withdraw = landing.offer(focus);
    landing.arrive(main(heading), false);
    expect(focus).not.toHaveBeenCalled();
    landing.expect();
    landing.arrive(main(heading), false);
    landing.arrive(main(heading), false);
    expect(focus).toHaveBeenCalledTimes(1);
    expect(heading.focus).not.toHaveBeenCalled();
    withdraw();
  });

  it('goes to the heading where nobody writes, or where a keyboard would cover the screen', () => {
    landing.expect();
    landing.arrive(main(heading), false);
    const withdraw = landing.offer(focus);
    landing.expect();
    landing.arrive(main(heading), true);
    expect(heading.focus).toHaveBeenCalledTimes(2);
    expect(heading.tabIndex).toBe(-1);
    expect(focus).not.toHaveBeenCalled();
    withdraw();
  });

  it('goes to the page itself while it has no heading yet', () => {
    const page = main(null);
    landing.expect();
    landing.arrive(page, false);
    expect(page.focus).toHaveBeenCalledTimes(1);
  });

  it('knows no place to write after the page that had one is gone', () => {
    const first = landing.offer(focus);
    const other = vi.fn();
    const second = landing.offer(other);
    first();
    expect(landing.write()).toBe(true);
    expect(other).toHaveBeenCalledTimes(1);
    second();
    expect(landing.write()).toBe(false);
  });
});
