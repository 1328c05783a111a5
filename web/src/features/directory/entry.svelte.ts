/** One's own entry in the directory. */
import { api, whenSignedOut } from '../../api/client';
import type { Profile } from '../../api/types';

export interface EntryWish {
  topics: string[];
  languages: string[];
  offer: string;
  availability: string;
}

let own = $state.raw<Profile | null>(null);
whenSignedOut(() => (own = null));

export const ownEntry = {
  get current(): Profile | null {
    return own;
  },
  async load(): Promise<Profile> {
    own = await api.get<Profile>('/api/me/directory-entry');
    return own;
  },
  /** Saving is confirming. */
  async save(wish: EntryWish): Promise<void> {
    own = await api.put<Profile>('/api/me/directory-entry', wish);
  },
  /** Says that it is still true, as it stands. */
  async confirm(): Promise<void> {
    const { topics, languages, offer, availability } = own ?? (await ownEntry.load());
    await ownEntry.save({ topics, languages, offer: offer ?? '', availability: availability ?? '' });
  },
};
