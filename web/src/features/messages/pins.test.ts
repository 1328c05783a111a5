import { beforeEach, expect, it, vi } from 'vitest';
import type { ServerFrame } from '../../api/types';

const line = vi.hoisted(() => ({ answers: [] as ((ids: string[]) => void)[], listener: (_: unknown) => {} }));
vi.mock('../../api/client', () => ({
  problemText: () => 'failed',
  api: {
    get: () => new Promise((answer) => line.answers.push((ids) => answer({ items: ids.map((id) => ({ id })) }))),
  },
}));
vi.mock('../../api/sync.svelte', () => ({
  sync: { listen: (listener: (frame: unknown) => void) => ((line.listener = listener), () => {}) },
}));
const { Pins } = await import('./pins.svelte');

beforeEach(() => void (line.answers = []));
const settled = () => new Promise((resolve) => setTimeout(resolve));

it('an answer that comes late does not put back what a later one said', async () => {
  const pins = new Pins('c');
  pins.follow();
  line.listener({ type: 'message', message: { id: 'new', channel: 'c', pinned: true } } as unknown as ServerFrame);
  line.answers[1]!(['new']);
  await settled();
  line.answers[0]!([]);
  await settled();
  expect(pins.items?.map(({ id }) => id)).toEqual(['new']);
});

it('pins of a channel that was left are not taken in any more', async () => {
  const pins = new Pins('c');
  pins.follow()();
  line.answers[0]!(['old']);
  await settled();
  expect(pins.items).toBeNull();
});
