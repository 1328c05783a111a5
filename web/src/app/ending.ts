/** When somebody is reminded that their accreditation ends: quietly at first, urgently towards the end. */
const DAY = 24 * 60 * 60 * 1000;

export type Reminder = 'quiet' | 'urgent' | null;

/**
 * Which reminder is due. `until`: RFC 3339, or none; what has run out already is told on a page of its own. `within`: how
 * many days before the end the region reminds, quietly and urgently.
 */
export function reminder(until: string | null | undefined, now: number, within: readonly number[]): Reminder {
  const [quietly = 0, urgently = 0] = within;
  if (!until) return null;
  const days = (Date.parse(until) - now) / DAY;
  if (!(days > 0) || days > quietly) return null;
  return days <= urgently ? 'urgent' : 'quiet';
}
