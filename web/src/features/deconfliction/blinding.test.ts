import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apart, band, blinded, fromBase64, hashed, inverse, multiplied, secret, shuffled, toBase64 } from './blinding';

const hex = (point: Uint8Array) => Buffer.from(point).toString('hex');
const set = (points: Uint8Array) => new Set(apart(points).map(hex));
const values = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `phone:+4070000${String(from + at).padStart(4, '0')}`);

/** A whole session; what the server sees of it, and what comes out. */
function session(asked: string[], own: string[]) {
  const [a, b] = [secret(), secret()];
  const once = shuffled(blinded(asked, a));
  const twice = shuffled(multiplied(once, b));
  const theirs = shuffled(blinded(own, b));
  return { seen: { once, twice, theirs }, result: band(multiplied(twice, inverse(a)), theirs), a, b };
}

test('the vectors that the server is held to, too', () => {
  const vectors = JSON.parse(readFileSync(new URL('../../../../tests/contract/matching-vectors.json', import.meta.url), 'utf8'));
  for (const { value, point, secret: by, blinded: expected } of vectors.values) {
    expect(hex(hashed(value)), value).toBe(point);
    expect(hex(blinded([value], BigInt(by))), value).toBe(expected);
    expect(hex(multiplied(blinded([value], BigInt(by)), inverse(BigInt(by)))), value).toBe(point);
  }
});

test('what both have is counted in three bands, and nothing else comes out', () => {
  expect(session(values(0, 5), values(10, 30)).result).toBe(0);
  expect(session(values(0, 5), values(4, 30)).result).toBe(1);
  expect(session(values(0, 12), values(6, 30)).result).toBe(2);
});

test('a server that holds everything it saw can not confirm a guess', () => {
  const asked = values(0, 6);
  const [first, second] = [session(asked, values(3, 20)), session(asked, values(3, 20))];
  const all = ({ seen }: typeof first) => [...set(seen.once), ...set(seen.twice), ...set(seen.theirs)];
  const seen = new Set(all(first));
  // The same values in another session share no point: nothing can be recognised.
  expect(all(second).filter((point) => seen.has(point))).toEqual([]);
  // A candidate that is in both lists: neither its point nor what a guesser makes of it with own secrets, or those of another
  // session, is among what was seen, nor does one step with them lead from one thing that was seen to another.
  const guess = values(4, 5);
  for (const by of [1n, secret(), second.a, second.b, inverse(second.a)]) {
    for (const point of set(blinded(guess, by))) expect(seen.has(point)).toBe(false);
    if (by === 1n) continue;
    for (const part of [first.seen.once, first.seen.twice]) for (const point of set(multiplied(part, by))) expect(seen.has(point)).toBe(false);
  }
});

test('points keep nothing of the order in which values were typed, and survive being written', () => {
  const points = blinded(values(0, 7), secret());
  expect(hex(shuffled(points))).toBe([...set(points)].sort().join(''));
  expect(hex(fromBase64(toBase64(points)))).toBe(hex(points));
});
