/** What other features use of people. */
export { default as PersonButton } from './PersonButton.svelte';
export { default as PersonFacts } from './PersonFacts.svelte';
export { People } from './people.svelte';
export { openConversation } from './conversation';
export { roleText, scopeText } from './roles';
