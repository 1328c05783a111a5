/** Comparing values without showing them: what the server relays, and the secrets that only this tab has. */
import { api } from '../../api/client';
import type { components } from '../../api/schema';
import type { Page } from '../../api/types';
import { band, fromBase64, inverse, multiplied, secret, shuffled, toBase64 } from './blinding';
import { Workers } from './workers';

type Schemas = components['schemas'];

export type Session = Schemas['Matching'];
export type Ask = Omit<Schemas['NewMatching'], 'points'>;

export const ASKED_MIN = 5;
export const ASKED_MAX = 20;
export const OWN_MAX = 5000;
const MATCHING = '/api/matching';

/** The asker's secrets, by session. They are nowhere else: when this tab is closed or loaded again, the session can't be opened. */
const secrets = new Map<string, bigint>();

export const canOpen = (session: Session) => session.mine && secrets.has(session.id);
export const sessionsOf = async () => (await api.get<Page<Session>>(MATCHING)).items;
export const sessionOf = async (id: string) => {
  const session = await api.get<Session>(`${MATCHING}/${id}`);
  return { ...session, title: `${session.asking.name} → ${session.answering.name}` };
};
export const stop = async (id: string) => {
  await api.delete<void>(`${MATCHING}/${id}`);
  secrets.delete(id);
};

/** Asks the other side. */
export async function ask(wish: Ask, values: string[]): Promise<string> {
  const own = secret();
  const workers = new Workers();
  try {
    const points = toBase64(shuffled(await workers.blinded(values, own)));
    const { id } = await api.post<{ id: string }>(MATCHING, { ...wish, points });
    secrets.set(id, own);
    return id;
  } finally {
    workers.close();
  }
}

/** Takes the own blinding off what came back, counts, and says the band to the server, which forgets all points. */
export async function finish(session: Session): Promise<void> {
  const own = secrets.get(session.id);
  const { doubled, own: theirs } = session.points;
  if (own === undefined || !doubled || !theirs) return;
  const found = band(multiplied(fromBase64(doubled), inverse(own)), fromBase64(theirs));
  await api.put<void>(`${MATCHING}/${session.id}/result`, { band: found });
  secrets.delete(session.id);
}

/**
 * The answerer's side. Own values are blinded as they come, so that nothing is left to wait for at the end; nothing of them leaves before
 * somebody approves.
 */
export class Answering {
  /** How many values are blinded, of how many. */
  done = $state(0);
  count = $state(0);
  readonly #own = secret();
  readonly #workers = new Workers();
  #values: string[] = [];
  #points: Promise<Uint8Array> = Promise.resolve(new Uint8Array());

  close(): void {
    this.#workers.close();
  }

  /** These instead of those before. Those that are blinded already aren't again. */
  set(values: string[]): void {
    const known = new Set(this.#values);
    if (known.size === values.length && values.every((value) => known.has(value))) return;
    const fresh = values.filter((value) => !known.has(value));
    const isMore = this.#values.every((value) => values.includes(value));
    const before = isMore ? this.#points : Promise.resolve(new Uint8Array());
    const more = isMore ? fresh : values;
    if (!isMore) this.done = 0;
    this.#values = values;
    this.count = values.length;
    const points = this.#workers.blinded(more, this.#own, (count) => (this.done += count));
    this.#points = Promise.all([before, points]).then(([one, other]) => {
      const all = new Uint8Array(one.length + other.length);
      all.set(one);
      all.set(other, one.length);
      return all;
    });
  }

  /** Approved: sends both lists, blinded. */
  async send(session: Session): Promise<void> {
    const [own, doubled] = await Promise.all([this.#points, this.#workers.multiplied(fromBase64(session.points.asked ?? ''), this.#own)]);
    await api.put<void>(`${MATCHING}/${session.id}/answer`, { own: toBase64(shuffled(own)), doubled: toBase64(shuffled(doubled)) });
  }
}
