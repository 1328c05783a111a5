/** What others use of searching: forgetting it. */
import { session } from '../../api/session.svelte';
import { localStore } from '../../base/storage';
import { forgetSearches } from './recent';

session.whenLeaving((account) => forgetSearches(localStore, account));
