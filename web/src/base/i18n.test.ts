import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Catalogue, localName, t, translate, useLanguage } from './i18n.svelte';

const WEB = join(import.meta.dirname, '../..');
const english = JSON.parse(readFileSync(join(WEB, 'messages/en.json'), 'utf8')) as Catalogue;

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(svelte|ts)$/.test(name) && !/\.(test|d)\.ts$/.test(name) ? [readFileSync(path, 'utf8')] : [];
  });
}
const code = sources(join(WEB, 'src')).join('\n');

/** Keys put together at run time, as in t(`problem_${code}`): the part before the hole. */
const prefixes = [...code.matchAll(/`([a-z_]+_)\$\{/g)].map((match) => match[1]!);
const literals = new Set([...code.matchAll(/['"`]([a-z][a-z_0-9]*)['"`]/g)].map((match) => match[1]!));

describe('the texts in use', () => {
  it('are all in the catalogue', () => {
    const used = [...code.matchAll(/\bt\(\s*['"]([a-z_0-9]+)['"]/g)].map((match) => match[1]!);
    expect(used.filter((key) => !(key in english))).toEqual([]);
  });

  it('are all that is in the catalogue', () => {
    const unused = Object.keys(english).filter(
      (key) => !literals.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});

describe('the language in use', () => {
  it('is set with its own spaces, in the catalogue and in what the server keeps', async () => {
    await useLanguage('fr-FR');
    expect(t('chat_delete_title')).toBe('Supprimer ce message\u202F?');
    expect(t('chat_arrived', { count: 2 })).toBe('2 nouveaux messages\u00A0: y aller');
    expect(localName({ en: 'For all: news', fr: 'Pour tous : nouvelles' })).toBe('Pour tous\u00A0: nouvelles');
    await useLanguage('en');
    expect(t('chat_delete_title')).toBe('Delete this message?');
  });
});

describe('translate', () => {
  const say = (catalogue: Catalogue, key: string, params = {}, language = 'en') =>
    translate(catalogue, key, params, {
      rules: () => new Intl.PluralRules(language),
      format: () => new Intl.NumberFormat(language),
      language,
    });

  it('fills holes, numbers as the language writes them', () => {
    expect(say({ a: 'of {size}, {name}' }, 'a', { size: 16384, name: 'Ana' })).toBe('of 16,384, Ana');
  });

  it('chooses the plural form', () => {
    const romanian: Catalogue = { a: { one: '{count} mesaj', few: '{count} mesaje', other: '{count} de mesaje' } };
    expect([1, 17, 20].map((count) => say(romanian, 'a', { count }, 'ro'))).toEqual(['1 mesaj', '17 mesaje', '20 de mesaje']);
  });

  it('shows the key rather than nothing', () => {
    expect(say({}, 'gone')).toBe('gone');
  });
});
