/** What other features use of exercises. */
import { needAllTexts } from '../../base/i18n.svelte';
import ExerciseBanner from './ExerciseBanner.svelte';

/** The banner for a page that comes without its texts: it brings them. */
export async function exerciseBanner() {
  await needAllTexts();
  return ExerciseBanner;
}
export { ExerciseBanner };
export { default as ExerciseChoice } from './ExerciseChoice.svelte';
