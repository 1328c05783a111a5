/** Invitations one may see: making one, taking one back. */
import { api, problemText } from '../../api/client';
import type { Page, Regime } from '../../api/types';

export interface Invitation {
  id: string;
  email: string;
  name: string;
  country: string | null;
  function: string | null;
  organisation: string | null;
  organisation_id: string | null;
  regime: Regime | null;
  invited_by: { id: string; name: string } | null;
  created_at: string;
  expires_at: string;
  accepted_at: string | null;
  revoked_at: string | null;
}

export interface Wish {
  email: string;
  name: string;
  country: string | null;
  function: string | null;
  organisation_id: string | null;
  /** Instead: the name of one that the directory doesn't have, and its legal regime. */
  organisation: string | null;
  regime: string | null;
}

export type State = 'waiting' | 'accepted' | 'revoked' | 'expired';

export function stateOf(invitation: Invitation, now: number): State {
  if (invitation.accepted_at) return 'accepted';
  if (invitation.revoked_at) return 'revoked';
  return Date.parse(invitation.expires_at) <= now ? 'expired' : 'waiting';
}

export class Invitations {
  items = $state.raw<Invitation[] | null>(null);
  next = $state<string | null>(null);
  busy = $state(false);
  problem = $state('');

  async load(cursor: string | null = null): Promise<void> {
    this.busy = true;
    this.problem = '';
    try {
      const page = await api.get<Page<Invitation>>('/api/invitations', { query: { cursor } });
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.next = page.next;
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.busy = false;
    }
  }

  /** Gives back the link: it can't be had a second time. */
  async create(wish: Wish): Promise<{ link: string; invitation: Invitation }> {
    const { invitation, token } = await api.post<{ invitation: Invitation; token: string }>('/api/invitations', wish);
    this.items = [invitation, ...(this.items ?? [])];
    return { link: `${location.origin}/join#${token}`, invitation };
  }

  async revoke(invitation: Invitation): Promise<void> {
    await api.delete(`/api/invitations/${invitation.id}`);
    await this.load();
  }
}
