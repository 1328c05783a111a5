/** The pinned messages of one channel; made anew for another one, so that they are never shown under its name. */
import { api, problemText } from '../../api/client';
import { sync } from '../../api/sync.svelte';
import type { Message } from '../../api/types';

export class Pins {
  items = $state.raw<Message[] | null>(null);
  problem = $state('');

  #turn = 0;

  constructor(readonly channel: string) {}

  async load(): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const { items } = await api.get<{ items: Message[] }>(`/api/channels/${this.channel}/pins`);
      // A later question was answered already.
      if (turn !== this.#turn) return;
      this.items = items;
      this.problem = '';
    } catch (error) {
      if (turn === this.#turn) this.problem = problemText(error);
    }
  }

  /** Loads, and follows what is pinned and unpinned until the returned function is called. */
  follow(): () => void {
    void this.load();
    const stop = sync.listen((frame) => {
      if (frame.type === 'live' && this.problem) void this.load();
      if (frame.type !== 'message' || frame.message.channel !== this.channel) return;
      const known = this.items?.some((pin) => pin.id === frame.message.id) ?? false;
      if (frame.message.pinned || known) void this.load();
    });
    return () => {
      this.#turn += 1;
      stop();
    };
  }
}
