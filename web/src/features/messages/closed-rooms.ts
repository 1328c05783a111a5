/** What is taken from one place to a closed room. Pure. */
import type { Channel, Labels } from '../../api/types';
import type { Draft } from './drafts';
import { isStricter } from './labels';

/** The closed rooms where somebody can say something, but for the one they are in. */
export const roomsBeside = (channels: Channel[], here: string) =>
  channels.filter((room) => room.kind === 'closed' && room.member && !room.archived && room.can.post && room.id !== here);

/** The draft of a room with a text below what is begun there. Labels come along where none are chosen yet. */
export function withText(there: Draft, text: string, labels: Labels, room: Pick<Channel, 'marking' | 'ceiling'>): Draft {
  const body = there.body.trim() ? `${there.body.trimEnd()}\n\n${text}` : text;
  if (there.labels) return { ...there, body };
  const { marking } = labels;
  // As strictly as it was marked, if the room holds that and doesn't mark so anyway.
  const fits = marking && isStricter(marking, room.marking) && !isStricter(marking, room.ceiling);
  return { ...there, body, labels: { ...labels, marking: fits ? marking : null, ...(!fits && { expires_in_days: undefined }) } };
}
