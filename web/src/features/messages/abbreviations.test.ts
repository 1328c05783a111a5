import { expect, it } from 'vitest';
import { findIn, patternOf } from './abbreviations';

const forms = ['ML', 'NRM', 'SA THB', 'THB', 'AIS', 'BIA'];
const found = (text: string, seen = new Set<string>()) => findIn(text, patternOf(forms)!, new Set(forms), seen).map((each) => each.form);

it('finds whole words in capitals', () => {
  expect(found('The NRM, then (BIA). The ML/AIS agree; NRM’s steps.')).toEqual(['NRM', 'BIA', 'ML', 'AIS']);
  expect(found('HTML, MLs, nrm, XNRM, NRM2, NRM_x, AIS-Team, e-NRM')).toEqual([]);
  expect(found('Din NRMul nostru, НRМ, NRMé')).toEqual([]);
});

it('takes the longest, however its parts are joined', () => {
  expect(found('SA THB')).toEqual(['SA THB']);
  expect(found('SA\u00a0THB')).toEqual(['SA THB']);
  expect(found('SA-THB wrote about THB')).toEqual(['SA THB', 'THB']);
});

it('marks each form once, over all texts of a message', () => {
  const seen = new Set<string>();
  expect(found('NRM and NRM', seen)).toEqual(['NRM']);
  expect(found('again NRM, and BIA', seen)).toEqual(['BIA']);
});

it('says where each stands', () => {
  const [first] = findIn('see SA THB.', patternOf(forms)!, new Set(forms), new Set());
  expect(first).toEqual({ at: 4, text: 'SA THB', form: 'SA THB' });
});

it('has no expression for no forms', () => {
  expect(patternOf([])).toBeNull();
});
