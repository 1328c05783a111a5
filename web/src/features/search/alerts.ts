/** A saved search has found something new: says so, and leads there. */
import { api } from '../../api/client';
import type { Page, SavedSearch } from '../../api/types';
import { t } from '../../base/i18n.svelte';
import { navigate } from '../../base/navigation.svelte';
import { toast } from '../../ui/toasts.svelte';
import { tellProblem } from '../problems';

export function tellOfResults(id: string, name: string): void {
  toast(t('search_saved_new', { name }), {
    action: { label: t('search_saved_open'), run: () => void open(id).catch(tellProblem) },
  });
}

/** What is looked for is not in the notice: it may have been taken away since. */
async function open(id: string): Promise<void> {
  const saved = (await api.get<Page<SavedSearch>>('/api/search/saved')).items.find((each) => each.id === id);
  navigate(saved ? `/search?q=${encodeURIComponent(saved.query)}` : '/search');
  if (saved) await api.patch(`/api/search/saved/${id}`, { seen: true });
}
