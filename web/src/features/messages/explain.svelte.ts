/** The cards of abbreviations, in the reader's language. */
import { theVocabulary } from '../../api/vocabulary.svelte';
import type { Abbreviation } from '../../api/types';
import { language, localName, t } from '../../base/i18n.svelte';
import { explainOnHover, type Explained } from '../../ui/hover-card';
import { markIn, patternOf } from './abbreviations';

const known = $derived(new Map(theVocabulary.abbreviations.flatMap((each) => each.forms.map((form) => [form, each] as const))));
const forms = $derived(new Set(known.keys()));
const pattern = $derived(patternOf([...forms]));

/** Marks the abbreviations of a message; nothing happens until the vocabulary is there. */
export function explainAbbreviations(body: HTMLElement): void {
  if (!pattern) return;
  markIn(body, pattern, forms, (word, form) => {
    explainOnHover(word, () => explained(form, known.get(form)));
  });
}

function explained(form: string, abbreviation: Abbreviation | undefined): Explained {
  if (!abbreviation) return { title: form, lines: [] };
  const { term, note, source } = abbreviation;
  const lines: Explained['lines'] = [{ text: localName(term) }];
  // The letters often come from English: whoever reads in another language sees why.
  if (language() !== 'en' && term.en !== localName(term)) lines.push({ text: term.en, quiet: true, language: 'en' });
  if (note) lines.push({ text: localName(note), quiet: true });
  const where = source === 'vocabulary' ? t('abbreviation_vocabulary') : source === 'glossary' ? t('abbreviation_glossary') : source;
  lines.push({ text: t('abbreviation_source', { source: where }), quiet: true });
  return { title: form, lines };
}
