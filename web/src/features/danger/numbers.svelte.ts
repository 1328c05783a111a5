/**
 * The numbers of all countries. They are fetched ahead and kept, because they may be needed when the line is gone.
 */
import { api } from '../../api/client';
import type { CountryNumbers } from '../../api/types';
import { localStore } from '../../base/storage';

const KEY = 'egida.numbers';

let countries = $state.raw<CountryNumbers[]>(localStore.get<CountryNumbers[]>(KEY) ?? []);
let asked: Promise<void> | null = null;

export const callNumbers = {
  /** Empty until they have come once. */
  get countries(): CountryNumbers[] {
    return countries;
  },
  /** Asks once in the life of the page; again after a failure. */
  load(): Promise<void> {
    asked ??= api.get<{ items: CountryNumbers[] }>('/api/numbers').then(
      ({ items }) => {
        countries = items;
        localStore.set(KEY, items);
      },
      (error: unknown) => {
        asked = null;
        throw error;
      },
    );
    return asked;
  },
};
