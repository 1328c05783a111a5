/** What other features use of the acts that take two. */
export { default as ApprovalsSection } from './ApprovalsSection.svelte';
