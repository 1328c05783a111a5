/** What other features use of the record. */
export { default as WhoLooked } from './WhoLooked.svelte';
