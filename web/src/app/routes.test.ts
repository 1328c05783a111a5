import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findRoute, routes } from './routes';

it('leads to every page of every feature, and to nothing else', () => {
  const features = join(import.meta.dirname, '../features');
  const pages = readdirSync(features, { recursive: true }).filter((path) => String(path).endsWith('Page.svelte'));
  const loaders = new Set(routes.map((route) => route.load));
  expect(loaders.size).toBe(pages.length);
});

it('finds a page with the named parts of its path', () => {
  expect(findRoute('/c/1/t/2').params).toEqual({ channel: '1', topic: '2' });
  expect(findRoute('/nowhere/at/all').route.title).toBe('nav_not_found');
});
