/** The template as the form holds it. */
import type { Practice, PracticeContent, PracticeMaterial } from '../../api/types';

export const TITLE_MAX = 120;
export const SUMMARY_MAX = 300;
export const TEXT_MAX = 4000;
export const LINE_MAX = 600;

const test = () => ({ verdict: '', note: '' });

export function blank(language: string): PracticeContent {
  return {
    title: '',
    summary: '',
    language,
    countries: [],
    places: [],
    themes: [],
    stage: '',
    pillar: '',
    ages: [],
    settings: [],
    from: '',
    to: '',
    partners: [],
    contact: null,
    problem: '',
    theory: '',
    steps: [],
    staff: '',
    cost: '',
    equipment: '',
    participation: '',
    safeguarding: '',
    inclusion: '',
    monitoring: '',
    results: '',
    limits: '',
    side_effects: '',
    conditions: '',
    sources: [],
    tests: {
      effective: test(),
      sustainable: test(),
      gender_sensitive: test(),
      feasible: test(),
      participatory: test(),
      replicable: test(),
    },
    materials: [],
    adaptation: null,
  };
}

export const blankMaterial = (): PracticeMaterial => ({ title: '', licence: 'ask', languages: [], note: '', file: null });

/** What an adaptation begins with: what its parent says, without what only the parent can say. */
export function adapted(parent: Practice, country: string | null, language: string): PracticeContent {
  const { content } = parent;
  return {
    ...structuredClone(content),
    language,
    countries: country ? [country] : [],
    places: [],
    from: '',
    to: '',
    partners: [],
    contact: null,
    monitoring: '',
    results: '',
    limits: '',
    side_effects: '',
    sources: [content.title],
    tests: blank(language).tests,
    materials: [],
    adaptation: { kept: '', changed: '', dropped: '', why: '', result: '' },
  };
}

/** The parts of the form, each with the fields whose being filled says how far one is. */
export const SECTIONS = [
  { id: 'what', fields: ['title', 'summary', 'stage', 'countries', 'themes', 'ages', 'settings'] },
  { id: 'why', fields: ['problem', 'theory'] },
  { id: 'how', fields: ['steps', 'staff', 'cost'] },
  { id: 'children', fields: ['participation', 'safeguarding', 'inclusion'] },
  { id: 'results', fields: ['monitoring', 'results', 'limits', 'side_effects'] },
  { id: 'elsewhere', fields: ['conditions', 'sources'] },
] as const;
export type SectionId = (typeof SECTIONS)[number]['id'];

/** How many fields of a part say something, and of how many. */
export function progress(content: PracticeContent, id: SectionId): { filled: number; of: number } {
  const fields = SECTIONS.find((section) => section.id === id)?.fields ?? [];
  const filled = fields.filter((field) => content[field].length > 0).length;
  return { filled, of: fields.length };
}

/** A list as it is typed, a line each. */
export const linesOf = (list: string[]): string => list.join('\n');
export const listOf = (lines: string): string[] =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
