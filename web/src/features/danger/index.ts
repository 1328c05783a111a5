/** Whom to call when a child is in danger. */
export { default as CallLines } from './CallLines.svelte';
export { callNumbers } from './numbers.svelte';

/** The panel, fetched when it is first needed. */
export const dangerPanel = () => import('./DangerPanel.svelte');
