/** A family of practices as a tree, each below what it adapts. */
import type { PracticeItem, PracticeSurroundings } from '../../api/types';

export interface Row {
  item: PracticeItem;
  depth: number;
}

export function tree(family: PracticeSurroundings['family']): Row[] {
  const rows: Row[] = [];
  const below = (parent: string | null, depth: number) => {
    for (const { practice, parent: own } of family) {
      if (own !== parent) continue;
      rows.push({ item: practice, depth });
      below(practice.id, depth + 1);
    }
  };
  below(null, 0);
  return rows;
}
