/** Case rooms, as the pages ask for them. Everything that is sealed goes with the secret of this tab. */
import type { Code, Marking } from '../../api/types';
import { uuid } from '../../base/uuid';
import { sealed } from '../keys';
import type { CaseBoard, CaseContent, CaseEntry, CaseMinutes, CaseRoom, CaseSheet, CaseWayBack, Phase, Reason, Risk, Side } from './types';

const CASES = '/api/cases';
const at = (room: string, part = '') => `${CASES}/${room}${part}`;

export const boardOf = () => sealed.api.get<CaseBoard>(CASES);
/** A room, with what the window is called while it is open: its reference, which says nothing. */
export async function roomOf(id: string): Promise<CaseRoom & { title: string }> {
  const room = await sealed.api.get<CaseRoom>(at(id));
  return { ...room, title: room.reference };
}

export interface NewRoom {
  sheet: CaseSheet;
  risk: Risk;
  next_review: string;
  marking: string;
  exercise: string | null;
  confirmed: boolean;
}
export const openRoom = (wish: NewRoom) => sealed.api.post<{ id: string; reference: string }>(CASES, wish);

export const accept = (room: string, terms: string) => sealed.api.post(at(room, '/acceptance'), { terms });
export const decline = (room: string) => sealed.api.delete(at(room, '/acceptance'));

export const changeSheet = (room: string, wish: { sheet: CaseSheet; risk: Risk; next_review: string; sheet_seq: number; confirmed: boolean }) =>
  sealed.api.put(at(room, '/sheet'), wish);
export const goTo = (room: string, to: Phase) => sealed.api.put(at(room, '/phase'), { to });
export const setSide = (room: string, side: Side | null) => sealed.api.put(at(room, '/side'), { side });
export const openChecklist = (room: string) => sealed.api.post(at(room, '/missing'));

export interface Wish {
  account: string;
  mandate: string;
  ground: string;
  expires_at?: string;
}
export const invite = (room: string, wish: Wish) => sealed.api.post<{ state: 'invited' | 'proposed' }>(at(room, '/members'), wish);
export const extend = (room: string, account: string, expires_at: string) => sealed.api.patch(at(room, `/members/${account}`), { expires_at });
export const putOut = (room: string, account: string) => sealed.api.delete(at(room, `/members/${account}`));

type Proposing =
  | { kind: 'closure'; reason: Reason; report: string; retention_days: number }
  | { kind: 'handover'; organisation: string }
  | { kind: 'erasure' };
export const propose = (room: string, wish: Proposing) => sealed.api.post<{ id: string }>(at(room, '/proposals'), wish);
export const confirm = (room: string, proposal: string) => sealed.api.post(at(room, `/proposals/${proposal}/confirmation`));
export const drop = (room: string, proposal: string) => sealed.api.delete(at(room, `/proposals/${proposal}`));

export interface Page {
  items: CaseEntry[];
  next: string | null;
}
export const entriesOf = (room: string, query: Record<string, string | number | null>) => sealed.api.get<Page>(at(room, '/entries'), { query });

interface Labelled {
  marking?: Marking;
  handling?: Code[];
  restriction?: string;
}
export interface Said extends Labelled {
  content: CaseContent;
  confirmed?: boolean;
}
/** The item's number is given here, so that what is sent twice stands there once. */
export const write = (room: string, wish: Said, item = uuid()) => sealed.api.post<{ item: string }>(at(room, '/entries'), { ...wish, item });
export const rewrite = (room: string, entry: { item: string; seq: number }, wish: Said) =>
  sealed.api.put(at(room, `/entries/${entry.item}`), { ...wish, seq: entry.seq });
export const takeBack = (room: string, item: string) => sealed.api.delete(at(room, `/entries/${item}`));

/** Acknowledges the restriction of an H3, of the wording that was read. */
export const acknowledge = (room: string, { item, seq }: { item: string; seq: number }) =>
  sealed.api.post(at(room, `/entries/${item}/acknowledgement`), { seq });

export const hang = (room: string, wish: Labelled & { file: string; name: string; title?: string; topic?: string | null }) =>
  sealed.api.post(at(room, '/files'), wish);

/** A file comes with the secret of this tab, which no link can send: fetched, and handed to the browser. */
export async function download(room: string, item: string, name: string): Promise<void> {
  const bytes = await sealed.api.get<Blob>(at(room, `/files/${item}/content`), { blob: true });
  const url = URL.createObjectURL(bytes);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url));
}

export const searchIn = (room: string, q: string) =>
  sealed.api.post<{ items: CaseEntry[]; looked_at: number; more: boolean }>(at(room, '/search'), { q });
export const minutesOf = (room: string, query: Record<string, string | null>) => sealed.api.get<CaseMinutes>(at(room, '/minutes'), { query });

export interface Look {
  at: string;
  by: { id: string; name: string } | null;
  act: string;
}
export const recordOf = (room: string, cursor: string | null) =>
  sealed.api.get<{ items: Look[]; next: string | null }>(at(room, '/record'), { query: { cursor } });

export const wayBackInto = (room: string) => sealed.api.get<CaseWayBack>(at(room, '/escrow'));
export const askEscrow = (room: string) => sealed.api.post(at(room, '/escrow'));
