import { expect, it } from 'vitest';
import { scan } from '../../base/guard/guard';
import { t } from '../../base/i18n.svelte';
import { closingKey, insteadText, replaced, today } from './guarding';

const setting = { room: 'open', today: { year: 2026, month: 11, day: 28 } } as const;

it('puts what is offered in the place of what was found', () => {
  const text = 'A girl, 13 years old, from Subotica, a Serbian citizen, needs a bed';
  const age = scan(text, setting).find((finding) => finding.kind === 'age')!;
  const edit = replaced(text, age, insteadText(age)!);
  expect(edit.text).toBe(text.slice(0, age.start) + '10-13' + text.slice(age.end));
  expect(edit.start).toBe(age.start + 5);
});

it('suggests the wording of the field', () => {
  const [term] = scan('They look for child pornography', setting);
  expect(insteadText(term!)).toBe(t('guard_term_abuse_material'));
});

it('says what becomes of it, and nothing where only a word is suggested', () => {
  const [suggest, warn, block] = (['suggest', 'warn', 'block'] as const).map((severity) => ({ severity }));
  expect(closingKey([suggest!], 'post')).toBeNull();
  expect(closingKey([suggest!, warn!], 'direct')).toBe('guard_warns');
  expect([closingKey([warn!, block!], 'post'), closingKey([block!], 'direct'), closingKey([block!], 'edit')]).toEqual([
    'guard_blocks',
    'guard_blocks_direct',
    'guard_blocks_edit',
  ]);
});

it('counts the day as the server does', () => {
  expect(today(new Date('2026-11-28T23:30:00Z'))).toEqual({ year: 2026, month: 11, day: 28 });
});
