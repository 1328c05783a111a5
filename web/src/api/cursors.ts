/**
 * How far this window has seen each channel. A channel's changes (new messages, edits, deletions,
 * reactions, topics) share one sequence without gaps; after a broken connection the server is told
 * the highest number seen and sends what came later.
 */
export class Cursors {
  readonly #seen = new Map<string, number>();

  /** Notes a change; false when it is an old one that must not be counted again. */
  saw(channel: string, seq: number): boolean {
    const before = this.#seen.get(channel) ?? -1;
    if (seq <= before) return false;
    this.#seen.set(channel, seq);
    return true;
  }

  has(channel: string): boolean {
    return this.#seen.has(channel);
  }

  /** Starts a channel at its newest change, as the server just told it; never goes back. */
  startAt(channel: string, seq: number): void {
    this.#seen.set(channel, Math.max(seq, this.#seen.get(channel) ?? 0));
  }

  /**
   * After a break: what one came to belong to meanwhile starts now, what one no longer belongs to ends. A channel whose
   * changes are on their way keeps its cursor.
   */
  settle(channels: { id: string; member: boolean; head_seq: number }[]): void {
    const own = new Set(channels.filter((channel) => channel.member).map((channel) => channel.id));
    for (const id of this.#seen.keys()) if (!own.has(id)) this.#seen.delete(id);
    for (const { id, head_seq } of channels) if (own.has(id) && !this.has(id)) this.startAt(id, head_seq);
  }

  /**
   * What was seen of a channel counts no more: the server went back to a backup, or there is too much
   * to be sent. Until it is fetched the channel stands at its beginning, so that nothing new is taken
   * for old and a connection that breaks now asks for all of it.
   */
  restart(channel: string): void {
    this.#seen.set(channel, 0);
  }

  forget(channel: string): void {
    this.#seen.delete(channel);
  }

  clear(): void {
    this.#seen.clear();
  }

  /** The `cursors` of a `resume` frame. */
  all(): Record<string, number> {
    return Object.fromEntries(this.#seen);
  }
}
