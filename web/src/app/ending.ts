/** When somebody is reminded that their accreditation ends: quietly in the last thirty days, urgently in the last seven. */
const DAY = 24 * 60 * 60 * 1000;
export const QUIETLY_WITHIN = 30;
export const URGENTLY_WITHIN = 7;

export type Reminder = 'quiet' | 'urgent' | null;

/** Which reminder is due. `until`: RFC 3339, or none; what has run out already is told on a page of its own. */
export function reminder(until: string | null | undefined, now: number): Reminder {
  if (!until) return null;
  const days = (Date.parse(until) - now) / DAY;
  if (!(days > 0) || days > QUIETLY_WITHIN) return null;
  return days <= URGENTLY_WITHIN ? 'urgent' : 'quiet';
}
