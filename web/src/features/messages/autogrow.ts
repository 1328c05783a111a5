/** A textarea as tall as its text, up to 40 % of the window. Follows `text` whenever it changes. */
import type { Attachment } from 'svelte/attachments';

export function autogrow(text: () => string): Attachment<HTMLTextAreaElement> {
  return (node) => {
    node.style.height = 'auto';
    node.style.overflowY = 'hidden';
    // One line, without measuring: that would lay out a page that is only being built.
    if (!text()) return;
    const room = Math.round(innerHeight * 0.4);
    const border = node.offsetHeight - node.clientHeight;
    node.style.height = `${Math.min(node.scrollHeight + border, room)}px`;
    node.style.overflowY = node.scrollHeight > room ? 'auto' : 'hidden';
  };
}
