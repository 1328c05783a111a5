/** What the server answers a search, by the names that are used here. */
import type { SearchAnswer } from '../../api/types';

export type { FoundKind as Kind, FoundMessage as Hit, FoundThing as Thing, SearchAnswer as Answer, Tongue } from '../../api/types';
export type Also = SearchAnswer['also'][number];
export type Spelling = SearchAnswer['spellings'][number];
export type SearchFacets = NonNullable<SearchAnswer['facets']>;
export type Count = SearchFacets['kinds'][number];
