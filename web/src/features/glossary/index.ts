/** What other features use of the glossary. */
export { theGlossary } from './terms.svelte';
export { LANGUAGES, termLanguage } from './glossary.svelte';
