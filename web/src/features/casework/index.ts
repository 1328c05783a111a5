/** What the pages of cases, referrals, requests, file cards and matching share. */
export { default as CaseworkPage } from './CaseworkPage.svelte';
export { default as GuardedArea } from './GuardedArea.svelte';
