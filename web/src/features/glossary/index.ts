/** What other features use of the glossary. */
export { theGlossary } from './terms.svelte';
export { termLanguage } from './glossary.svelte';
