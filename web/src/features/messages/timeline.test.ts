import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message, MessagePage, ServerFrame } from '../../api/types';

/** The line to the server, held in hand: pages are answered when the test says so. */
const line = vi.hoisted(() => ({
  asked: [] as { query: Record<string, unknown>; answer: (page: unknown) => void; fail: () => void }[],
  listener: (_: unknown) => {},
}));
vi.mock('../../api/client', () => ({
  api: {
    get: (_: string, { query }: { query: Record<string, unknown> }) =>
      new Promise((answer, fail) => line.asked.push({ query, answer, fail: () => fail(new Error('offline')) })),
  },
}));
vi.mock('../../api/sync.svelte', () => ({
  sync: { listen: (listener: (frame: unknown) => void) => ((line.listener = listener), () => {}) },
}));
vi.stubGlobal('screen', { availHeight: 900 });
const { Timeline } = await import('./timeline.svelte');

const message = (seq: number, change: Partial<Message> = {}) =>
  ({ id: `m${seq}`, channel: 'c', topic: 't', seq, changed_seq: seq, ...change }) as Message;
const page = (seqs: number[], has_before = false, has_after = false): MessagePage =>
  ({ items: seqs.map((seq) => message(seq)), has_before, has_after }) as MessagePage;
const hear = (frame: ServerFrame) => line.listener(frame);
const settled = () => new Promise((resolve) => setTimeout(resolve));
const seqs = (timeline: InstanceType<typeof Timeline>) => timeline.messages.map(({ seq }) => seq);

describe('a timeline', () => {
  let came: number[];
  let timeline: InstanceType<typeof Timeline>;

  beforeEach(() => {
    line.asked = [];
    came = [];
    timeline = new Timeline('c', null, ({ seq }) => came.push(seq));
  });

  const opened = async (first: MessagePage) => {
    void timeline.open();
    line.asked.shift()!.answer(first);
    await settled();
  };

  it('asks at first for no more than fills the screen', async () => {
    for (const [height, limit] of [[640, 10], [900, 15], [2160, 34], [0, 10]] as const) {
      vi.stubGlobal('screen', { availHeight: height });
      void timeline.open();
      expect(line.asked.shift()!.query).toEqual({ limit, topic: null });
    }
    vi.stubGlobal('screen', { availHeight: 900 });
  });

  it('keeps what is said while its first page is on the way', async () => {
    void timeline.open();
    hear({ type: 'message', message: message(3) });
    expect(seqs(timeline)).toEqual([]);
    line.asked[0]!.answer(page([1, 2]));
    await settled();
    expect(seqs(timeline)).toEqual([1, 2, 3]);
    expect(came).toEqual([3]);
  });

  it('keeps what is said while the last page is on the way', async () => {
    await opened(page([1, 2], false, true));
    void timeline.newer();
    hear({ type: 'message', message: message(4) });
    line.asked[0]!.answer(page([3]));
    await settled();
    expect(seqs(timeline)).toEqual([1, 2, 3, 4]);
  });

  it('leaves no hole when the page ends before the present', async () => {
    void timeline.open(1);
    hear({ type: 'message', message: message(90) });
    line.asked[0]!.answer(page([1, 2], false, true));
    await settled();
    expect(seqs(timeline)).toEqual([1, 2]);
    expect(timeline.stretch.hasAfter).toBe(true);
  });

  it('does not take an older form from a page that was overtaken', async () => {
    void timeline.open();
    hear({ type: 'message', message: message(2, { changed_seq: 7, body: 'corrected' }) });
    line.asked[0]!.answer(page([1, 2]));
    await settled();
    expect(timeline.messages[1]?.body).toBe('corrected');
  });

  it('says that a page failed, keeps what it has, and asks again when the line is back', async () => {
    await opened(page([5, 6], true));
    void timeline.older();
    line.asked.shift()!.fail();
    await settled();
    expect([timeline.failed, seqs(timeline)]).toEqual(['before', [5, 6]]);
    hear({ type: 'live' });
    expect(line.asked[0]!.query).toMatchObject({ before: 5 });
    line.asked[0]!.answer(page([3, 4]));
    await settled();
    expect([timeline.failed, seqs(timeline)]).toEqual([null, [3, 4, 5, 6]]);
  });

  it('loads again after a page when more was missed meanwhile than the server sends', async () => {
    await opened(page([5, 6], true));
    void timeline.older();
    hear({ type: 'resync', channel: 'c' });
    line.asked.shift()!.answer(page([3, 4]));
    await settled();
    line.asked.shift()!.answer(page([800, 801], true));
    await settled();
    expect(seqs(timeline)).toEqual([800, 801]);
  });

  it('tells of what is new here once, and of nothing else', async () => {
    timeline = new Timeline('c', 't', ({ seq }) => came.push(seq));
    await opened(page([1]));
    hear({ type: 'message', message: message(2) });
    hear({ type: 'message', message: message(2) });
    hear({ type: 'message', message: message(3, { topic: 'other' }) });
    hear({ type: 'message', message: message(4, { channel: 'other' }) });
    hear({ type: 'message', message: message(1, { changed_seq: 5 }) });
    expect(came).toEqual([2]);
  });
});
