/** What other features use of accounts. */
export { default as AppearanceChoice } from './AppearanceChoice.svelte';
export { default as EntryFrame } from './EntryFrame.svelte';
export { default as LanguageChoice } from './LanguageChoice.svelte';
export { default as NewPassword } from './NewPassword.svelte';
export { longEnough, PASSWORD_MIN } from './password';
export { tellOfNotices } from './notices';
export { listProviders } from './providers';
export { default as SignOutDialog } from './SignOutDialog.svelte';
export { chooseLanguage, ownName } from './language';
export { fromBytes, knowsPasskeys, toBytes, wasCancelled } from './passkeys';
