import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { needAllTexts, useLanguage } from '../../base/i18n.svelte';
import type { RecordRow, Thing } from './record.svelte';
import { alsoText, sentence, thingText } from './sentences';

beforeAll(async () => {
  await useLanguage('en');
  await needAllTexts();
});

const ID = '0199aaaa-0000-7000-8000-0000001a2b3c';
const thing = (kind: string, name?: string, id = ID): Thing => ({ kind, id, name: name ? { en: name, fr: name } : null });
const row = (act: string, rest: Partial<RecordRow> = {}): RecordRow => ({
  n: 1,
  at: '2026-11-24T10:00:00Z',
  act,
  actor: thing('account', 'Ana Pop'),
  target: thing('channel', 'Romania'),
  about: [],
  count: 1,
  detail: '',
  ...rest,
});

test('people and channels are named, the rest by the end of its id', () => {
  expect(thingText(thing('account', 'Ana Pop'))).toBe('Ana Pop');
  expect(thingText(thing('channel'))).toBe('a closed channel (1a2b3c)');
  expect(thingText(thing('network', undefined, '192.0.2.0/24'))).toBe('from network 192.0.2.0/24');
  expect(thingText(thing('something', undefined, 'new'))).toBe('new');
});

test('an act is a sentence', () => {
  expect(sentence(row('member.admit', { about: [thing('account', 'Bo')] }))).toBe('Ana Pop admitted Bo to Romania');
  expect(sentence(row('role.grant', { target: thing('account', 'Bo'), detail: 'moderator region' }))).toBe(
    'Ana Pop gave Bo a power: Moderator: whole region',
  );
  expect(sentence(row('token.create', { actor: null, target: thing('account', 'Bo') }))).toBe('The operator made a token for Bo');
  expect(sentence(row('session.fail', { actor: null, count: 3, target: thing('account', 'Bo') }))).toBe('3 sign-ins failed: Bo');
});

test('an act that has no sentence yet is named as it is', () => {
  expect(sentence(row('something.new'))).toBe('Ana Pop: something.new, Romania');
});

test('a row that counts says what else it is about', () => {
  expect(alsoText(row('access.hidden', { detail: `count=2 also=channel:${ID}`, about: [thing('channel')] }))).toBe(
    'Also: a closed channel (1a2b3c)',
  );
  expect(alsoText(row('member.admit', { about: [thing('account', 'Bo')] }))).toBe('');
});

/** Every act that the server's sources name has its sentence. */
test('every recorded act has a sentence', () => {
  const english = JSON.parse(readFileSync(new URL('../../../messages/en.json', import.meta.url), 'utf8'));
  const server = fileURLToPath(new URL('../../../../server/src/', import.meta.url));
  const sources = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.rs'));
  const act = /"((?:access|account|channel|country|factor|focal_point|held|invitation|member|message|organisation|profile|report|role|session|token|topic)\.[a-z_]+)"/g;
  const acts = new Set<string>();
  for (const source of sources) {
    for (const [, name] of readFileSync(`${server}/${source}`, 'utf8').matchAll(act)) acts.add(name!);
  }
  expect(acts.size).toBeGreaterThan(25);
  expect([...acts].filter((act) => !(`act_${act.replaceAll('.', '_')}` in english))).toEqual([]);
});
