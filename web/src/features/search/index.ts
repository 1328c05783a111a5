/** What others use of searching: forgetting it, and telling of what an alert has found. */
import { session } from '../../api/session.svelte';
import { localStore } from '../../base/storage';
import { forgetSearches } from './recent';

export const tellOfResults = (id: string, name: string) =>
  import('./alerts').then((alerts) => alerts.tellOfResults(id, name)).catch(() => {});

session.whenLeaving((account) => forgetSearches(localStore, account));
