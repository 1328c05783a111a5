/** The door to the guard: it comes when somebody writes, not with the page. */
export type { Day, Finding, Kind, Setting, Severity, Spread } from './guard';

/** Loads the guard, once. */
export const loadGuard = () => import('./guard');
