/** What the server says of referrals: written down here, so that no screen waits for the generated types. */
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type Referral = Schemas['Referral'];
export type Details = Schemas['ReferralDetails'];
export type Content = Schemas['ReferralContent'];
export type State = Schemas['ReferralState'];
export type Act = Schemas['ReferralAct'];
export type Decline = Schemas['ReferralDecline'];
export type Step = Schemas['ReferralStep'];
export type Partner = Schemas['ReferralPartner'];
export type Capacity = Schemas['ReferralCapacity'];
export type CapacitySaid = Schemas['ReferralCapacitySaid'];
export type Event = Schemas['ReferralEvent'];
export type Alarm = Schemas['ReferralAlarm'];
