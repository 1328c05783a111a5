/** The labels by which a message is handled: which there are, and what they say. Labels are never translated, what they mean is. */
import type { ActLabel, Code, Labels, Marking, Message } from '../../api/types';
import { t, type Key } from '../../base/i18n.svelte';

/** TLP 2.0, least strict first. */
export const MARKINGS: Marking[] = ['clear', 'green', 'amber', 'amber+strict', 'red'];
export const ACTS: ActLabel[] = ['none', 'ask', 'quiet', 'open'];
/** H0 goes without saying. */
export const CODES: Code[] = ['h1', 'h2', 'h3'];
export const SOURCES = ['A', 'B', 'C', 'X'];
export const INFORMATION = ['1', '2', '3', '4'];

export const tlp = (marking: string) => `TLP:${marking.toUpperCase()}`;
export const isStricter = (one: Marking, other: Marking) => MARKINGS.indexOf(one) > MARKINGS.indexOf(other);

export const tlpMeaning = (marking: Marking) => t(`tlp_${marking.replace('+', '_')}` as Key);
export const actMeaning = (act: ActLabel) => t(`permitted_${act}` as Key);
export const codeMeaning = (code: Code) => t(`handling_${code}` as Key);
export const sourceMeaning = (source: string) => t(`grading_source_${source.toLowerCase()}` as Key);
export const informationMeaning = (information: string) => t(`grading_information_${information}` as Key);

/** The labels beside the marking that don't go without saying, each with its meaning. */
export function signs({ handling, act, grading, restriction }: Pick<Message, 'handling' | 'act' | 'grading' | 'restriction'>) {
  return [
    ...handling.map((code) => ({ label: code.toUpperCase(), meaning: code === 'h3' && restriction ? restriction : codeMeaning(code) })),
    ...(act === 'ask' ? [] : [{ label: `ACT:${act.toUpperCase()}`, meaning: actMeaning(act) }]),
    ...(grading
      ? [{ label: grading, meaning: `${sourceMeaning(grading[0] ?? '')} ${informationMeaning(grading[1] ?? '')}` }]
      : []),
  ];
}

/** Days that one can give a message which its channel keeps for so many; RED is kept for 90 at most. */
export const daysFor = (marking: Marking, kept: number | null) =>
  [1, 7, 30, 90, 365].filter((days) => days <= (kept ?? 365) && (marking !== 'red' || days <= 90));

/** Enough to tell whether two messages are labelled alike. */
export const signsOf = (message: Pick<Message, 'handling' | 'act' | 'grading' | 'restriction'>) =>
  `${message.handling?.join()} ${message.act} ${message.grading} ${message.restriction}`;

/** How many labels beside the marking are chosen for what is being written. */
export const chosen = ({ handling, act, grading, warning, expires_in_days: days }: Labels) =>
  (handling?.length ?? 0) + [act, grading, warning, days].filter(Boolean).length;

/** What stands where the words of a message are covered. */
export const warningText = (words: string) => t('label_warning_about', { words });
