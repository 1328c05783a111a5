/** What is asked, and how: the address carries all of it, so that a search can be kept and sent. */
export type Sort = 'newest' | 'relevance';

export interface Question {
  q: string;
  sort: Sort;
  /** Whether the glossary's words of other languages are looked for, too. */
  across: boolean;
}

export function readQuestion(query: URLSearchParams): Question {
  return {
    q: query.get('q')?.trim() ?? '',
    sort: query.get('sort') === 'relevance' ? 'relevance' : 'newest',
    across: query.get('across') !== 'false',
  };
}

/** The address of a search; what goes without saying is left out. */
export function addressOf({ q, sort = 'newest', across = true }: Partial<Question>): string {
  const query = new URLSearchParams();
  if (q?.trim()) query.set('q', q.trim());
  if (sort !== 'newest') query.set('sort', sort);
  if (!across) query.set('across', 'false');
  const text = query.toString();
  return text ? `/search?${text}` : '/search';
}
