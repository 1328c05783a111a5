/** What a line of a room's timeline says, in the reader's words. Pure. */
import { moment } from '../../base/dates';
import { hasText, t, type Key } from '../../base/i18n.svelte';
import { word } from './codes';
import { dayText } from './days';
import { taskTitle } from './tasks';
import type { CaseContent, CaseEvent } from './types';

/** Values of an event are codes or days: each in the reader's words. */
function valueText(code: string, value: string): string {
  if (!value) return '';
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return dayText(value);
  const lists: Record<string, 'phase' | 'side' | 'risk' | 'mandate' | 'reason'> = { phase: 'phase', side: 'side', risk: 'risk', invited: 'mandate', proposed: 'mandate', closed: 'reason', proposal_closure: 'reason' };
  const list = lists[code];
  return list ? word(list, value) : value;
}

/** "Ana Marković moved the room from assessment to planning". */
export function eventText(event: CaseEvent, author: string): string {
  const key = `cases_event_${event.code}`;
  const ended = event.code === 'side' && !event.to ? 'cases_event_side_ended' : key;
  const params = {
    name: author || t('cases_event_by_itself'),
    subject: event.subject?.name ?? '',
    organisation: event.organisation?.name ?? '',
    from: valueText(event.code, event.from),
    to: valueText(event.code, event.to),
  };
  return hasText(ended) ? t(ended as Key, params) : `${params.name}: ${event.code}`;
}

/** The words of an entry in one piece, as they are found and printed. */
export function contentText(content: CaseContent): string {
  switch (content.kind) {
    case 'message':
      return content.body;
    case 'topic':
      return content.title;
    case 'task':
      return taskTitle(content);
    case 'meeting':
      return [moment(content.on), content.agenda, content.minutes].filter(Boolean).join('\n');
    case 'decision':
      return [content.text, content.ground].filter(Boolean).join('\n');
    case 'note':
      return content.text;
    case 'file':
      return [content.title, content.name].filter(Boolean).join(' – ');
    case 'closing':
      return [word('reason', content.reason), content.report].filter(Boolean).join('\n');
    case 'sheet':
      return content.sheet.summary;
  }
}
