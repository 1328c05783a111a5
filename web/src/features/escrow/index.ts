/** The escrow of case rooms, as others may use it. */
export { tellOfEscrow } from './notices';
