import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LATER, isLater } from './catalogues';

const source = new URL('../src', import.meta.url).pathname;
const english = Object.keys(JSON.parse(readFileSync(new URL('../messages/en.json', import.meta.url), 'utf8')));

describe('the parts of a catalogue', () => {
  it('are both there', () => {
    expect(english.filter(isLater).length).toBeGreaterThan(100);
    expect(english.filter((key) => !isLater(key)).length).toBeGreaterThan(1000);
  });

  it('leave no text for later that a page says before', () => {
    const later = english.filter(isLater);
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(svelte|ts)$/.test(file) && !/\.(test|d)\.ts$/.test(file))
      .filter((file) => !LATER.some((feature) => file.startsWith(`features/${feature}/`)));
    const early = files.flatMap((file) => {
      const text = readFileSync(join(source, file), 'utf8');
      return later.filter((key) => text.includes(`'${key}'`)).map((key) => `${file}: ${key}`);
    });
    expect(early).toEqual([]);
  });
});
