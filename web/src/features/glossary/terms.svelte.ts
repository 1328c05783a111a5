/** The glossary as it stands. Asked for when first needed, and again once a term has changed. */
import { api } from '../../api/client';
import { sync } from '../../api/sync.svelte';
import type { Concept, Page } from '../../api/types';

let concepts = $state.raw<Concept[]>([]);
let asked: Promise<void> | null = null;

export const theGlossary = {
  get concepts(): Concept[] {
    return concepts;
  },
  load(): Promise<void> {
    asked ??= api.get<Page<Concept>>('/api/glossary').then(
      ({ items }) => void (concepts = items),
      (error: unknown) => {
        asked = null;
        throw error;
      },
    );
    return asked;
  },
};

sync.listen((frame) => {
  if (frame.type !== 'notice' || frame.code !== 'glossary' || frame.about !== 'terms') return;
  asked = null;
  theGlossary.load().catch(() => {});
});
