/** Who is signed in, in this browser. */
import { api, Problem, whenSignedOut } from './client';
import type { Me } from './types';

let me = $state.raw<Me | null>(null);
let known = $state(false);
const leaving: ((account: string) => void)[] = [];

export const session = {
  /** The signed-in person; null before sign-in. */
  get me(): Me | null {
    return me;
  },
  /** False until the server was asked for the first time. */
  get known(): boolean {
    return known;
  },
  /** Asks the server who we are. Throws only when it can't be reached. */
  async load(): Promise<void> {
    try {
      me = await api.get<Me>('/api/session');
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      me = null;
    }
    known = true;
  },
  /** After sign-in, joining, or a change of one's own profile. */
  enter(account: Me): void {
    me = account;
    known = true;
  },
  /** Signs out here: nothing of the account stays in this browser. */
  async leave(): Promise<void> {
    const account = me?.id;
    await api.delete('/api/session');
    if (account) leaving.forEach((forget) => forget(account));
    me = null;
  },
  /** The server ended the session: what was being written is kept for the next sign-in. */
  ended(): void {
    me = null;
    known = true;
  },
  /** Registers what must be forgotten when somebody signs out. */
  whenLeaving(forget: (account: string) => void): void {
    leaving.push(forget);
  },
};

/** Whether somebody runs the platform, and that power is awake. */
export function isAdministrator(account: Me | null): boolean {
  return !account?.factor.asleep && (account?.roles.some((role) => role.role === 'administrator') ?? false);
}

/** Whether somebody moderates anything, and that power is awake. */
export function isModerator(account: Me | null): boolean {
  return !account?.factor.asleep && (account?.roles.some((role) => role.role === 'moderator') ?? false);
}

/** Whether a second person has confirmed who this is, and that still holds. */
export function isConfirmed(account: Me | null): boolean {
  return account?.accredited_until != null && Date.parse(account.accredited_until) > Date.now();
}

whenSignedOut(() => session.ended());
