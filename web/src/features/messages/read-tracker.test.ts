import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const line = vi.hoisted(() => ({ state: 'live', marks: [] as number[], answer: (seq: number) => seq }));
vi.mock('../../api/reading', () => ({
  markRead: async (_: string, seq: number) => (line.marks.push(seq), line.answer(seq)),
}));
vi.mock('../../api/sync.svelte', () => ({ sync: line }));
const { ReadTracker } = await import('./read-tracker');

describe('what counts as read', () => {
  let focused: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    focused = true;
    Object.assign(line, { state: 'live', marks: [], answer: (seq: number) => seq });
    vi.stubGlobal('document', { visibilityState: 'visible', hasFocus: () => focused });
  });
  afterEach(() => vi.useRealTimers());

  it('is what was on screen and looked at', async () => {
    const tracker = new ReadTracker('c', null, 3);
    tracker.saw(5);
    await vi.runAllTimersAsync();
    focused = false;
    tracker.saw(9);
    await vi.runAllTimersAsync();
    expect([line.marks, tracker.seen]).toEqual([[5], 5]);
  });

  it('is not what pours in after a break, while it pours', () => {
    const tracker = new ReadTracker('c', null, 3);
    line.state = 'catching-up';
    tracker.saw(9);
    expect(tracker.seen).toBe(0);
    line.state = 'live';
    tracker.saw(7);
    expect(tracker.seen).toBe(7);
  });

  it('is nothing again in a topic that was read to its end', async () => {
    const tracker = new ReadTracker('c', 't', 0);
    tracker.startAt(90);
    tracker.saw(8);
    tracker.close();
    await vi.runAllTimersAsync();
    expect(line.marks).toEqual([]);
  });

  it('learns from the server that the mark stands further', async () => {
    line.answer = () => 40;
    const tracker = new ReadTracker('c', 't', 0);
    tracker.saw(8);
    await vi.runAllTimersAsync();
    tracker.saw(20);
    await vi.runAllTimersAsync();
    expect(line.marks).toEqual([8]);
  });
});
