/**
 * Every page of Egida. A page is a component that is fetched when it is first opened and gets
 * `params` (the named parts of its path) as a property.
 */
import type { Component } from 'svelte';
import { matchPath } from '../base/navigation.svelte';
import { needAllTexts, type Key } from '../base/i18n.svelte';

/** Given `params`; a page without named parts in its path declares none. */
export type Page = Component<any>;
type Load = () => Promise<{ default: Page }>;

export interface Route {
  path: string;
  load: Load;
  title: Key;
  /** Pages for people who aren't signed in have no shell around them. */
  open?: boolean;
}

const pages = import.meta.glob<{ default: Page }>('../features/*/*Page.svelte');
/** `grid/Cell` is `features/grid/CellPage.svelte`; one that isn't there is a mistake, and a test says so. */
const page = (name: string): Load => {
  const load = pages[`../features/${name}Page.svelte`];
  if (!load) throw new Error(`there is no page ${name}`);
  return load;
};
/** The same for the features whose texts come with their first page (`build/catalogues.ts`). */
const laterPage =
  (name: string): Load =>
  async () => {
    const [loaded] = await Promise.all([page(name)(), needAllTexts()]);
    return loaded;
  };

const directory = page('directory/Directory');
const edit = laterPage('library/Edit');
const room = laterPage('cases/Case');
/** What somebody sees who isn't confirmed, or no longer. */
export const waiting: Route = { path: '/waiting', load: page('vetting/Waiting'), title: 'nav_waiting' };

export const routes: Route[] = [
  waiting,
  { path: '/', load: page('grid/Grid'), title: 'nav_grid' },
  { path: '/home', load: laterPage('home/Home'), title: 'nav_home' },
  { path: '/grid/:country/:theme', load: page('grid/Cell'), title: 'nav_grid' },
  { path: '/c/:channel', load: page('messages/Channel'), title: 'nav_channels' },
  { path: '/c/:channel/t/:topic', load: page('messages/Channel'), title: 'nav_channels' },
  { path: '/m/:message', load: page('messages/Permalink'), title: 'nav_channels' },
  { path: '/channels', load: page('channels/Browse'), title: 'nav_browse' },
  { path: '/missed', load: page('missed/Missed'), title: 'nav_missed' },
  { path: '/search', load: page('search/Search'), title: 'nav_search' },
  { path: '/directory', load: directory, title: 'nav_directory' },
  // Where everybody was listed before there was a directory.
  { path: '/people', load: directory, title: 'nav_directory' },
  { path: '/people/:person', load: page('directory/Person'), title: 'nav_directory' },
  { path: '/organisations/:organisation', load: page('directory/Organisation'), title: 'nav_directory' },
  { path: '/countries/:country', load: page('directory/Country'), title: 'nav_directory' },
  { path: '/files/:file', load: laterPage('files/File'), title: 'nav_file' },
  { path: '/glossary', load: page('glossary/Glossary'), title: 'nav_glossary' },
  { path: '/library', load: laterPage('library/Library'), title: 'nav_library' },
  { path: '/library/new', load: edit, title: 'nav_library' },
  { path: '/library/:practice', load: laterPage('library/Practice'), title: 'nav_library' },
  { path: '/library/:practice/edit', load: edit, title: 'nav_library' },
  { path: '/library/:practice/adapt', load: laterPage('library/Adapt'), title: 'nav_library' },
  { path: '/library/:practice/print', load: laterPage('library/Print'), title: 'nav_library' },
  { path: '/library/:practice/versions', load: laterPage('library/Versions'), title: 'nav_library' },
  { path: '/library/:practice/translate/:language', load: laterPage('library/Translate'), title: 'nav_library' },
  { path: '/newsletter', load: laterPage('newsletter/Newsletter'), title: 'nav_newsletter' },
  { path: '/newsletter/requests', load: laterPage('newsletter/Requests'), title: 'nav_newsletter' },
  { path: '/newsletter/:issue', load: laterPage('newsletter/Issue'), title: 'nav_newsletter' },
  { path: '/cases', load: laterPage('cases/Board'), title: 'nav_casework' },
  { path: '/cases/new', load: laterPage('cases/New'), title: 'nav_casework' },
  { path: '/cases/:case', load: room, title: 'nav_casework' },
  { path: '/cases/:case/minutes', load: laterPage('cases/Minutes'), title: 'nav_casework' },
  { path: '/cases/:case/:section', load: room, title: 'nav_casework' },
  { path: '/campaigns', load: laterPage('campaigns/Board'), title: 'nav_campaigns' },
  { path: '/campaigns/timeline', load: laterPage('campaigns/Timeline'), title: 'nav_campaigns' },
  { path: '/campaigns/map', load: laterPage('campaigns/Map'), title: 'nav_campaigns' },
  { path: '/campaigns/new', load: laterPage('campaigns/New'), title: 'nav_campaigns' },
  { path: '/campaigns/:campaign', load: laterPage('campaigns/Campaign'), title: 'nav_campaigns' },
  { path: '/agenda', load: laterPage('agenda/Agenda'), title: 'nav_agenda' },
  { path: '/agenda/new', load: laterPage('agenda/NewEvent'), title: 'nav_agenda' },
  { path: '/agenda/:event', load: laterPage('agenda/Event'), title: 'nav_agenda' },
  { path: '/exercises', load: laterPage('exercises/Exercises'), title: 'nav_exercises' },
  { path: '/exercises/:exercise', load: laterPage('exercises/Exercise'), title: 'nav_exercises' },
  { path: '/me/keys', load: laterPage('keys/Keys'), title: 'nav_keys' },
  { path: '/studies', load: laterPage('studies/Studies'), title: 'nav_studies' },
  { path: '/studies/:study', load: laterPage('studies/Study'), title: 'nav_studies' },
  { path: '/referrals', load: laterPage('referrals/Referrals'), title: 'nav_casework' },
  { path: '/referrals/new', load: laterPage('referrals/New'), title: 'nav_casework' },
  { path: '/referrals/:referral', load: laterPage('referrals/Referral'), title: 'nav_casework' },
  { path: '/requests', load: laterPage('requests/Requests'), title: 'nav_casework' },
  { path: '/requests/new', load: laterPage('requests/New'), title: 'nav_casework' },
  { path: '/requests/:request', load: laterPage('requests/Request'), title: 'nav_casework' },
  { path: '/cards', load: laterPage('deconfliction/Cards'), title: 'nav_casework' },
  { path: '/cards/new', load: laterPage('deconfliction/New'), title: 'nav_casework' },
  { path: '/cards/:card', load: laterPage('deconfliction/Card'), title: 'nav_casework' },
  { path: '/matching', load: laterPage('deconfliction/Matching'), title: 'nav_casework' },
  { path: '/matching/:session', load: laterPage('deconfliction/Session'), title: 'nav_casework' },
  { path: '/escrow', load: laterPage('escrow/Escrow'), title: 'nav_escrow' },
  { path: '/me/directory', load: page('directory/Entry'), title: 'nav_entry' },
  { path: '/me', load: page('identity/Profile'), title: 'nav_profile' },
  { path: '/me/security', load: page('identity/Security'), title: 'nav_security' },
  { path: '/me/sessions', load: page('identity/Sessions'), title: 'nav_sessions' },
  { path: '/record', load: laterPage('record/Record'), title: 'nav_record' },
  { path: '/moderation', load: page('moderation/Moderation'), title: 'nav_moderation' },
  { path: '/moderation/:section', load: page('moderation/Moderation'), title: 'nav_moderation' },
  { path: '/admin', load: page('administration/Administration'), title: 'nav_admin' },
  { path: '/admin/:section', load: page('administration/Administration'), title: 'nav_admin' },
  { path: '/sign-in', load: page('identity/SignIn'), title: 'nav_sign_in', open: true },
  { path: '/join', load: page('identity/Join'), title: 'nav_join', open: true },
  { path: '/reset', load: page('rescue/Reset'), title: 'nav_reset', open: true },
];

/** Pages that don't ask for more than being signed in; the server decides about what they show. */
export function openWhileWaiting(path: string): boolean {
  return ['/me', '/c/', '/m/'].some((open) => path === open || path.startsWith(open.endsWith('/') ? open : `${open}/`));
}
/** What may be needed after a break of the line: every page of those who are signed in, and what the conversation opens. */
export const later: Load[] = [
  ...new Set(routes.filter((route) => !route.open).map((route) => route.load)),
  ...Object.values(
    import.meta.glob<{ default: Page }>(
      '../features/messages/{MessageDialogs,TopicDialog,PinsPanel,EmojiPicker,MarkdownHelp}.svelte',
    ),
  ),
  ...Object.values(import.meta.glob<{ default: Page }>('../features/directory/MembersPanel.svelte')),
  ...Object.values(import.meta.glob<{ default: Page }>('../features/moderation/{HeldCard,ReportDialog}.svelte')),
  ...Object.values(import.meta.glob<{ default: Page }>('./UnsentDialog.svelte')),
];

const nowhere: Route = { path: '', load: () => import('./NotFound.svelte'), title: 'nav_not_found' };

export function findRoute(path: string): { route: Route; params: Record<string, string> } {
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return { route: nowhere, params: {} };
}
