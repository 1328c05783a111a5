/** Who belongs to a channel, who asked to, and changing both. */
import { api, problemText } from '../../api/client';
import { channels } from '../../api/channels.svelte';
import type { Page, Person } from '../../api/types';

export interface Member {
  person: Person;
  role: 'member' | 'moderator';
  since: string;
}

export interface Request {
  person: Person;
  created_at: string;
}

export class Members {
  items = $state.raw<Member[] | null>(null);
  requests = $state.raw<Request[]>([]);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');

  constructor(
    private readonly channel: string,
    private readonly admits: boolean,
  ) {}

  async load(cursor: string | null = null): Promise<void> {
    this.busy = true;
    this.problem = '';
    try {
      const base = `/api/channels/${this.channel}`;
      const [page, asked] = await Promise.all([
        api.get<Page<Member>>(`${base}/members`, { query: { cursor } }),
        this.admits && !cursor ? api.get<Page<Request>>(`${base}/requests`) : null,
      ]);
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.next = page.next;
      if (asked) this.requests = asked.items;
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.busy = false;
    }
  }

  async admit(account: string): Promise<void> {
    await api.put(`/api/channels/${this.channel}/members/${account}`);
    await this.#changed();
  }

  async refuse(account: string): Promise<void> {
    await api.delete(`/api/channels/${this.channel}/requests/${account}`);
    await this.#changed();
  }

  async remove(account: string): Promise<void> {
    await api.delete(`/api/channels/${this.channel}/members/${account}`);
    await this.#changed();
  }

  async #changed(): Promise<void> {
    await Promise.all([this.load(), channels.refresh(this.channel)]);
  }
}
