/** The form of a practice: what is typed is kept by itself while it is a draft; a change of what is published is sent at the end. */
import { problemText, Problem } from '../../api/client';
import type { Marking, Practice, PracticeContent } from '../../api/types';
import { blank } from './content';
import { change, readPractice } from './library.svelte';

const PAUSE = 1500;

export class PracticeForm {
  content = $state<PracticeContent>(blank('en'));
  marking = $state<Marking>('green');
  note = $state('');
  practice = $state.raw<Practice | null>(null);
  /** The parent's words beside it, if it adapts one that the reader may see. */
  parent = $state.raw<Practice | null>(null);
  busy = $state(false);
  dirty = $state(false);
  problem = $state('');
  /** The field that can't stand. */
  field = $state('');
  absent = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether it keeps itself. */
  get keepsItself(): boolean {
    return this.practice?.state === 'draft' || this.practice?.state === 'revision';
  }

  async load(id: string): Promise<void> {
    try {
      this.take(await readPractice(id));
      const parent = this.practice?.parent;
      if (parent) this.parent = await readPractice(parent);
    } catch (error) {
      this.absent = error instanceof Problem && error.status === 404;
      this.problem = problemText(error);
    }
  }

  take(practice: Practice): void {
    this.practice = practice;
    this.content = structuredClone(practice.content);
    this.marking = practice.marking;
  }

  /** Something was typed. */
  touched(): void {
    this.dirty = true;
    clearTimeout(this.#timer);
    if (this.keepsItself) this.#timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** Stores what is typed; whether that was done. */
  async save(): Promise<boolean> {
    const { practice } = this;
    clearTimeout(this.#timer);
    if (!practice || this.busy) return false;
    this.busy = true;
    this.problem = this.field = '';
    const sent = JSON.stringify([this.content, this.marking]);
    try {
      const wish = { content: $state.snapshot(this.content) as PracticeContent, marking: this.marking, seen: practice.changed_at };
      this.practice = await change(practice.id, this.note.trim() ? { ...wish, note: this.note.trim() } : wish);
      // What was typed meanwhile is kept next.
      this.dirty = JSON.stringify([this.content, this.marking]) !== sent;
      return true;
    } catch (error) {
      this.problem = problemText(error);
      this.field = error instanceof Problem ? String(error.extra.field ?? '') : '';
      return false;
    } finally {
      this.busy = false;
      if (this.dirty && !this.problem) this.touched();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    if (this.dirty && this.keepsItself) void this.save();
  }
}
