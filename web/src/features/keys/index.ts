/** What other features use of keys: a client for what is sealed, and what to put around a page that shows it. */
export { default as Locked } from './Locked.svelte';
export { keys } from './keys.svelte';
import { sealedApi } from './keys.svelte';

export const sealed = { api: sealedApi };
