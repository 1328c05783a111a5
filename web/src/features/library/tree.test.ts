import { expect, test } from 'vitest';
import type { PracticeSurroundings } from '../../api/types';
import { tree } from './tree';

const one = (id: string, parent: string | null) => ({ practice: { id }, parent }) as PracticeSurroundings['family'][number];

test('each stands below what it adapts', () => {
  const rows = tree([one('a', null), one('b', 'a'), one('c', 'a'), one('d', 'b')]);
  expect(rows.map(({ item, depth }) => `${'-'.repeat(depth)}${item.id}`)).toEqual(['a', '-b', '--d', '-c']);
});
