/** What the guard finds in what is being written, but for what the directory says to everybody. Loaded when somebody writes. */
import { api } from '../../api/client';
import { isConfirmed, session } from '../../api/session.svelte';
import type { DirectoryAddresses } from '../../api/types';
import { loadGuard, type Finding, type Setting } from '../../base/guard';
import { today } from './guarding';

/** Asked for when there is something to warn of, and kept for as long as the page is open. */
let published: Promise<DirectoryAddresses> | null = null;

/** The addresses that organisations have published; none where they can't be had. What is written goes nowhere for it. */
async function addresses(): Promise<DirectoryAddresses> {
  if (!isConfirmed(session.me)) return { emails: [], phones: [] };
  published ??= api.get<DirectoryAddresses>('/api/directory/addresses').catch(() => {
    published = null;
    return { emails: [], phones: [] };
  });
  return published;
}

/** What is found in a text. */
export async function warnings(text: string): Promise<Finding[]> {
  const { scan } = await loadGuard();
  const setting: Setting = { room: 'open', today: today() };
  const found = scan(text, setting);
  if (!found.some(({ kind }) => kind === 'email' || kind === 'phone')) return found;
  return scan(text, { ...setting, ...(await addresses()) });
}
