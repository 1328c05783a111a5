/** Campaigns, as others may use them. */
export { tellOfCampaign } from './notices';
