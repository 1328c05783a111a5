/**
 * Names of people of whom only the account is known, such as those who reacted: asked for one by one, when somebody
 * wants to know, and then kept.
 */
import { SvelteMap } from 'svelte/reactivity';
import { api, Problem } from './client';
import { session } from './session.svelte';
import type { Person } from './types';

const known = new SvelteMap<string, string>();
const asked = new Set<string>();

export const names = {
  /** Undefined while it isn't known, and for somebody who is no longer there. */
  of(account: string): string | undefined {
    return known.get(account);
  },
  /** Learnt by the way, for example from a message. */
  learn(account: string, name: string): void {
    if (!known.has(account)) known.set(account, name);
  },
  /** Asks for those that aren't known yet, each once. */
  need(accounts: string[]): void {
    for (const account of accounts) {
      if (known.has(account) || asked.has(account)) continue;
      asked.add(account);
      api.get<Person>(`/api/people/${account}`).then(
        (person) => known.set(account, person.name),
        // Asked again later when the line was the reason; somebody who left stays without a name.
        (error: unknown) => {
          if (!(error instanceof Problem) || error.status !== 404) asked.delete(account);
        },
      );
    }
  },
};

session.whenLeaving(() => {
  known.clear();
  asked.clear();
});
