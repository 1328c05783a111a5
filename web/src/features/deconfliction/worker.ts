/** Multiplies points beside the page, which stays alive meanwhile. What it is given never leaves this browser. */
import { blinded, multiplied } from './blinding';

export interface Task {
  id: number;
  by: bigint;
  values?: string[];
  points?: Uint8Array;
}

self.onmessage = ({ data }: MessageEvent<Task>) => {
  const { id, by, values, points } = data;
  const done = values ? blinded(values, by) : multiplied(points ?? new Uint8Array(), by);
  self.postMessage({ id, done });
};
