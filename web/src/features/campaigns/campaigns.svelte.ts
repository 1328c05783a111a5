/** Campaigns of the region, and one of them. */
import { api, problemText } from '../../api/client';
import type {
  Campaign,
  CampaignCard,
  CampaignColumn,
  CampaignCountry,
  CampaignIndicator,
  CampaignState,
  CampaignTimeline,
  CampaignWish,
  Page,
} from '../../api/types';
import { plusDays } from './weeks';

/** What board, timeline and map are narrowed to: it stands in the address. */
export interface Narrowing {
  country: string;
  theme: string;
  mine: boolean;
}

export function readNarrowing(query: URLSearchParams): Narrowing {
  return { country: query.get('country') ?? '', theme: query.get('theme') ?? '', mine: query.get('mine') === 'true' };
}

/** The address of a page of campaigns with this narrowing. */
export function addressOf(path: string, { country, theme, mine }: Narrowing, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(Object.entries({ country, theme, ...(mine && { mine: 'true' }), ...more }).filter(([, value]) => value));
  return query.size ? `${path}?${query}` : path;
}

/** Asked anew as the reader narrows it down; an answer to an earlier question is dropped. */
abstract class Asked<Answer> {
  shown = $state.raw<Answer | null>(null);
  problem = $state('');
  busy = $state(false);
  #running: AbortController | null = null;

  protected async ask(path: string, query: Record<string, string | number | boolean>): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    this.problem = '';
    try {
      const answer = await api.get<Answer>(path, { query, signal: running.signal });
      if (!running.signal.aborted) this.shown = answer;
    } catch (error) {
      if (!running.signal.aborted) this.problem = problemText(error);
    } finally {
      if (this.#running === running) this.busy = false;
    }
  }
}

const asked = ({ country, theme, mine }: Narrowing) => ({ country, theme, ...(mine && { mine }) });

export class Board extends Asked<{ columns: CampaignColumn[] }> {
  load = (narrowing: Narrowing): Promise<void> => this.ask('/api/campaigns/board', asked(narrowing));

  /** The rest of a column, page by page. */
  async more(narrowing: Narrowing, state: CampaignState): Promise<void> {
    const column = this.shown?.columns.find((each) => each.state === state);
    if (!column?.next) return;
    const page = await api.get<Page<CampaignCard>>('/api/campaigns', { query: { ...asked(narrowing), state, cursor: column.next, limit: 25 } });
    const grown = { ...column, items: [...column.items, ...page.items], next: page.next };
    this.shown = { columns: this.shown?.columns.map((each) => (each.state === state ? grown : each)) ?? [] };
  }
}

export class Timeline extends Asked<CampaignTimeline> {
  load = (narrowing: Narrowing, from: string, weeks: number): Promise<void> =>
    this.ask('/api/campaigns/timeline', { ...asked(narrowing), from, weeks });
}

export class RegionMap extends Asked<{ countries: CampaignCountry[] }> {
  load = (narrowing: Narrowing): Promise<void> => this.ask('/api/campaigns/map', asked({ ...narrowing, country: '' }));
}

/** Whom a plan meets: asked while it is planned. */
export class Clashes extends Asked<Page<CampaignCard>> {
  look(plan: { countries: string[]; ages: string[]; settings: string[]; start: string; end: string }, campaign = ''): void {
    const { countries, ages, settings, start, end } = plan;
    if (!countries.length || !ages.length || !start || !end || end < start || end > plusDays(start, 730)) {
      this.shown = null;
      return;
    }
    const query = { countries: countries.join(), ages: ages.join(), settings: settings.join(), start, end, campaign };
    void this.ask('/api/campaigns/clashes', query);
  }
}

/** One campaign, and what may be done with it. */
export class TheCampaign {
  shown = $state.raw<Campaign | null>(null);
  problem = $state('');

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    this.problem = '';
    try {
      this.shown = await api.get<Campaign>(this.#path());
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  #path = (part = ''): string => `/api/campaigns/${this.id}${part}`;

  async #take(answer: Promise<Campaign>): Promise<void> {
    this.shown = await answer;
  }

  change = (wish: CampaignWish) => this.#take(api.patch<Campaign>(this.#path(), wish));
  move = (state: CampaignState) => this.#take(api.put<Campaign>(this.#path('/state'), { state }));
  ask = () => this.#take(api.put<Campaign>(this.#path('/approval-request')));
  withdraw = () => this.#take(api.delete<Campaign>(this.#path('/approval-request')));
  pretest = (pretest: Campaign['pretest']) => this.#take(api.put<Campaign>(this.#path('/pretest'), pretest));
  answer = (note: string) => this.#take(api.put<Campaign>(this.#path('/capacity'), { note }));
  cannotAnswer = () => this.#take(api.delete<Campaign>(this.#path('/capacity')));
  measure = (items: CampaignIndicator[]) => this.#take(api.put<Campaign>(this.#path('/indicators'), { items }));
  conclude = (results: string) => this.#take(api.put<Campaign>(this.#path('/results'), { results }));
  openChannel = () => this.#take(api.put<Campaign>(this.#path('/channel')));
  addMaterial = (wish: { title: string; languages: string[]; licence: string; permission: string; file: string | null }) =>
    this.#take(api.post<Campaign>(this.#path('/materials'), wish));
  removeMaterial = (id: string) => this.#take(api.delete<Campaign>(this.#path(`/materials/${id}`)));
  approveMaterial = (id: string) => this.#take(api.put<Campaign>(this.#path(`/materials/${id}/approval`)));

  /** What was given back is for its own people again: whoever gave it back may not see it any more. */
  async decide(approved: boolean, note: string): Promise<void> {
    await api.put(this.#path('/approval'), { approved, note });
    if (approved) await this.load();
  }
}
