/** The cards of abbreviations and of the glossary's terms, in the reader's language. */
import { listed, theVocabulary } from '../../api/vocabulary.svelte';
import type { Abbreviation } from '../../api/types';
import { language, localName, t } from '../../base/i18n.svelte';
import { explainOnHover, type Explained } from '../../ui/hover-card';
import { termLanguage, theGlossary } from '../glossary';
import { findIn, mayAbbreviate, patternOf } from './abbreviations';
import { markIn, unmarkIn } from './marking';
import { indexOf, languagesOf, termsIn, type Index } from './terms';

const known = $derived(new Map(theVocabulary.abbreviations.flatMap((each) => each.forms.map((form) => [form, each] as const))));
const forms = $derived(new Set(known.keys()));
const pattern = $derived(patternOf([...forms]));
const index = $derived(indexOf(theGlossary.concepts, language()));
/** By which terms a message was marked: another language of the reader has others. */
const marked = new WeakMap<HTMLElement, Index>();

/** Marks the abbreviations and terms of a message; nothing happens until the vocabulary and the glossary are there. */
export function explainWords(body: HTMLElement): void {
  theVocabulary.load().catch(() => {});
  theGlossary.load().catch(() => {});
  const shape = pattern;
  if (shape && mayAbbreviate(body.textContent ?? '')) {
    const find = (text: string, seen: Set<string>) => findIn(text, shape, forms, seen);
    markIn(body, 'abbreviation', find, (word, form) => explainOnHover(word, () => spelledOut(form, known.get(form))));
  }
  if (marked.get(body) !== index) unmarkIn(body, 'term');
  marked.set(body, index);
  markIn(
    body,
    'term',
    (text, seen) => termsIn(text, index, seen),
    (word, concept) => explainOnHover(word, () => translated(concept, word.textContent ?? '')),
  );
}

function spelledOut(form: string, abbreviation: Abbreviation | undefined): Explained {
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

/** The term as the reader calls it, and as it stands in the glossary in the language that it was written in. */
function translated(id: string, written: string): Explained {
  const concept = theGlossary.concepts.find((each) => each.id === id);
  if (!concept) return { title: written, lines: [] };
  const [first, ...others] = languagesOf(concept, written);
  const lines: Explained['lines'] = [];
  if (first) {
    lines.push({ text: concept.terms[first] ?? written, language: first });
    lines.push({ text: listed([first, ...others].map(termLanguage)), quiet: true });
  }
  if (concept.note) lines.push({ text: localName(concept.note), quiet: true });
  const unsure = concept.confidence === 'medium' && !(first && concept.changed.includes(first));
  lines.push({ text: t(unsure ? 'glossary_source_unchecked' : 'glossary_source'), quiet: true });
  return { title: concept.terms[language()] ?? id, lines };
}
