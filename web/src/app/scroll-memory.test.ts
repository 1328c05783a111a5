import { beforeEach, describe, expect, it } from 'vitest';
import { ScrollMemory } from './scroll-memory';

/** A view that scrolls no further than its content is long, as a browser's. */
class View {
  scrollHeight = 2000;
  clientHeight = 500;
  listeners: Record<string, () => void> = {};
  #top = 0;
  get scrollTop() {
    return this.#top;
  }
  set scrollTop(top: number) {
    this.#top = Math.min(top, Math.max(0, this.scrollHeight - this.clientHeight));
  }
  addEventListener(name: string, run: () => void) {
    this.listeners[name] = run;
  }
}

let view: View;
let memory: ScrollMemory;
let time: number;
let waiting: (() => void)[];
const frame = () => waiting.splice(0).forEach((run) => run());
const scroll = (top: number) => ((view.scrollTop = top), memory.moved());

beforeEach(() => {
  view = new View();
  time = 0;
  waiting = [];
  memory = new ScrollMemory(view as unknown as HTMLElement, { next: (run) => waiting.push(run), now: () => time });
  memory.go(1);
});

describe('the memory of places', () => {
  it('begins a new page at its top, and finds the old one where it was left', () => {
    scroll(900);
    memory.go(2);
    expect(view.scrollTop).toBe(0);
    memory.moved();
    memory.go(1);
    expect(view.scrollTop).toBe(900);
  });

  it('waits for a page that is still coming, and does not take its jerks for the reader', () => {
    scroll(900);
    memory.go(2);
    view.scrollHeight = 600;
    memory.go(1);
    expect(view.scrollTop).toBe(100);
    memory.moved();
    view.scrollHeight = 2000;
    frame();
    expect(view.scrollTop).toBe(900);
    memory.go(2);
    memory.go(1);
    expect(view.scrollTop).toBe(900);
  });

  it('leaves the page alone as soon as the reader moves', () => {
    scroll(900);
    memory.go(2);
    view.scrollHeight = 600;
    memory.go(1);
    view.listeners.wheel!();
    scroll(50);
    view.scrollHeight = 2000;
    frame();
    expect(view.scrollTop).toBe(50);
  });

  it('gives up on a page that stays short', () => {
    scroll(900);
    memory.go(2);
    view.scrollHeight = 600;
    memory.go(1);
    time = 4000;
    frame();
    expect(waiting).toHaveLength(0);
    scroll(20);
    memory.go(2);
    memory.go(1);
    expect(view.scrollTop).toBe(20);
  });
});
