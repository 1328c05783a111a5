/** What other features use of moderation. */
export { default as HeldCard } from './HeldCard.svelte';
export { default as MutedBar } from './MutedBar.svelte';
export { default as PolicyFields } from './PolicyFields.svelte';
export { default as ReportDialog } from './ReportDialog.svelte';
export { default as SanctionDialog } from './SanctionDialog.svelte';
export { default as WarningBar } from './WarningBar.svelte';
export { loadPolicy, savePolicy, type Policy } from './policy';
