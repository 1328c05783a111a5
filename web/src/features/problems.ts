/** For every feature: says at the edge of the window what went wrong. */
import { problemText } from '../api/client';
import { toast } from '../ui/toasts.svelte';

export function tellProblem(error: unknown): void {
  toast(problemText(error), { tone: 'danger' });
}
