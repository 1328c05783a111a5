/** Referrals, as others may use them. */
export { tellOfReferral } from './notices';
