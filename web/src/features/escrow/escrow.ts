/** What the holders of the escrow decide about (server: `cases/http/escrow.rs`). */
import { api } from '../../api/client';
import { sealed } from '../keys';

export interface Holder {
  id: string;
  name: string;
  organisation: string | null;
  organisation_name: string | null;
}

export interface EscrowRequest {
  id: string;
  /** As people call the room: all that a holder learns of it. */
  reference: string;
  by: Holder;
  asked_at: string;
  expires_at: string;
  first: Holder | null;
  mine: boolean;
  may_agree: boolean;
}

export interface EscrowDesk {
  items: EscrowRequest[];
  holders: Holder[];
}

export const deskOf = () => api.get<EscrowDesk>('/api/escrow');
/** Agrees with one's open keys. Told: whether who asks can open the room again. */
export const agree = async (id: string) => (await sealed.api.post<{ opened: boolean }>(`/api/escrow/${id}/agreement`)).opened;
export const refuse = (id: string) => api.post(`/api/escrow/${id}/refusal`, {});
