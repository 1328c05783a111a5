/** For every feature: an act that a dialog waits for. */
import { problemText } from '../api/client';

export class Attempt {
  /** Whether it is under way. */
  busy = $state(false);
  /** Why it failed; '' if it didn't. */
  problem = $state('');

  async make(act: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.problem = '';
    try {
      await act();
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.busy = false;
    }
  }
}
