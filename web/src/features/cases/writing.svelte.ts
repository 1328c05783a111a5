/** Something that is written into a room: refused with a reason that stays beside the text, and asked once whether it is the file. */
import { Problem, problemText } from '../../api/client';

export class Writing {
  busy = $state(false);
  /** Why it failed; '' if it didn't. */
  problem = $state('');
  /** The server asks whether this long text is the child's file; sending again says that it isn't. */
  asked = $state(false);

  /** Whether it is done. */
  async make(act: (confirmed: boolean) => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = '';
    try {
      await act(this.asked);
      this.asked = false;
      return true;
    } catch (error) {
      this.asked = error instanceof Problem && error.code === 'case_is_this_the_file';
      this.problem = this.asked ? '' : problemText(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
