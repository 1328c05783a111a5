import type { Me } from '../../api/types';

/** Who may open a channel for a cell, as the server has it; it decides again. */
export function mayOpenChannel(me: Me | null, country: string, theme: string): boolean {
  const scopes = ['region', `country:${country}`, `theme:${theme}`];
  return me?.roles.some(({ role, scope }) => role === 'administrator' || scopes.includes(scope)) ?? false;
}
