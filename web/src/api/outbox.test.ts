import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStore, type Store } from '../base/storage';
import { Outbox } from './outbox.svelte';
import type { Post } from './types';

const post = (ref: string, body = ref): Post => ({
  ref,
  channel: 'c',
  topic: null,
  new_topic: null,
  body,
  marking: null,
  quote: null,
  attachments: [],
});
const at = (second: number) => `2026-11-24T10:00:0${second}.000Z`;

describe('the outbox', () => {
  let store: Store;
  let online: boolean;
  let sent: string[];
  let posts: Post[];
  let outbox: Outbox;

  const make = () => {
    const made = new Outbox((each) => {
      if (online) sent.push(each.ref);
      posts.push(each);
      return online;
    }, store);
    made.open('ana');
    return made;
  };

  beforeEach(() => {
    store = memoryStore();
    online = false;
    sent = [];
    posts = [];
    outbox = make();
  });

  it('keeps what is written without a connection and sends it once, in order, on return', () => {
    outbox.add(post('1'), at(1));
    outbox.add(post('2'), at(2));
    expect(sent).toEqual([]);
    online = true;
    outbox.flush();
    outbox.flush();
    expect(sent).toEqual(['1', '2']);
  });

  it('survives a reload', () => {
    outbox.add(post('2'), at(2));
    outbox.add(post('1'), at(1));
    online = true;
    const reloaded = make();
    reloaded.flush();
    expect(sent).toEqual(['1', '2']);
  });

  it('sends again, with the same ref, what was never answered', () => {
    online = true;
    outbox.add(post('1'), at(1));
    outbox.lost();
    outbox.flush();
    expect(sent).toEqual(['1', '1']);
  });

  it('forgets what was acknowledged, also after a reload', () => {
    online = true;
    outbox.add(post('1'), at(1));
    outbox.acknowledged('1');
    expect(outbox.find('1')?.state).toBe('stored');
    expect(make().items).toEqual([]);
  });

  it('has only so many under way at once', () => {
    online = true;
    for (let n = 0; n < 20; n += 1) outbox.add(post(`${n}`), at(1));
    expect(sent).toHaveLength(8);
    outbox.acknowledged('0');
    expect(sent).toHaveLength(9);
  });

  it('keeps a refused message with its reason, until the writer decides', () => {
    online = true;
    outbox.add(post('1'), at(1));
    expect(outbox.refused('1', 'muted')).toBe(true);
    const kept = make();
    expect(kept.find('1')).toMatchObject({ state: 'refused', code: 'muted' });
    kept.flush();
    expect(sent).toEqual(['1']);
    kept.retry('1');
    expect(sent).toEqual(['1', '1']);
  });

  it('knows what nobody else has, and what was refused', () => {
    outbox.add(post('1'), at(1));
    online = true;
    outbox.add(post('2'), at(2));
    outbox.refused('1', 'muted');
    outbox.add(post('3'), at(3));
    outbox.acknowledged('3');
    expect(outbox.unsent.map(({ ref }) => ref)).toEqual(['1', '2']);
    expect(outbox.refusals.map(({ ref }) => ref)).toEqual(['1']);
  });

  it('keeps what a message answers beside it, and follows its topic when told to', () => {
    const quoted = { id: 'm', topic: 't', author_name: 'Ion', body: 'asked' };
    outbox.add({ ...post('1'), quote: 'm', quoted }, at(1));
    online = true;
    outbox.flush();
    outbox.refused('1', 'topic_moved');
    outbox.retry('1', 'elsewhere');
    expect(make().find('1')).toMatchObject({ channel: 'elsewhere', quote: 'm', quoted });
    expect(posts.every((each) => !('quoted' in each))).toBe(true);
  });

  it('tries again when the refusal only means "not now"', () => {
    online = true;
    outbox.add(post('1'), at(1));
    expect(outbox.refused('1', 'busy')).toBe(false);
    outbox.flush();
    expect(sent).toEqual(['1', '1']);
  });

  it('leaves nothing of an account that signed out, and nothing of others', () => {
    outbox.add(post('1'), at(1));
    store.set('egida.outbox.ion.9', { ...post('9'), at: at(1), state: 'waiting' });
    outbox.forget('ana');
    expect(outbox.items).toEqual([]);
    expect(store.keys()).toEqual(['egida.outbox.ion.9']);
  });
});
