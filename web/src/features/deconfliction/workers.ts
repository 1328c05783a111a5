/** A few workers that share what is to be multiplied. To be closed by whoever has opened it. */
import { joined, POINT } from './blinding';
import type { Task } from './worker';
import WorkerUrl from './worker?worker&url';

/** Values of one piece: about a quarter of a second's work. */
const PIECE = 100;
const WORKERS_MAX = 4;

interface Factory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): unknown };
}
const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy('egida-worker', {
  createScriptURL: (url) => {
    if (url !== WorkerUrl) throw new TypeError('no other script than the worker');
    return url;
  },
});

export class Workers {
  readonly #all: Worker[];
  readonly #waiting = new Map<number, (done: Uint8Array) => void>();
  #next = 0;

  constructor() {
    const count = Math.min(Math.max(navigator.hardwareConcurrency || 1, 1), WORKERS_MAX);
    this.#all = Array.from({ length: count }, () => {
      const url = (policy ? policy.createScriptURL(WorkerUrl) : WorkerUrl) as string;
      const worker = new Worker(url, { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<{ id: number; done: Uint8Array }>) => {
        this.#waiting.get(data.id)?.(data.done);
        this.#waiting.delete(data.id);
      };
      return worker;
    });
  }

  close(): void {
    for (const worker of this.#all) worker.terminate();
  }

  #give(task: Omit<Task, 'id'>): Promise<Uint8Array> {
    const id = this.#next++;
    const worker = this.#all[id % this.#all.length]!;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      worker.postMessage({ ...task, id });
    });
  }

  /** Values, hashed and blinded, in their order. `ondone` is told how many more are. */
  async blinded(values: string[], by: bigint, ondone: (count: number) => void = () => {}): Promise<Uint8Array> {
    const pieces = Array.from({ length: Math.ceil(values.length / PIECE) }, (_, at) => values.slice(at * PIECE, (at + 1) * PIECE));
    const done = await Promise.all(
      pieces.map(async (piece) => {
        const points = await this.#give({ by, values: piece });
        ondone(piece.length);
        return points;
      }),
    );
    return joined(done.flatMap((points) => Array.from({ length: points.length / POINT }, (_, at) => points.subarray(at * POINT, (at + 1) * POINT))));
  }

  multiplied(points: Uint8Array, by: bigint): Promise<Uint8Array> {
    return this.#give({ by, points });
  }
}
