/** Files that are sent, and files that hang on something. Whoever needs this fetches it when the first file is at hand. */
export { default as FileField } from './FileField.svelte';
export { default as FileList } from './FileList.svelte';
export { default as UploadList } from './UploadList.svelte';
export { accepted, Uploads } from './uploads.svelte';
export { sizeText } from './sizes';
