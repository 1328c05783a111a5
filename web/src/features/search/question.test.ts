import { expect, test } from 'vitest';
import { addressOf, readQuestion } from './question';

test('the address keeps the question, and nothing that goes without saying', () => {
  const question = { q: 'trgovina decom & "rad"', sort: 'relevance', across: false } as const;
  const address = addressOf(question);
  expect(address).toBe('/search?q=trgovina+decom+%26+%22rad%22&sort=relevance&across=false');
  expect(readQuestion(new URL(address, 'http://localhost').searchParams)).toEqual(question);
  expect(addressOf({ q: ' rad ' })).toBe('/search?q=rad');
  expect(addressOf({ q: '' })).toBe('/search');
});

test('what somebody wrote into the address by hand does no harm', () => {
  expect(readQuestion(new URLSearchParams('sort=random&across=maybe'))).toEqual({ q: '', sort: 'newest', across: true });
});
