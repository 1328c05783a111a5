/** What travels between the pages of case rooms and the server (routes of `cases`). Days are `2026-12-31`. */
import type { ActLabel, Code, Marking } from '../../api/types';

export type Phase = 'identification' | 'assessment' | 'planning' | 'implementation' | 'review' | 'closed';
export type Side = 'transferred' | 'suspended' | 'duplicate';
export type Risk = 'low' | 'medium' | 'high';
export type Reason = 'completed' | 'returned' | 'reunited' | 'aged_out' | 'transferred' | 'contact_lost' | 'death' | 'other';
export type ProposalKind = 'admission' | 'closure' | 'erasure' | 'handover';

export interface Who {
  id: string;
  name: string;
  organisation: string | null;
  organisation_name: string | null;
}

/** What is known of the child or the situation, in codes. */
export interface CaseSheet {
  age_band: string;
  sex: string | null;
  company: string;
  needs: string[];
  consent: string;
  assent: boolean;
  not_asked_reason: string;
  authorities: boolean;
  bia: boolean;
  bid: string;
  guardian: string;
  nrm_pillar: string | null;
  trm_sop: string | null;
  themes: string[];
  countries: string[];
  home_system: string;
  home_reference: string;
  summary: string;
}

export interface CaseCard {
  id: string;
  reference: string;
  lead: { id: string; name: string };
  phase: Phase;
  side: Side | null;
  risk: Risk;
  next_review: string;
  overdue: boolean;
  retention_until: string | null;
  marking: Marking;
  exercise: string | null;
  changed_at: string;
  seq: number;
  /** How much waits for a second person. */
  waiting: number;
  leads: boolean;
  brief: { age_band: string; needs: string[]; countries: string[]; company: string } | null;
}

export interface CaseInvitation {
  case: string;
  reference: string;
  invited_by: Who;
  mandate: string;
  ground: string;
  /** The last day of the mandate. */
  expires_at: string | null;
  exercise: boolean;
}

export interface CaseBoard {
  items: CaseCard[];
  invitations: CaseInvitation[];
  terms: string;
  may_open: boolean;
  unlocked: boolean;
}

export interface CaseMember {
  who: Who;
  mandate: string;
  ground: string;
  state: 'proposed' | 'invited' | 'active' | 'left' | 'removed' | 'expired' | 'declined';
  invited_by: Who;
  invited_at: string;
  accepted_at: string | null;
  expires_at: string | null;
  ended_at: string | null;
  confirmed_by: Who | null;
  me: boolean;
  lead: boolean;
}

export interface CaseProposal {
  id: string;
  kind: ProposalKind;
  by: Who;
  at: string;
  subject: Who | null;
  organisation: { id: string; name: string } | null;
  mandate: string | null;
  ground: string | null;
  reason: Reason | null;
  report: string | null;
  retention_days: number | null;
  may_confirm: boolean;
  may_drop: boolean;
  missing: string[];
}

export interface CaseRoom extends CaseCard {
  sheet: CaseSheet;
  sheet_seq: number;
  /** The steps from here, the next right one first, each with the codes of what is missing for it. */
  steps: { to: Phase; missing: string[] }[];
  gates: Record<'consent' | 'bia' | 'bid' | 'tasks' | 'checklist', boolean>;
  members: CaseMember[];
  proposals: CaseProposal[];
  tasks: { open: number; overdue: number };
  can: Record<'lead' | 'write' | 'invite' | 'close' | 'leave' | 'hand_over' | 'erase', boolean>;
  review_max_days: number;
  created_at: string;
  created_by: Who;
  closed_at: string | null;
  closing: { reason: Reason; report: string; by: Who; confirmed_by: Who } | null;
  escrow: CaseEscrow | null;
}

/** Who holds a room's key for members who lose theirs: any two of them together. */
export interface CaseEscrow {
  holders: Who[];
  since: string;
}

/** How a member gets back into a room whose key they have lost. */
export interface CaseWayBack {
  holds_key: boolean;
  escrow: CaseEscrow | null;
  asked: { state: 'waiting' | 'opened' | 'refused' | 'lapsed' | 'over'; asked_at: string; expires_at: string; first: Who | null; ended_by: Who | null } | null;
}

export interface CaseMessage {
  kind: 'message';
  topic: string | null;
  body: string;
  act: ActLabel;
}
export interface CaseTopic {
  kind: 'topic';
  title: string;
  resolved: boolean;
}
export interface CaseTask {
  kind: 'task';
  title: string;
  owner: string | null;
  due: string | null;
  done: boolean;
  code: string | null;
}
export interface CaseMeeting {
  kind: 'meeting';
  on: string;
  how: string;
  who: string[];
  agenda: string;
  minutes: string;
}
export interface CaseDecision {
  kind: 'decision';
  about: string;
  text: string;
  ground: string;
}
export interface CaseNote {
  kind: 'note';
  text: string;
}
export interface CaseFile {
  kind: 'file';
  name: string;
  title: string;
  file: string;
  media_type: string;
  size: number;
  topic: string | null;
}
export interface CaseClosing {
  kind: 'closing';
  reason: Reason;
  report: string;
}
export type CaseContent = CaseMessage | CaseTopic | CaseTask | CaseMeeting | CaseDecision | CaseNote | CaseFile | CaseClosing | { kind: 'sheet'; sheet: CaseSheet };

export interface CaseEvent {
  code: string;
  subject: Who | null;
  organisation: { id: string; name: string } | null;
  from: string;
  to: string;
}

export interface CaseEntry<Said extends CaseContent = CaseContent> {
  seq: number;
  place: number;
  item: string;
  kind: string;
  author: Who | null;
  at: string;
  changed_at: string;
  marking: Marking;
  handling: Code[];
  /** The words of an H3. */
  restriction: string | null;
  /** Why it isn't said to this reader: an H3 is to be acknowledged first. */
  withheld: 'red' | 'h3' | null;
  revised: boolean;
  deleted: boolean;
  mine: boolean;
  can_change: boolean;
  content: Said | null;
  event: CaseEvent | null;
}

export interface CaseMinutes {
  reference: string;
  phase: Phase;
  lead: { id: string; name: string };
  from: string | null;
  to: string | null;
  made_at: string;
  reader: Who;
  marking: Marking;
  exercise: boolean;
  items: CaseEntry[];
  withheld: number;
}
