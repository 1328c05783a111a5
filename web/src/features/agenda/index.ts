/** What other features use of the agenda. */
export { countryOptions, languageOptions, textLanguage, themeOptions } from './options';
export { MARKINGS, tagsOf } from './agenda.svelte';
export { tellOfEvent } from './notices';
