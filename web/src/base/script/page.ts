/**
 * Bodies of messages in the script that their reader prefers, changed where they are drawn. What was written is remembered
 * with each piece of text: it comes back before others mark words in it, and when it is copied.
 */
import { change, leaning, type Script } from './shown';

export { piecesIn, shownIn } from './shown';

/** What keeps its letters as they are. */
const SKIP = 'a, code, pre, button, abbr, .mention';
/** What has a language of its own: a colleague's translation often stands below the original. */
const BLOCK = 'p, li, h4, h5, h6, td, th, blockquote';

interface Change {
  written: string;
  shown: string;
  script: Script;
}
const changes = new WeakMap<Text, Change>();

const changeOf = (text: Text) => {
  const change = changes.get(text);
  return change?.shown === text.data ? change : undefined;
};

function textsBelow(root: Node): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  return texts;
}

/** Gives a body back the letters it was written in. */
export function writeBack(root: HTMLElement): void {
  for (const text of textsBelow(root)) {
    const change = changeOf(text);
    if (change) text.data = change.written;
    changes.delete(text);
  }
}

/** Draws a body in a script, which stands there as it was written. */
export function drawIn(root: HTMLElement, script: Script): void {
  const whole = leaning(root.textContent ?? '', script);
  const blocks = new Map<Element | null, number>();
  for (const text of textsBelow(root)) {
    const parent = text.parentElement;
    if (!text.data.trim() || !parent || parent === root || parent.closest(SKIP)) continue;
    const block = parent.closest(BLOCK);
    let own = blocks.get(block);
    if (own === undefined) blocks.set(block, (own = leaning(block?.textContent ?? '', script)));
    // Two words of a list tell nothing; the message around them does.
    if ((own || whole) <= 0) continue;
    const shown = change(text.data, script);
    if (shown === text.data) continue;
    changes.set(text, { written: text.data, shown, script });
    text.data = shown;
  }
}

/** Where a place of what is shown was in what was written. */
function placeIn({ written, shown, script }: Change, offset: number): number {
  if (offset >= shown.length) return written.length;
  let place = 0;
  while (place < written.length && change(written.slice(0, place), script).length < offset) place += 1;
  return place;
}

/** What is copied is what was written: it stands there while the browser copies. */
export function copyAsWritten(): void {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return;
  const { commonAncestorContainer: around } = selection.getRangeAt(0);
  const changed = (around instanceof Text ? [around] : textsBelow(around)).filter((text) => selection.containsNode(text, true) && changeOf(text));
  if (!changed.length) return;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  if (!anchorNode || !focusNode) return;
  const placeOf = (node: Node, offset: number) => {
    const change = node instanceof Text ? changeOf(node) : undefined;
    return change ? placeIn(change, offset) : offset;
  };
  const [from, to] = [placeOf(anchorNode, anchorOffset), placeOf(focusNode, focusOffset)];
  for (const text of changed) text.data = changes.get(text)!.written;
  selection.setBaseAndExtent(anchorNode, from, focusNode, to);
  setTimeout(() => {
    for (const text of changed) {
      const change = changes.get(text);
      if (change && text.data === change.written) text.data = change.shown;
    }
    if (anchorNode.isConnected && focusNode.isConnected) selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  });
}
