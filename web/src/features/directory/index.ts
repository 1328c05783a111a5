/** What other features use of people. */
export { default as PersonButton } from './PersonButton.svelte';
export { default as PersonFacts } from './PersonFacts.svelte';
export { People } from './people.svelte';
export { openConversation } from './conversation';
export { default as EntrySection } from './EntrySection.svelte';
export { default as WorkplaceChoice, type Workplace } from './WorkplaceChoice.svelte';
export { ownEntry } from './entry.svelte';
export { capital, regimeText } from './words';
export { roleText, scopeText } from './roles';
