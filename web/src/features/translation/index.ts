/** What other features may use of this one; what it shows is fetched when it is first needed. */
export { mayBeTranslated, translation } from './translation.svelte';
export const translatedBlock = () => import('./Translated.svelte');
