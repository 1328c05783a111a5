/** What other features may use of this one. */
export { channelIcon, groups, type Group } from './groups';
export { default as JoinBar } from './JoinBar.svelte';
export { default as LeaveChannelDialog } from './LeaveChannelDialog.svelte';
export { ask, join, leave, withdraw } from './membership';
export { channelFootnote } from './notes';

/** Fetched where a channel is opened. */
export const retentionChoice = () => import('./RetentionChoice.svelte');
