/** File cards, overlaps and matching, as others may use them. */
export { tellOfDeconfliction } from './notices';
