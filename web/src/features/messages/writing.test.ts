import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../base/storage';
import { Drafts, forgetDrafts, placeOf } from './drafts';
import { findEmoji } from './emoji';
import { mentionOf } from './mentions';
import { complete, mark, sizeOf, triggerAt } from './writing';

describe('marking text', () => {
  it('puts a mark around the selection and takes it away again', () => {
    const bold = mark({ text: 'say it now', start: 4, end: 6 }, 'bold');
    expect(bold).toEqual({ text: 'say **it** now', start: 6, end: 8 });
    expect(mark(bold, 'bold')).toEqual({ text: 'say it now', start: 4, end: 6 });
  });

  it('marks whole lines for a quotation and a list', () => {
    const quoted = mark({ text: 'one\ntwo', start: 1, end: 5 }, 'quote');
    expect(quoted.text).toBe('> one\n> two');
    expect(mark(quoted, 'quote').text).toBe('one\ntwo');
    expect(mark({ text: 'a\nb', start: 2, end: 3 }, 'list').text).toBe('a\n- b');
  });

  it('makes a block of several lines of code', () => {
    expect(mark({ text: 'a\nb', start: 0, end: 3 }, 'code').text).toBe('\n```\na\nb\n```\n');
  });

  it('waits for the address of a link', () => {
    const link = mark({ text: 'see law', start: 4, end: 7 }, 'link');
    expect(link.text).toBe('see [law](https://)');
    expect(link.text.slice(link.start, link.end)).toBe('https://');
  });
});

describe('completing', () => {
  it('sees names in every script, and names of two words', () => {
    expect(triggerAt('hello @Анд', 10)).toMatchObject({ kind: 'person', query: 'Анд', from: 6 });
    expect(triggerAt('@Ελπίδα Ροδ', 11)).toMatchObject({ query: 'Ελπίδα Ροδ' });
    expect(triggerAt('(@ana', 5)).toMatchObject({ query: 'ana' });
  });

  it('leaves addresses, times and finished words alone', () => {
    expect(triggerAt('ana@example', 11)).toBeNull();
    expect(triggerAt('at 10:30', 8)).toBeNull();
    expect(triggerAt(':a', 2)).toBeNull();
    expect(triggerAt(':smi', 4)).toMatchObject({ kind: 'emoji', query: 'smi' });
    expect(triggerAt('oui :éto', 8)).toMatchObject({ kind: 'emoji', query: 'éto' });
  });

  it('puts the choice in place of what was typed', () => {
    const trigger = triggerAt('hi @an there', 6)!;
    const mention = mentionOf({ id: '7', name: 'Ana [x]' });
    expect(mention).toBe('@[Ana x](person:7)');
    expect(complete('hi @an there', 6, trigger, mention).text).toBe('hi @[Ana x](person:7)  there');
  });
});

describe('size', () => {
  it('counts bytes, as the server does', () => {
    expect(sizeOf('a')).toBe(1);
    expect(sizeOf('ж')).toBe(2);
    expect(sizeOf('👍')).toBe(4);
  });
});

describe('drafts', () => {
  it('are kept for the account and the place, until sent or signed out', () => {
    const store = memoryStore();
    const drafts = new Drafts('ana', store);
    drafts.write(placeOf('c', null), { body: 'half' });
    drafts.write(placeOf('c', 't'), { body: 'other' });
    expect(drafts.read(placeOf('c', null)).body).toBe('half');
    expect(new Drafts('ion', store).read('c').body).toBe('');
    drafts.write(placeOf('c', null), { body: '  ' });
    expect(store.keys()).toEqual(['egida.draft.ana.c.t']);
    forgetDrafts('ana', store);
    expect(store.keys()).toEqual([]);
  });
});
