/**
 * Counting what two lists have in common without either being shown: both sides multiply points of ristretto255 (RFC 9496) by a secret of
 * their own. What is multiplied by both secrets is the same for the same value, whoever began. The model is written down in
 * `docs/decisions/0028-cards-and-matching.md`; the vectors are `tests/contract/matching-vectors.json`.
 */
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';

/** With another way to write values down or to hash them, this changes. */
const VERSION = 'egida-matching-v1';
const HASH = { DST: `${VERSION}-ristretto255_XMD:SHA-512_R255MAP_RO_` };
/** Bytes of a point. */
export const POINT = 32;

const { Point } = ristretto255;
type Group = InstanceType<typeof Point>;

/** A fresh secret of this tab. */
export function secret(): bigint {
  const random = crypto.getRandomValues(new Uint8Array(64));
  return ristretto255_hasher.hashToScalar!(random, { DST: `${VERSION}-secret` });
}

/** What takes a blinding off. */
export const inverse = (of: bigint): bigint => Point.Fn.inv(of);

const bytes = new TextEncoder();

// The secret lives for one session in this tab, and nobody can time it: the faster way to multiply will do.
const times = (point: Group, by: bigint) => point.multiplyUnsafe(by).toBytes();

/** The point of a value as `read` gives it, such as `phone:+40…`. */
export const hashed = (value: string): Uint8Array => (ristretto255_hasher.hashToCurve(bytes.encode(value), HASH) as Group).toBytes();

/** Values, hashed and blinded. */
export function blinded(values: string[], by: bigint): Uint8Array {
  return joined(values.map((value) => times(ristretto255_hasher.hashToCurve(bytes.encode(value), HASH) as Group, by)));
}

/** Points, blinded again, or unblinded by the inverse. */
export function multiplied(points: Uint8Array, by: bigint): Uint8Array {
  return joined(apart(points).map((point) => times(Point.fromBytes(point), by)));
}

export function joined(points: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(points.length * POINT);
  points.forEach((point, at) => all.set(point, at * POINT));
  return all;
}

export function apart(points: Uint8Array): Uint8Array[] {
  return Array.from({ length: points.length / POINT }, (_, at) => points.slice(at * POINT, (at + 1) * POINT));
}

const written = (point: Uint8Array) => String.fromCharCode(...point);

/** The same points in the order of their bytes: nothing of the order in which they were typed is left. */
export function shuffled(points: Uint8Array): Uint8Array {
  return joined(apart(points).sort((one, other) => (written(one) < written(other) ? -1 : 1)));
}

/** How many of the doubled points, once the own blinding is taken off, are among the other side's: 0, 1, or 2 for two and more. */
export function band(unblinded: Uint8Array, theirs: Uint8Array): 0 | 1 | 2 {
  const own = new Set(apart(theirs).map(written));
  const count = apart(unblinded).filter((point) => own.has(written(point))).length;
  return Math.min(count, 2) as 0 | 1 | 2;
}

export function toBase64(points: Uint8Array): string {
  let text = '';
  for (let at = 0; at < points.length; at += 8192) text += String.fromCharCode(...points.subarray(at, at + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
