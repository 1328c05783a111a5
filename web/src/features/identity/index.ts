/** What other features use of accounts. */
export { default as AppearanceChoice } from './AppearanceChoice.svelte';
export { default as LanguageChoice } from './LanguageChoice.svelte';
export { default as SignOutDialog } from './SignOutDialog.svelte';
export { chooseLanguage, ownName } from './language';
