/** Signing in through an institution's identity provider: which there are, going there, and what may come of it. */
import { api, refusalText } from '../../api/client';
import type { Page, Provider, ProviderBinding } from '../../api/types';

export const listProviders = async () => (await api.get<Page<Provider>>('/api/providers')).items;

export const ownBindings = async () => (await api.get<Page<ProviderBinding>>('/api/me/providers')).items;

/** What one goes there for: to sign in, and on to `next` afterwards; or to come in by the secret of an invitation. */
export type Errand = { next: string | null } | { invitation: string; name: string };

/** Leaves this site for the provider's; on the way back it is the sign-in page, or the one on which one joins. */
export async function goToProvider(provider: Provider, errand: Errand): Promise<void> {
  const { location: to } = await api.post<{ location: string }>(`/api/providers/${encodeURIComponent(provider.id)}/entries`, errand);
  location.assign(to);
}

/** What the server says on the way back when it lets nobody in. Anything else in the address is nobody's word. */
const REFUSALS = ['provider_expired', 'provider_refused', 'provider_unavailable'];

export function refusalOnReturn(code: string | null): string {
  return code && REFUSALS.includes(code) ? refusalText(code) : '';
}
