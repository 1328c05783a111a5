import { beforeEach, describe, expect, it } from 'vitest';
import type { Waiting } from '../../api/outbox.svelte';
import { memoryStore, type Store } from '../../base/storage';
import { Writing } from './draft.svelte';
import { Drafts, placeOf } from './drafts';

const ANA = { id: '0197f1c2-0000-7000-8000-000000000001', name: 'Ana Pop' };
const quoted = { id: 'm', topic: 'u', author_name: 'Ion', body: `Hello @[Ana Pop](person:${ANA.id}) **there**` };

describe('what is being written', () => {
  let store: Store;
  const open = (topic: string | null = null) => new Writing('c', topic, new Drafts('me', store));
  const taken = (change: Partial<Waiting>) =>
    ({ body: 'refused', topic: null, new_topic: null, quote: null, state: 'refused', ...change }) as Waiting;

  beforeEach(() => void (store = memoryStore()));

  it('survives a reload whole: text, people, topic, what it answers', () => {
    const writing = open();
    writing.answer(quoted);
    writing.body = `${writing.mention(ANA)}, yes`;
    writing.save();
    const again = open();
    expect(again).toMatchObject({ body: '@Ana Pop, yes', topic: 'u', newTopic: null });
    expect(again.quoting).toEqual({ id: 'm', topic: 'u', author_name: 'Ion', body: 'Hello @Ana Pop there' });
    expect(again.markup).toBe(`@[Ana Pop](person:${ANA.id}), yes`);
  });

  it('keeps the title of a new topic, and forgets all once it is sent', () => {
    const writing = open();
    writing.newTopic = 'A new one';
    writing.save();
    expect(open().newTopic).toBe('A new one');
    writing.sent();
    writing.save();
    expect(store.keys()).toEqual([]);
  });

  it('warns of one message, and labels the next as the one before', () => {
    const writing = open();
    writing.labels = { marking: 'amber', warning: 'death' };
    writing.body = 'hard to read';
    writing.save();
    expect(open().labels.warning).toBe('death');
    writing.sent();
    expect(writing.labels).toEqual({ marking: 'amber', warning: undefined });
    writing.takeBack(taken({ marking: null, warning: 'death' }));
    expect(writing.labels.warning).toBe('death');
  });

  it('shows no words of what it answers under a warning', () => {
    const writing = open();
    writing.answer({ ...quoted, warning: 'death' });
    expect(writing.quoting?.body).not.toContain('Hello');
  });

  it('is measured as it is sent', () => {
    const writing = open();
    writing.body = writing.mention(ANA);
    expect(writing.size).toBe(`@[Ana Pop](person:${ANA.id})`.length);
  });

  it('takes a refused message back with its topic and what it answered', () => {
    const writing = open();
    writing.body = 'half';
    writing.takeBack(taken({ topic: 't', quote: 'm', quoted, body: `to @[Ana Pop](person:${ANA.id})` }));
    expect(writing).toMatchObject({ body: 'to @Ana Pop\n\nhalf', topic: 't', quoting: quoted });
    expect(writing.markup).toContain(`(person:${ANA.id})`);
    writing.takeBack(taken({ new_topic: 'Fresh' }));
    expect(writing).toMatchObject({ topic: null, newTopic: 'Fresh' });
  });

  it('stays in its topic when one is open, and leaves one that is gone', () => {
    const writing = open('t');
    writing.answer(quoted);
    writing.takeBack(taken({ topic: 't' }));
    expect(writing.topic).toBe('t');
    const stream = open();
    stream.takeBack(taken({ topic: 'gone', code: 'topic_not_found' }));
    expect(stream.topic).toBeNull();
  });

  it('goes along when its topic is moved, but not over something else', () => {
    const drafts = new Drafts('me', store);
    drafts.write(placeOf('c', 't'), { body: 'mine' });
    drafts.move(placeOf('c', 't'), placeOf('d', 't'));
    expect([drafts.read(placeOf('c', 't')).body, drafts.read(placeOf('d', 't')).body]).toEqual(['', 'mine']);
    drafts.write(placeOf('c', 't'), { body: 'other' });
    drafts.move(placeOf('c', 't'), placeOf('d', 't'));
    expect(drafts.read(placeOf('d', 't')).body).toBe('mine');
  });
});
