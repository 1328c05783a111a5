/** Helping somebody back in who has lost their password or second factor. */
export { default as RemovalList } from './RemovalList.svelte';
export { default as RescueSection } from './RescueSection.svelte';
