/** The guard's findings in the words of the reader. */
import type { Day, Finding, Kind } from '../../base/guard';
import { t, type Key } from '../../base/i18n.svelte';
import type { Edit } from './writing';

export const KINDS: Record<Kind, Key> = {
  jmbg: 'guard_kind_jmbg',
  oib: 'guard_kind_oib',
  cnp: 'guard_kind_cnp',
  egn: 'guard_kind_egn',
  lnch: 'guard_kind_lnch',
  idnp: 'guard_kind_idnp',
  amka: 'guard_kind_amka',
  afm: 'guard_kind_afm',
  gr_pa: 'guard_kind_gr_pa',
  gr_adt: 'guard_kind_gr_adt',
  al_nid: 'guard_kind_al_nid',
  xk_pn: 'guard_kind_xk_pn',
  iban: 'guard_kind_iban',
  mrz_td3: 'guard_kind_mrz',
  mrz_td1: 'guard_kind_mrz',
  pan: 'guard_kind_pan',
  email: 'guard_kind_email',
  phone: 'guard_kind_phone',
  plate: 'guard_kind_plate',
  coordinates: 'guard_kind_coordinates',
  birth: 'guard_kind_birth',
  name: 'guard_kind_name',
  age: 'guard_kind_age',
  place: 'guard_kind_place',
  classified: 'guard_kind_classified',
  term: 'guard_kind_term',
};

/** Wordings of the Terminology Guidelines (Luxembourg Guidelines). */
const TERMS: Record<string, Key> = {
  abuse_material: 'guard_term_abuse_material',
  exploited_child: 'guard_term_exploited_child',
  exploitation_in_travel: 'guard_term_exploitation_in_travel',
  irregular_migrant: 'guard_term_irregular_migrant',
  offender: 'guard_term_offender',
  sexual_coercion: 'guard_term_sexual_coercion',
};

/** What could be said instead; null where there is nothing but to leave it out. */
export function insteadText(finding: Finding): string | null {
  if (finding.kind !== 'term') return finding.offer;
  const key = TERMS[finding.offer ?? ''];
  return key ? t(key) : null;
}

/** What becomes of the text if it is sent or saved as it is; null where that is nobody's concern. */
export function closingKey(findings: Pick<Finding, 'severity'>[], where: 'post' | 'direct' | 'edit'): Key | null {
  const has = (severity: Finding['severity']) => findings.some((finding) => finding.severity === severity);
  if (!has('block')) return has('warn') ? 'guard_warns' : null;
  return where === 'post' ? 'guard_blocks' : `guard_blocks_${where}`;
}

/** The text with that in place of what was found, and the caret behind it. */
export function replaced(text: string, { start, end }: Pick<Finding, 'start' | 'end'>, instead: string): Edit {
  const caret = start + instead.length;
  return { text: text.slice(0, start) + instead + text.slice(end), start: caret, end: caret };
}

/** The day it is, in UTC, as the server has it. */
export function today(now = new Date()): Day {
  return { year: now.getUTCFullYear(), month: now.getUTCMonth() + 1, day: now.getUTCDate() };
}
