/** Light or dark: as the system says, unless the reader chose one. */
import { localStore } from '../base/storage';

export type Theme = 'system' | 'light' | 'dark';
export const themes: Theme[] = ['system', 'light', 'dark'];

const KEY = 'egida.theme';
let chosen = $state<Theme>(localStore.get<Theme>(KEY) ?? 'system');

export function theme(): Theme {
  return chosen;
}

export function useTheme(wish: Theme): void {
  chosen = wish;
  if (wish === 'system') localStore.remove(KEY);
  else localStore.set(KEY, wish);
  showTheme();
}

/** Called once at the start, before anything is drawn. */
export function showTheme(): void {
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
