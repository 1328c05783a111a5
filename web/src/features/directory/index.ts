/** What other features use of people. */
export { default as PersonButton } from './PersonButton.svelte';
export { default as PersonFacts } from './PersonFacts.svelte';
export { openConversation } from './conversation';
export { default as EntrySection } from './EntrySection.svelte';
export { roleText, scopeText } from './roles';
