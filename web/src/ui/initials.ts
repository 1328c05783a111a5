/** What stands on a person's avatar: the same letters and colour everywhere. */
const COLOURS = 8;

/** 1 to 8, the same for the same id. */
export function colourOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) >>> 0;
  return (hash % COLOURS) + 1;
}

/** First letters of the first and the last word, in any script. */
export function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu) ?? [];
  const first = words[0]?.match(/^./u)?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.match(/^./u)?.[0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}
