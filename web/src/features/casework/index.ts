/** What the pages of cases, referrals, requests, file cards and matching share. */
export { default as CaseworkTabs } from './CaseworkTabs.svelte';
export { default as GuardedArea } from './GuardedArea.svelte';
