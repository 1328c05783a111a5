/** Who is signed in, in this browser. */
import { api, Problem, whenSignedOut } from './client';
import type { Me } from './types';

let me = $state.raw<Me | null>(null);
let known = $state(false);
let expired = $state(false);
const leaving: { forget: (account: string) => void; count: (account: string) => number }[] = [];

/** A server takes half an hour without a request for absence; somebody who writes is there. In milliseconds. */
const TOUCH_EVERY = 60_000;
let touched = 0;

export const session = {
  /** The signed-in person; null before sign-in. */
  get me(): Me | null {
    return me;
  },
  /** False until the server was asked for the first time. */
  get known(): boolean {
    return known;
  },
  /** True after the server ended the session by itself, until somebody signs in or out. */
  get expired(): boolean {
    return expired;
  },
  /** Asks the server who we are. Throws only when it can't be reached. */
  async load(): Promise<void> {
    touched = Date.now();
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
    expired = false;
    touched = Date.now();
  },
  /** Somebody is writing, which the server doesn't see: tells it once a minute, so that the session doesn't end under them. */
  touch(): void {
    const now = Date.now();
    if (!me || now - touched < TOUCH_EVERY) return;
    touched = now;
    api.get('/api/session').catch(() => {});
  },
  /** How many drafts and unsent messages signing out would delete. */
  get unsaved(): number {
    const account = me?.id;
    return account ? leaving.reduce((sum, { count }) => sum + count(account), 0) : 0;
  },
  /** Signs out here: nothing of the account stays in this browser. */
  async leave(): Promise<void> {
    const account = me?.id;
    await api.delete('/api/session');
    if (account) leaving.forEach(({ forget }) => forget(account));
    me = null;
    expired = false;
  },
  /** The server ended the session: what was being written is kept for the next sign-in. */
  ended(): void {
    if (me) expired = true;
    me = null;
    known = true;
  },
  /** Registers what must be forgotten when somebody signs out, and how much of it they would miss. */
  whenLeaving(forget: (account: string) => void, count: (account: string) => number = () => 0): void {
    leaving.push({ forget, count });
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

/** Whether somebody reads the record of acts, and that power is awake. */
export function isAuditor(account: Me | null): boolean {
  return !account?.factor.asleep && (account?.roles.some((role) => role.role === 'auditor') ?? false);
}

/** Whether somebody keeps the clocks of what was taken back, and that power is awake. */
export function isDataProtectionOfficer(account: Me | null): boolean {
  return !account?.factor.asleep && (account?.roles.some((role) => role.role === 'data_protection') ?? false);
}

/** Whether a second person has confirmed who this is, and that still holds. */
export function isConfirmed(account: Me | null): boolean {
  return account?.accredited_until != null && Date.parse(account.accredited_until) > Date.now();
}

whenSignedOut(() => session.ended());
