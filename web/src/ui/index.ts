/**
 * The design system: how Egida looks and is operated. It knows no feature and no server. Each component
 * says at its top what it is for and what it takes; every colour and distance comes from tokens.css.
 */
export { default as Avatar } from './Avatar.svelte';
export { default as BackLink } from './BackLink.svelte';
export { default as Badge } from './Badge.svelte';
export { default as Banner } from './Banner.svelte';
export { default as Button } from './Button.svelte';
export { default as Checkbox } from './Checkbox.svelte';
export { default as CheckList } from './CheckList.svelte';
export { default as ChoiceList } from './ChoiceList.svelte';
export { default as Combobox } from './Combobox.svelte';
export { default as ConfirmDialog } from './ConfirmDialog.svelte';
export { default as CountBadge } from './CountBadge.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as EmptyState } from './EmptyState.svelte';
export { default as Field } from './Field.svelte';
export { default as Icon } from './Icon.svelte';
export { default as IconButton } from './IconButton.svelte';
export { default as Kbd } from './Kbd.svelte';
export { default as LinkTabs } from './LinkTabs.svelte';
export { default as LoadMore } from './LoadMore.svelte';
export { default as Marking } from './Marking.svelte';
export { default as Menu } from './Menu.svelte';
export { default as NextCard } from './NextCard.svelte';
export { default as NotFound } from './NotFound.svelte';
export { default as Popover } from './Popover.svelte';
export { default as RelativeTime } from './RelativeTime.svelte';
export { default as Select } from './Select.svelte';
export { default as Skeleton } from './Skeleton.svelte';
export { default as Spinner } from './Spinner.svelte';
export { default as StepLine } from './StepLine.svelte';
export { default as Switch } from './Switch.svelte';
export { default as Table } from './Table.svelte';
export { default as Tabs } from './Tabs.svelte';
export { default as TextArea } from './TextArea.svelte';
export { default as TextField } from './TextField.svelte';
export { default as ToastRegion } from './ToastRegion.svelte';
export { default as VisuallyHidden } from './VisuallyHidden.svelte';
export { explainOnHover, type Explained } from './hover-card';
export { icons, type IconName } from './icons';
export { colourOf, initialsOf } from './initials';
export { matches } from './matching';
export { place } from './place';
export { showTheme, theme, themes, useTheme, type Theme } from './theme.svelte';
export { dismissToast, toast } from './toasts.svelte';
export { tooltip } from './tooltip';
