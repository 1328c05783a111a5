/** Steps of a campaign beside the one that follows (server: campaigns/steps.rs). */
import type { CampaignState } from '../../api/types';

const OTHERS: Record<CampaignState, CampaignState[]> = {
  idea: ['archived'],
  planned: ['idea', 'archived'],
  approved: ['planned', 'archived'],
  pretested: ['planned', 'archived'],
  running: ['paused'],
  paused: ['ended'],
  ended: ['archived'],
  evaluated: [],
  archived: [],
};

export const otherSteps = (state: CampaignState): CampaignState[] => OTHERS[state];
