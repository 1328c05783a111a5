import { mount } from 'svelte';
import { api } from '../api/client';
import { session } from '../api/session.svelte';
import { useLanguage, warmLanguage } from '../base/i18n.svelte';
import { followLinks, here } from '../base/navigation.svelte';
import { localStore } from '../base/storage';
// What must be forgotten at sign-out registers itself, whether or not its page was opened.
import '../features/messages/drafts';
import '../features/search';
import '../ui/styles.css';
import { showTheme } from '../ui/theme.svelte';
import App from './App.svelte';
import { findRoute } from './routes';

async function start(): Promise<void> {
  showTheme();
  // The page, and the lists it begins with, come over the line while the session is asked for.
  const { route } = findRoute(here.path);
  route.load().catch(() => {});
  if (!route.open) ['/api/region', '/api/channels'].forEach(api.ahead);
  const chosen = localStore.get<string>('egida.language');
  warmLanguage(chosen ?? navigator.language);
  const [reached] = await Promise.allSettled([session.load(), useLanguage(chosen, ...navigator.languages)]);
  if (!chosen && session.me) await useLanguage(session.me.language);
  if (reached.status === 'rejected') session.ended();
  followLinks();
  // A breath for the browser: reading the answers and drawing the page are two tasks, not a long one.
  await new Promise((ready) => setTimeout(ready));
  const target = document.getElementById('app')!;
  target.replaceChildren();
  mount(App, { target });
}

void start();
