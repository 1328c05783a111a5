/** What other features use of moderation. What is seldom needed is fetched when it is. */
export { default as MutedBar } from './MutedBar.svelte';
export { default as WarningBar } from './WarningBar.svelte';
export { loadPolicy, savePolicy, type Policy } from './policy';

export const heldCard = () => import('./HeldCard.svelte');
export const policyFields = () => import('./PolicyFields.svelte');
export const reportDialog = () => import('./ReportDialog.svelte');
export const retractDialog = () => import('./RetractDialog.svelte');
export const sanctionDialog = () => import('./SanctionDialog.svelte');
