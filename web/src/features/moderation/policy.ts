/** What a channel asks of posts before everybody sees them. */
import { api } from '../../api/client';

/** As somebody fills it in: words one a line. */
export interface Policy {
  holdAll: boolean;
  newcomerPosts: string;
  slowSeconds: string;
  words: string;
}

interface Stored {
  hold_all: boolean;
  newcomer_posts: number;
  slow_seconds: number;
  trigger_words: string[];
}

export async function loadPolicy(channel: string): Promise<Policy> {
  const stored = await api.get<Stored>(`/api/channels/${channel}/moderation`);
  return {
    holdAll: stored.hold_all,
    newcomerPosts: String(stored.newcomer_posts),
    slowSeconds: String(stored.slow_seconds),
    words: stored.trigger_words.join('\n'),
  };
}

export function stored(policy: Policy): Stored {
  return {
    hold_all: policy.holdAll,
    newcomer_posts: Number(policy.newcomerPosts),
    slow_seconds: Number(policy.slowSeconds),
    trigger_words: policy.words
      .split(/[\n,;]/)
      .map((word) => word.trim())
      .filter(Boolean),
  };
}

export async function savePolicy(channel: string, policy: Policy): Promise<void> {
  await api.put(`/api/channels/${channel}/moderation`, stored(policy));
}
