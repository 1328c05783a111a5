/** A row of the record as a sentence in the reader's language. */
import { roleText } from '../directory';
import type { Role } from '../../api/types';
import { hasText, localName, t, type Key } from '../../base/i18n.svelte';
import type { RecordRow, Thing } from './record.svelte';

/** Enough of an id to tell two apart: the last digits, for the first ones are the time. */
const short = (id: string) => (/^[0-9a-f-]{36}$/.test(id) ? id.slice(-6) : id);

/** A person's or channel's name; else what it is, and the end of its id. */
export function thingText(thing: Thing): string {
  const name = localName(thing.name);
  if (name) return name;
  const key = `record_thing_${thing.kind}`;
  return t(hasText(key) ? key : 'record_thing_other', { id: short(thing.id) });
}

/** `moderator country:RO` in words. */
function powerText(detail: string): string {
  // What the operator did on the machine itself is marked.
  const [role = '', scope = ''] = detail.replace(/^cli /, '').split(' ');
  return roleText({ role, scope } as Role);
}

/** What takes two, in words: its kind, and the channel it is about. */
function approvalText({ detail, about: [place] }: RecordRow): string {
  const [kind = ''] = detail.split(' ');
  const key = `approvals_kind_${kind}`;
  return [hasText(key) ? t(key as Key) : kind, place ? thingText(place) : ''].filter(Boolean).join(', ');
}

export function sentence(row: RecordRow): string {
  const key = `act_${row.act.replaceAll('.', '_')}`;
  const [subject, other] = row.about;
  return t(hasText(key) ? (key as Key) : 'act_other', {
    actor: row.actor ? thingText(row.actor) : t('record_operator'),
    act: row.act,
    target: thingText(row.target),
    subject: subject ? thingText(subject) : '',
    other: other ? thingText(other) : '',
    role: powerText(row.detail),
    approval: approvalText(row),
    count: row.count,
  });
}

/** What else a row that counts is about; empty for every other. */
export function alsoText(row: RecordRow): string {
  if (!row.detail.startsWith('count=') || !row.about.length) return '';
  return t('record_also', { things: row.about.map(thingText).join(', ') });
}
