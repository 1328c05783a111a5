/** What other features use of studies. */
export { default as OrganisationChoice } from './OrganisationChoice.svelte';
