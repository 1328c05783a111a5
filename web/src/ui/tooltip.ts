/**
 * A short text that appears on hover and on keyboard focus: `{@attach tooltip(() => text)}`.
 * It only repeats what the control says by its label or description, so screen readers skip it.
 * Escape hides it, and it stays while the pointer is on it (WCAG 1.4.13).
 */
import type { Attachment } from 'svelte/attachments';
import { place } from './place';

const DELAY = 400;

let bubble: HTMLElement | null = null;
let owner: Element | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function theBubble(): HTMLElement {
  if (bubble) return bubble;
  bubble = document.createElement('div');
  bubble.className = 'ui-tooltip';
  bubble.popover = 'manual';
  bubble.ariaHidden = 'true';
  bubble.addEventListener('pointerenter', () => clearTimeout(timer));
  bubble.addEventListener('pointerleave', hide);
  return document.body.appendChild(bubble);
}

function show(anchor: Element, text: string): void {
  if (!anchor.isConnected) return;
  const element = theBubble();
  element.textContent = text;
  if (element.matches(':popover-open')) element.hidePopover();
  element.showPopover();
  place(element, anchor, 'above', 'center');
  owner = anchor;
}

function hide(): void {
  clearTimeout(timer);
  owner = null;
  if (bubble?.matches(':popover-open')) bubble.hidePopover();
}

export function tooltip(text: () => string | null | undefined): Attachment<HTMLElement> {
  return (element) => {
    const later = (delay: number) => {
      const said = text();
      clearTimeout(timer);
      if (said) timer = setTimeout(() => show(element, said), delay);
    };
    const entered = (event: PointerEvent) => {
      if (event.pointerType === 'mouse') later(owner ? 0 : DELAY);
    };
    const focused = () => {
      if (element.matches(':focus-visible')) later(0);
    };
    const left = () => {
      clearTimeout(timer);
      timer = setTimeout(hide, 100);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && owner === element) {
        event.stopPropagation();
        hide();
      }
    };
    element.addEventListener('pointerenter', entered);
    element.addEventListener('pointerleave', left);
    element.addEventListener('focus', focused);
    element.addEventListener('blur', hide);
    element.addEventListener('pointerdown', hide);
    element.addEventListener('keydown', key);
    return () => {
      element.removeEventListener('pointerenter', entered);
      element.removeEventListener('pointerleave', left);
      element.removeEventListener('focus', focused);
      element.removeEventListener('blur', hide);
      element.removeEventListener('pointerdown', hide);
      element.removeEventListener('keydown', key);
      if (owner === element) hide();
    };
  };
}
