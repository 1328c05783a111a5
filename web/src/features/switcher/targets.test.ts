import { beforeAll, expect, test } from 'vitest';
import { session } from '../../api/session.svelte';
import { topics } from '../../api/topics.svelte';
import type { Me, Person, Topic } from '../../api/types';
import { useLanguage } from '../../base/i18n.svelte';
import { targets } from './targets';

const person = (id: string, name: string) => ({ id, name, country: 'RO' }) as Person;
const found = [person('me', 'Maria Ionescu'), person('1', 'Marko Marković'), person('2', 'Ana Mareș')];
const labels = (query: string, channel?: string) => targets(query, channel, found).map(({ label }) => label);

beforeAll(async () => {
  await useLanguage('en');
  session.enter({ id: 'me', name: 'Maria Ionescu' } as Me);
  topics.put({ id: 't', channel: 'c', title: 'Жртве трговине', general: false, unread: 0, last_seq: 1 } as Topic);
});

test('people found for an earlier query are offered only while they fit', () => {
  expect(labels('Mar')).toEqual(['Marko Marković', 'Ana Mareș']);
  expect(labels('mare')).toEqual(['Ana Mareș']);
  expect(labels('zzz')).toEqual([]);
});

test('nobody is offered a conversation with themselves', () => {
  expect(labels('Maria')).not.toContain('Maria Ionescu');
});

test('a topic in Cyrillic is found in Latin letters', () => {
  expect(labels('zrtve', 'c')).toEqual(['Жртве трговине']);
});
