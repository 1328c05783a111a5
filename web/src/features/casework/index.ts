/** What the pages of cases, referrals, requests, file cards and matching share. */
export { default as CaseworkFrame } from './CaseworkFrame.svelte';
export { default as CodeFields } from './CodeFields.svelte';
export { default as GuardedArea } from './GuardedArea.svelte';
