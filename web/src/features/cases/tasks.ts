/** Tasks of a room. Pure. */
import { hasText, t } from '../../base/i18n.svelte';
import type { CaseEntry, CaseTask } from './types';

/** What is due first comes first, what has no day last. */
export function byDue(one: CaseEntry<CaseTask>, other: CaseEntry<CaseTask>): number {
  const [due, otherDue] = [one.content?.due ?? '9999', other.content?.due ?? '9999'];
  return due.localeCompare(otherDue) || one.place - other.place;
}

/** A line of the missing-child checklist stands in the reader's language, whatever it was opened in. */
export function taskTitle({ title, code }: CaseTask): string {
  const key = `cases_task_${code}`;
  return code && hasText(key) ? t(key) : title;
}
