/** Coordination requests, as others may use them. */
export { tellOfRequest } from './notices';
