/** What other features may use of this one. */
export { default as MessageBody } from './MessageBody.svelte';
export { withNames } from './mentions';
export { topicTitle } from './titles';
export { default as Warned } from './Warned.svelte';
/** What the guard finds in a field while somebody writes; fetched when somebody does. */
export const guardNotes = () => import('./GuardNotes.svelte');
