/** Case rooms, as others may use them. */
export { tellOfCase } from './notices';
