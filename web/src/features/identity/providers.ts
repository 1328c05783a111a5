/** Signing in through an institution's identity provider: which there are, going there, and what may come of it. */
import { api, refusalText } from '../../api/client';
import type { Page, Provider, ProviderBinding } from '../../api/types';

export const listProviders = async () => (await api.get<Page<Provider>>('/api/providers')).items;

export const ownBindings = async () => (await api.get<Page<ProviderBinding>>('/api/me/providers')).items;

/** Leaves this site for the provider's; on the way back the sign-in page is told `next`. */
export async function goToProvider(provider: Provider, next: string | null): Promise<void> {
  const { location: to } = await api.post<{ location: string }>(`/api/providers/${encodeURIComponent(provider.id)}/entries`, { next });
  location.assign(to);
}

/** What the server says on the way back when it lets nobody in. Anything else in the address is nobody's word. */
const REFUSALS = ['provider_expired', 'provider_refused', 'provider_unavailable'];

export function refusalOnReturn(code: string | null): string {
  return code && REFUSALS.includes(code) ? refusalText(code) : '';
}
