/** What the directory is narrowed down to. The address carries it, so that a search can be kept and sent. */
export interface Filters {
  q: string;
  country: string;
  topic: string;
  theme: string;
  function: string;
  language: string;
}

export type Choice = Exclude<keyof Filters, 'q'>;

/** The filters that are chosen from a list, in the order in which one asks: where, with what, whom. */
export const CHOICES: Choice[] = ['country', 'topic', 'theme', 'function', 'language'];

export function readFilters(query: URLSearchParams): Filters {
  const of = (name: string) => query.get(name)?.trim() ?? '';
  return {
    q: of('q'),
    country: of('country'),
    topic: of('topic'),
    theme: of('theme'),
    function: of('function'),
    language: of('language'),
  };
}

/** The address of the directory with these filters; what is empty is left out. */
export function addressOf(filters: Partial<Filters>): string {
  const query = new URLSearchParams();
  for (const name of ['q', ...CHOICES] as const) {
    const value = filters[name]?.trim();
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text ? `/directory?${text}` : '/directory';
}

/** How many choices are made, the words not counted. */
export function chosen(filters: Filters): number {
  return CHOICES.filter((name) => filters[name]).length;
}
