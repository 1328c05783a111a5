/** What other features may use of this one. */
export { default as MessageBody } from './MessageBody.svelte';
export { withNames } from './mentions';
export { topicTitle } from './titles';
export { default as Warned } from './Warned.svelte';
