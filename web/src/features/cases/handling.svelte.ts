/** The handling codes that somebody chooses for what they write into a room. */
import type { Code } from '../../api/types';
import type { CaseEntry } from './types';

export class Handling {
  codes = $state.raw<Code[]>([]);
  restriction = $state('');

  /** As something stands that is to be reworded; without it none. */
  constructor(entry?: CaseEntry) {
    this.take(entry);
  }

  take(entry?: CaseEntry): void {
    this.codes = entry?.handling ?? [];
    this.restriction = entry?.restriction ?? '';
  }

  /** Whether an H3 doesn't say what it restricts. */
  get unsaid(): boolean {
    return this.codes.includes('h3') && !this.restriction.trim();
  }

  get wish(): { handling: Code[]; restriction?: string } {
    return { handling: this.codes, restriction: this.codes.includes('h3') ? this.restriction : undefined };
  }
}
