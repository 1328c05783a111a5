export { default as ConfirmationsSection } from './ConfirmationsSection.svelte';
