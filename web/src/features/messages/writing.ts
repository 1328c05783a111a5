/** What happens to the text in the composer: Markdown marks, completions, its size. Pure. */

export const BODY_LIMIT = 16_384;
/** From here on the writer sees how much is left. */
export const BODY_WARNING = 14_000;

const encoder = new TextEncoder();
export const sizeOf = (text: string) => encoder.encode(text).length;

export interface Edit {
  text: string;
  start: number;
  end: number;
}

export type Mark = 'bold' | 'italic' | 'code' | 'quote' | 'list' | 'link';
const AROUND: Partial<Record<Mark, string>> = { bold: '**', italic: '*', code: '`' };
const BEFORE: Partial<Record<Mark, string>> = { quote: '> ', list: '- ' };

/** Marks the selection, or takes the mark away when it is there already. */
export function mark({ text, start, end }: Edit, kind: Mark): Edit {
  const chosen = text.slice(start, end);
  if (kind === 'link') {
    const next = `${text.slice(0, start)}[${chosen}](https://)${text.slice(end)}`;
    const at = start + chosen.length + 3;
    return chosen ? { text: next, start: at, end: at + 8 } : { text: next, start: start + 1, end: start + 1 };
  }
  const line = BEFORE[kind];
  if (line) return markLines({ text, start, end }, line);
  const sign = kind === 'code' && chosen.includes('\n') ? '\n```\n' : AROUND[kind]!;
  if (text.slice(0, start).endsWith(sign) && text.slice(end).startsWith(sign)) {
    const bare = text.slice(0, start - sign.length) + chosen + text.slice(end + sign.length);
    return { text: bare, start: start - sign.length, end: end - sign.length };
  }
  const next = text.slice(0, start) + sign + chosen + sign + text.slice(end);
  return { text: next, start: start + sign.length, end: end + sign.length };
}

function markLines({ text, start, end }: Edit, sign: string): Edit {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const lines = text.slice(from, end).split('\n');
  const all = lines.every((line) => line.startsWith(sign));
  const next = lines.map((line) => (all ? line.slice(sign.length) : sign + line)).join('\n');
  const grown = next.length - (end - from);
  const first = Math.max(from, start + (all ? -sign.length : sign.length));
  return { text: text.slice(0, from) + next + text.slice(end), start: first, end: end + grown };
}

export interface Trigger {
  kind: 'person' | 'emoji';
  query: string;
  from: number;
}

/** What is being completed at the cursor: `@ana` or `:smi`. */
export function triggerAt(text: string, cursor: number): Trigger | null {
  const before = text.slice(0, cursor);
  const person = /(?:^|[\s(])@([\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]+)?)$/u.exec(before);
  if (person) return { kind: 'person', query: person[1]!, from: cursor - person[1]!.length - 1 };
  const emoji = /(?:^|\s):([\p{L}\p{M}_+'’-]{2,30})$/u.exec(before);
  if (emoji) return { kind: 'emoji', query: emoji[1]!, from: cursor - emoji[1]!.length - 1 };
  return null;
}

/** The text with the completion in place of what triggered it, the cursor behind it. */
export function complete(text: string, cursor: number, trigger: Trigger, value: string): Edit {
  const next = `${text.slice(0, trigger.from)}${value} ${text.slice(cursor)}`;
  const at = trigger.from + value.length + 1;
  return { text: next, start: at, end: at };
}
