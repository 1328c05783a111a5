/** What other features use of exercises. */
import { needAllTexts } from '../../base/i18n.svelte';

/** The banner over the rooms of an exercise, with its texts. */
export async function exerciseBanner() {
  const [banner] = await Promise.all([import('./ExerciseBanner.svelte'), needAllTexts()]);
  return banner;
}
export { default as ExerciseChoice } from './ExerciseChoice.svelte';
