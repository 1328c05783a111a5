/** What other features use of exercises. */
export { default as ExerciseBanner } from './ExerciseBanner.svelte';
