/**
 * What travels between page and server. The shapes come from the server's own types by way of
 * `openapi.json` (`npm run gen:types`); here they get the names features use, and words where the
 * schema says only "string". The frames of the socket aren't part of OpenAPI and stand here whole.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

/** The server always names a field; what isn't there is null. */
type Full<Shape> = { [Name in keyof Shape]-?: undefined extends Shape[Name] ? Exclude<Shape[Name], undefined> | null : Shape[Name] };
/** A shape with some fields said more precisely. */
type With<Shape, Precise> = Omit<Full<Shape>, keyof Precise> & Precise;

/** A name in several languages; more of them will come. */
export type Localised = { en: string; fr?: string | null };
export type Marking = 'clear' | 'green' | 'amber' | 'amber+strict' | 'red';
/** Handling codes of Europol; nothing is H0. */
export type Code = 'h0' | 'h1' | 'h2' | 'h3';
/** What may be done upon a message. */
export type ActLabel = 'none' | 'ask' | 'quiet' | 'open';
export type Purpose = 'country' | 'theme' | 'lobby' | 'newcomers' | 'cell' | 'group' | 'direct';

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export type Role = With<Schemas['RoleGrant'], { id?: string; role: 'administrator' | 'moderator' | 'auditor' | 'data_protection' | 'focal_point' | 'editor' }>;
export type Me = With<Schemas['Me'], { roles: Role[]; factor: Full<Schemas['FactorState']> }>;
export type Passkey = Full<Schemas['Passkey']>;
export type Factors = With<Schemas['Factors'], { passkeys: Passkey[]; removal: Full<Schemas['Removal']> | null }>;
export type FactorRemoval = Full<Schemas['FactorRemoval']>;
export type Enrolment = Full<Schemas['Enrolment']>;
export type AddedPasskey = With<Schemas['AddedPasskey'], { passkey: Passkey }>;
export type OwnKeys = Schemas['OwnKeys'];
export type NewKeys = Schemas['NewKeys'];
export type OpenedKeys = Schemas['OpenedKeys'];
export type PasskeySecret = Schemas['PasskeySecret'];
export type Provider = Schemas['Provider'];
export type ProviderBinding = Schemas['ProviderBinding'];
export type SecurityNotice = Full<Schemas['SecurityNotice']>;
export type SavedSearch = Full<Schemas['SavedSearch']>;
/** A language of the region as messages are known by; Bosnian, Croatian, Montenegrin and Serbian are one. */
export type Tongue = 'sq' | 'bcms' | 'bg' | 'mk' | 'ro' | 'el' | 'en' | 'fr';
export type FoundKind = Schemas['Kind'];
export type FoundMessage = With<
  Schemas['Found'],
  { message: With<Schemas['FoundMessage'], { marking: Marking; language: Tongue | null }>; channel_name: Localised | null }
>;
export type FoundThing = With<Schemas['Thing'], { kind: Exclude<FoundKind, 'message'> }>;
export type SearchAnswer = With<Schemas['Answer'], { items: FoundMessage[]; things: FoundThing[]; facets: Schemas['Facets'] | null }>;
export type NewsletterRow = With<Schemas['NewsletterIssueRow'], { state: 'draft' | 'asked' | 'released' }>;
export type NewsletterIssue = With<
  Schemas['NewsletterIssue'],
  { state: 'draft' | 'asked' | 'released'; items: With<Schemas['NewsletterItem'], { kind: Publishable }>[] }
>;
export type NewsletterProposal = With<
  Schemas['NewsletterProposal'],
  { kind: Publishable; marking: 'clear' | 'green'; request: 'open' | 'yes' | 'no' | null }
>;
export type NewsletterRequest = With<Schemas['NewsletterRequest'], { kind: Publishable; state: 'open' | 'yes' | 'no' }>;
export type MyNewsletter = Full<Schemas['MyNewsletter']>;
/** What the newsletter can take. */
export type Publishable = 'practice' | 'campaign' | 'study' | 'event';
export type TranslationState = With<Schemas['TranslationState'], { marking: Marking | null }>;
export type Translation = Full<Schemas['Translation']>;
export type TranslatedTerm = Schemas['TranslatedTerm'];
export type Person = With<Schemas['Person'], { presence?: 'here' | 'away' }>;

/** The law that an organisation keeps personal data under. */
export type Regime = 'gdpr' | 'led' | 'io';
/** When somebody was last seen, coarsely. */
export type Seen = 'here' | 'today' | 'week' | 'longer';
export type Profile = Person &
  With<Schemas['DirectoryProfile'], { seen: Seen; regime: Regime | null; focal_for: Full<Schemas['FocalFor']>[]; presence?: 'here' | 'away' }>;
export type FocalPoint = With<Schemas['FocalPoint'], { person: Person }>;
export type Organisation = With<
  Schemas['Organisation'],
  { regime: Regime; focal_points: FocalPoint[]; confirmed_by: Schemas['Named'] | null }
>;
export type OrganisationPage = Organisation & { people: Person[]; can: Schemas['OrganisationCan'] };
/** What is sent to enter or to change an organisation; an empty text takes away what is there. */
export type OrganisationWish = Partial<Schemas['OrganisationWish']>;
export type DirectoryItem =
  | { kind: 'focal_point' | 'person'; person: Profile; organisation: null }
  | { kind: 'organisation'; person: null; organisation: Organisation };
export type Facets = Schemas['DirectoryFacets'];
export type DirectoryAddresses = Schemas['DirectoryAddresses'];
export type Directory = { items: DirectoryItem[]; next: string | null; total: number; facets: Facets | null };
export type HelpLine = With<Schemas['HelpLine'], { operator: Localised | null }>;
type Lines = {
  name: Localised;
  check: Localised;
  emergency: Localised;
  child_helpline: HelpLine | null;
  missing_children: HelpLine | null;
  trafficking_hotline: HelpLine | null;
};
export type CountryNumbers = With<Schemas['CountryNumbers'], Lines>;
export type CountryCard = With<
  Schemas['CountryCard'],
  Lines & {
    footnote: Localised | null;
    siena: 'member_state' | 'third_party' | 'working_arrangement';
    confirmed_by: Schemas['Named'] | null;
    organisations: Organisation[];
    moderators: Person[];
  }
>;
export type Vocabulary = Schemas['Vocabulary'];
export type Abbreviation = With<Schemas['Abbreviation'], { term: Localised; note: Localised | null }>;
/** Something the field works with, and the terms for it by language. */
export type Concept = With<Schemas['GlossaryConcept'], { confidence: 'high' | 'medium'; note: Localised | null }>;
export type TermProposal = With<Schemas['GlossaryProposal'], { proposed_by: Schemas['GlossaryPerson']; decided_by: Schemas['GlossaryPerson'] | null }>;

export type PracticeState = Schemas['PracticeState'];
export type PracticeItem = With<Schemas['PracticeItem'], { marking: Marking; author: Person | null }>;
export type PracticeMaterial = Full<Schemas['PracticeMaterial']>;
type PracticeTest = Full<Schemas['PracticeTest']>;
export type PracticeContent = With<
  Schemas['PracticeContent'],
  {
    tests: Record<'effective' | 'sustainable' | 'gender_sensitive' | 'feasible' | 'participatory' | 'replicable', PracticeTest>;
    materials: PracticeMaterial[];
    adaptation: Full<Schemas['PracticeAdaptation']> | null;
  }
>;
export type PracticeReview = With<Schemas['PracticeReview'], { person: Person | null; verdict: 'publish' | 'revise' }>;
export type PracticeHarm = With<Schemas['PracticeHarm'], { person: Person | null; answered_by: Person | null }>;
export type PracticeRung = Full<Schemas['PracticeRung']>;
export type PracticeTranslationState = With<Schemas['PracticeTranslationState'], { translator: Person | null; checked_by: Person | null }>;
export type PracticeTranslated = Full<Schemas['PracticeTranslationContent']>;
export type PracticeTranslation = PracticeTranslationState & { content: PracticeTranslated };
export type Practice = PracticeItem &
  With<
    Omit<Schemas['Practice'], keyof Schemas['PracticeItem']>,
    {
      content: PracticeContent;
      files: FileView[];
      reviewers: With<Schemas['PracticeReviewer'], { person: Person | null }>[];
      reviews: PracticeReview[];
      harms: PracticeHarm[];
      steps: With<Schemas['PracticeStep'], { person: Person | null }>[];
      ladder: PracticeRung[];
      level_set: With<Schemas['PracticeLevel'], { person: Person | null }> | null;
      translations: PracticeTranslationState[];
      endorsed_by: With<Schemas['PracticeEndorsement'], { person: Person | null }>[];
      used_by: With<Schemas['PracticeUse'], { person: Person | null }>[];
    }
  >;
export type Practices = { items: PracticeItem[]; next: string | null; total: number; facets: Schemas['PracticeFacets'] };
export type PracticeSurroundings = {
  family: { practice: PracticeItem; parent: string | null }[];
  countries: string[];
  related: { practice: PracticeItem; themes: string[]; countries: string[]; stage: boolean }[];
};
export type PracticeVersionEntry = With<Schemas['PracticeVersionEntry'], { person: Person | null }>;
export type PracticeVersion = With<Schemas['PracticeVersion'], { content: PracticeContent }>;
export type PrintedPractice = Omit<Schemas['PrintedPractice'], 'practice'> & { practice: Practice };
export type CampaignState = Schemas['CampaignState'];
/** What a list shows of a campaign. */
export type CampaignCard = With<Schemas['CampaignCard'], { marking: Marking; author: Person | null; organisation: Schemas['CampaignNamed'] | null }>;
export type CampaignPlan = Full<Schemas['CampaignPlan']>;
export type CampaignIndicator = With<Schemas['CampaignIndicator'], { unit: string; series: [number, number][]; below_five?: boolean }>;
export type CampaignMaterial = With<Schemas['CampaignMaterial'], { file: FileView | null; added_by: Schemas['CampaignNamed']; approved_by: Schemas['CampaignNamed'] | null }>;
/** Who has done something, and when. */
export type CampaignDone = With<Schemas['CampaignDone'], { by: Person | null }>;
export type Campaign = CampaignCard & {
  plan: CampaignPlan;
  practice: Schemas['CampaignNamed'] | null;
  partners: Full<Schemas['NamedOrganisation']>[];
  people: Person[];
  channel: string | null;
  has_channel: boolean;
  approval_asked: CampaignDone | null;
  approved: CampaignDone | null;
  returned: CampaignDone | null;
  pretest: Schemas['CampaignPretest'] | null;
  capacity: CampaignDone | null;
  materials: CampaignMaterial[];
  indicators: CampaignIndicator[];
  results: string | null;
  clashes: CampaignCard[];
  checks: Schemas['CampaignCheck'][];
  next: CampaignState | null;
  missing: string[];
  steps: Schemas['CampaignStep'][];
  can: Schemas['CampaignCan'];
};
export type CampaignWish = Partial<Schemas['CampaignWish']>;
export type CampaignColumn = With<Schemas['CampaignColumn'], { items: CampaignCard[] }>;
export type CampaignTimeline = With<Schemas['CampaignTimeline'], { campaigns: CampaignCard[] }>;
export type CampaignCountry = Schemas['CampaignCountry'];

export type Channel = With<
  Schemas['Channel'],
  {
    kind: 'open' | 'closed' | 'direct';
    purpose: Purpose;
    marking: Marking;
    ceiling: Marking;
    name: Localised | null;
    description: Localised | null;
    with: Person[];
  }
>;
/** Frames to everybody bear no counts of one reader; the store fills them in. */
export type Topic = With<Schemas['Topic'], { unread: number; mentions: number }>;

export type FileView = Full<Schemas['File']>;
export type FileState = With<
  Schemas['FileState'],
  { state: 'uploading' | 'ready'; file: FileView | null; holder: With<Schemas['FileHolder'], { marking: Marking }> | null }
>;
export type Reaction = Schemas['Reaction'];
export type Revision = Schemas['Revision'];
export type Message = With<
  Schemas['Message'],
  { marking: Marking; handling: Code[]; act: ActLabel; withheld: 'red' | 'h3' | null; attachments: FileView[] }
>;
export type MessageReader = With<Schemas['Reader'], { person: Person }>;
export type MarkingProposal = With<Schemas['MarkingProposal'], { person: Person; marking: Marking }>;
/** What one needs to know of a message to answer it. */
export type Quoted = Pick<Message, 'id' | 'topic' | 'author_name' | 'body'> & Partial<Pick<Message, 'warning'>>;
export type MessagePage = With<Schemas['History'], { items: Message[] }>;
export type Missed = With<Schemas['Missed'], { topic: Topic; latest: Message[] }>;
export type Home = Full<Schemas['Home']>;
export type Marked = Full<Schemas['Marked']>;

export type Cell = Full<Schemas['Cell']>;
export type Country = With<
  Schemas['Country'],
  { name: Localised; footnote: Localised | null; emergency: Localised; child_helpline_operator: Localised | null }
>;
export type Region = With<Schemas['Region'], { countries: Country[]; markings: Marking[] }>;

/** How a message is to be handled, as its author wishes it; what goes without saying isn't sent. */
export interface Labels {
  marking: Marking | null;
  handling?: Code[];
  restriction?: string;
  act?: ActLabel;
  grading?: string;
  warning?: string;
  expires_in_days?: number;
}

export interface Post extends Labels {
  ref: string;
  channel: string;
  topic: string | null;
  new_topic: string | null;
  body: string;
  quote: string | null;
  /** Files that are ready. */
  attachments: string[];
}

export type ClientFrame =
  | { type: 'resume'; cursors: Record<string, number> }
  | ({ type: 'post' } & Post)
  | { type: 'read'; channel: string; topic?: string | null; seq: number; unread?: boolean }
  | { type: 'typing'; channel: string; topic?: string | null };

export type ServerFrame =
  | { type: 'hello'; account: Me; protocol: number; server_time: string }
  | { type: 'message'; message: Message }
  | { type: 'topic'; topic: Omit<Topic, 'unread' | 'mentions'> & { gone?: boolean }; seq: number }
  | { type: 'posted'; ref: string; channel: string; id: string; seq: number }
  | { type: 'held'; ref: string; id: string; channel: string; reason: string }
  | { type: 'refused'; ref?: string | null; code: string; [extra: string]: unknown }
  | { type: 'live' }
  | { type: 'resync'; channel: string | null }
  | { type: 'read'; channel: string; topic: string | null; seq: number }
  | { type: 'typing'; channel: string; topic: string | null; account: string; name: string }
  | { type: 'presence'; channel: string; here: string[]; gone: string[] }
  | { type: 'channel'; channel: string }
  | { type: 'membership'; channel: string; member: boolean }
  | {
      type: 'notice';
      code: string;
      message?: string;
      held?: number;
      reports?: number;
      open?: number;
      about?: string;
      id?: string;
      name?: string;
    }
  | { type: 'bye'; code: string };
