//! The rules, pure: no clock, no storage, no request.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// What a grant lets its holder do, within its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs the platform: accounts, invitations, the list of channels. Reads no closed channel by this.
    Administrator,
    /// Looks after the channels of a scope and the people who come into them.
    Moderator,
    /// Reads the record of acts, not what is said.
    Auditor,
    /// Keeps the clocks of what should never have been seen (GDPR art. 33, 39). Reads nothing by this.
    DataProtection,
    /// Answers for an organisation and keeps its entry in the directory true.
    FocalPoint,
    /// Decides about corrections to the glossary.
    Editor,
}

impl Role {
    /// The word in storage and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Moderator => "moderator",
            Self::Auditor => "auditor",
            Self::DataProtection => "data_protection",
            Self::FocalPoint => "focal_point",
            Self::Editor => "editor",
        }
    }

    /// Whether its holder must have a second factor for it to be awake. Who answers for an organisation keeps an entry of
    /// the directory and invites colleagues whom somebody else confirms: no more than a member could do harm with.
    pub fn asks_for_second_factor(self) -> bool {
        self != Self::FocalPoint
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "administrator" => Ok(Self::Administrator),
            "moderator" => Ok(Self::Moderator),
            "auditor" => Ok(Self::Auditor),
            "data_protection" => Ok(Self::DataProtection),
            "focal_point" => Ok(Self::FocalPoint),
            "editor" => Ok(Self::Editor),
            _ => Err(()),
        }
    }
}

/// Where a grant holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere but in direct channels.
    Region,
    /// The channels of a country (ISO 3166-1 alpha-2, and the user-assigned XK).
    Country(String),
    /// The channels of a theme (slug of the vocabulary).
    Theme(String),
    /// One channel.
    Channel(Uuid),
    /// One organisation of the directory.
    Organisation(Uuid),
}

impl FromStr for Scope {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            None if text == "region" => Ok(Self::Region),
            Some(("country", code)) if !code.is_empty() => Ok(Self::Country(code.into())),
            Some(("theme", slug)) if !slug.is_empty() => Ok(Self::Theme(slug.into())),
            Some(("channel", id)) => id.parse().map(Self::Channel).map_err(|_| ()),
            Some(("organisation", id)) => id.parse().map(Self::Organisation).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region => f.write_str("region"),
            Self::Country(code) => write!(f, "country:{code}"),
            Self::Theme(slug) => write!(f, "theme:{slug}"),
            Self::Channel(id) => write!(f, "channel:{id}"),
            Self::Organisation(id) => write!(f, "organisation:{id}"),
        }
    }
}

/// How far it is known who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vetting {
    /// Invited and signed in; a second person has yet to confirm who it is.
    Pending,
    /// Confirmed, until then (microseconds).
    Accredited(i64),
    /// Confirmed once; that has run out.
    Expired,
}

/// Somebody is to say nothing for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mute {
    /// Where: channels, as for a power.
    pub scope: Scope,
    /// Until when (microseconds).
    pub until: i64,
}

/// Somebody who acts. Only active accounts become actors.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account.
    pub account: Uuid,
    /// As others see this person.
    pub name: String,
    /// Country of work.
    pub country: Option<String>,
    /// The organisation of the directory this person works for.
    pub organisation: Option<Uuid>,
    /// How far it is known who this is.
    pub vetting: Vetting,
    /// Powers and where they hold. None without accreditation.
    pub grants: Vec<(Role, Scope)>,
    /// The channels this person belongs to.
    pub channels: HashSet<Uuid>,
    /// Where this person is to say nothing for now.
    pub mutes: Vec<Mute>,
}

impl Actor {
    /// Whether this person runs the platform.
    pub fn administers(&self) -> bool {
        self.grants.iter().any(|(role, _)| *role == Role::Administrator)
    }

    /// Whether this person belongs to the channel.
    pub fn belongs_to(&self, channel: &Channel) -> bool {
        self.channels.contains(&channel.id)
    }

    /// Whether one of this person's moderator scopes covers the channel. Direct channels have no moderators.
    pub fn moderates(&self, channel: &Channel) -> bool {
        channel.kind != ChannelKind::Direct && self.scopes().any(|scope| covers(scope, channel))
    }

    /// Until when this person is to say nothing in the channel (microseconds); `None` if they may speak. Direct channels have
    /// no moderators, so nobody is muted in them.
    pub fn muted_in(&self, channel: &Channel) -> Option<i64> {
        let mutes = self.mutes.iter().filter(|mute| channel.kind != ChannelKind::Direct && covers(&mute.scope, channel));
        mutes.map(|mute| mute.until).max()
    }

    /// Whether this person runs or looks after something.
    pub fn holds_powers(&self) -> bool {
        self.administers() || self.is_moderator()
    }

    /// Whether a second person has confirmed who this is, and that still holds.
    pub fn is_confirmed(&self) -> bool {
        matches!(self.vetting, Vetting::Accredited(_))
    }

    /// Whether this person moderates anything at all.
    pub fn is_moderator(&self) -> bool {
        self.scopes().next().is_some()
    }

    /// Whether one of this person's powers asks for a second factor.
    pub fn must_hold_second_factor(&self) -> bool {
        self.grants.iter().any(|(role, _)| role.asks_for_second_factor())
    }

    /// Whether this person answers for an organisation.
    pub fn is_focal_point(&self) -> bool {
        self.grants.iter().any(|(role, _)| *role == Role::FocalPoint)
    }

    fn scopes(&self) -> impl Iterator<Item = &Scope> {
        self.grants.iter().filter(|(role, _)| *role == Role::Moderator).map(|(_, scope)| scope)
    }
}

fn covers(scope: &Scope, channel: &Channel) -> bool {
    match scope {
        Scope::Region => true,
        Scope::Country(code) => channel.country.as_deref() == Some(code),
        Scope::Theme(slug) => channel.theme.as_deref() == Some(slug),
        Scope::Channel(id) => channel.id == *id,
        Scope::Organisation(_) => false,
    }
}

/// How one comes into a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// Every member of the platform may read and join.
    Open,
    /// A moderator admits.
    Closed,
    /// Two to eight people, for good.
    Direct,
}

impl ChannelKind {
    /// The word in storage and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Direct => "direct",
        }
    }
}

impl FromStr for ChannelKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            "direct" => Ok(Self::Direct),
            _ => Err(()),
        }
    }
}

/// What the rules must know of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Channel {
    /// The channel.
    pub id: Uuid,
    /// Its token in the search index.
    pub number: i64,
    /// How one comes in.
    pub kind: ChannelKind,
    /// Known to everybody even when closed.
    pub listed: bool,
    /// The country it is about.
    pub country: Option<String>,
    /// The theme it is about.
    pub theme: Option<String>,
    /// The least strict marking that holds in it, and what a post gets that names none.
    pub marking: String,
    /// The strictest marking that may be said in it.
    pub ceiling: String,
    /// Whether every post says how far its source and its information are to be trusted.
    pub grading: bool,
    /// Its topic `General`.
    pub general: Uuid,
    /// Read only: nothing is said, changed or arranged in it any more; removing a message stays possible.
    pub archived: bool,
    /// Whether it asks something of posts before everybody sees them.
    pub has_policy: bool,
    /// How many days it keeps what is said; `None`: until somebody deletes it.
    pub retention_days: Option<i64>,
    /// The exercise that it belongs to: what is said in it is fictitious, and erased at the end.
    pub exercise: Option<Uuid>,
    /// Whether pictures may be attached although everybody may read it.
    pub pictures: bool,
}

impl Channel {
    /// Whether pictures may be attached in it: where people were admitted, or where its moderators have said so.
    pub fn takes_pictures(&self) -> bool {
        self.pictures || self.kind != ChannelKind::Open
    }
}

/// What somebody wants to do in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Know that it exists, its name and how many belong to it.
    Know,
    /// Read what is said in it and who belongs to it.
    Read,
    /// Read what is marked RED: for the people whom the room names, whoever looks after it.
    Unseal,
    /// Say something, react, quote from elsewhere into it.
    Post,
    /// Become a member without being asked.
    Join,
    /// Ask a moderator to be admitted.
    Ask,
    /// Leave.
    Leave,
    /// Look after it: removing messages, admitting and removing people. Also where it is archived: what should never have
    /// been said there must be able to go.
    Moderate,
    /// Arrange what is said in it: its topics and its pins, and what moves out and in.
    Arrange,
    /// Decide about a post that waits or a message that was reported: never one's own, and after an appeal not who has
    /// decided before. Others don't know that there is something.
    Review {
        /// Who wrote it.
        author: Uuid,
        /// Who has decided before an appeal.
        before: Option<Uuid>,
    },
    /// Change the channel itself: name, kind, archive.
    Manage,
    /// Take what is said in it, or who belongs to it, out of the platform: ask for that, or approve it.
    Export {
        /// Who has asked for it, when it is to be approved: never the one who approves.
        asked_by: Option<Uuid>,
    },
    /// Change how long it keeps what is said: ask for that, or approve it.
    Retain {
        /// Who has asked for it, when it is to be approved: never the one who approves.
        asked_by: Option<Uuid>,
    },
}

/// The answer to "may I?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allow,
    /// No, and the reason may be told (a problem code).
    Forbid(&'static str),
    /// No, and not even that there is something: the answer is the one for what doesn't exist.
    Hide,
}

/// Decides about an act in a channel. Who isn't confirmed has only the channels that they were put into: the newcomers'
/// room.
pub fn may(actor: &Actor, action: Action, channel: &Channel) -> Decision {
    let member = actor.belongs_to(channel);
    let open = channel.kind == ChannelKind::Open && actor.is_confirmed();
    let moderates = actor.moderates(channel);
    let manages = moderates || (actor.administers() && channel.kind != ChannelKind::Direct);
    let knows = member || open || (channel.listed && actor.is_confirmed()) || manages;
    let reads = member || open || moderates;
    if !knows {
        return Decision::Hide;
    }
    let allowed_if = |condition: bool, code: &'static str| if condition { Decision::Allow } else { Decision::Forbid(code) };
    match action {
        Action::Know => Decision::Allow,
        Action::Read => {
            if reads {
                Decision::Allow
            } else {
                Decision::Hide
            }
        }
        Action::Unseal | Action::Post if !reads => Decision::Hide,
        Action::Unseal => allowed_if(member, "not_a_member"),
        Action::Post if !member => Decision::Forbid("not_a_member"),
        Action::Post if actor.muted_in(channel).is_some() => Decision::Forbid("muted"),
        Action::Post => allowed_if(!channel.archived, "archived"),
        Action::Join => allowed_if(member || open || moderates, "forbidden"),
        Action::Ask => allowed_if(channel.kind == ChannelKind::Closed && !member, "forbidden"),
        Action::Leave => allowed_if(channel.kind != ChannelKind::Direct && actor.is_confirmed(), "forbidden"),
        Action::Moderate | Action::Arrange | Action::Export { .. } if !reads && !manages => Decision::Hide,
        Action::Export { asked_by } | Action::Retain { asked_by } if asked_by == Some(actor.account) => {
            Decision::Forbid("other_person_needed")
        }
        Action::Arrange if moderates && channel.archived => Decision::Forbid("archived"),
        Action::Moderate | Action::Arrange | Action::Export { .. } => allowed_if(moderates, "forbidden"),
        Action::Review { .. } if !moderates => Decision::Hide,
        Action::Review { author, .. } if author == actor.account => Decision::Forbid("own_message"),
        Action::Review { before, .. } => allowed_if(before != Some(actor.account), "other_moderator_needed"),
        Action::Manage | Action::Retain { .. } => allowed_if(manages, "forbidden"),
    }
}

/// What somebody wants to do in the region as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionAction<'a> {
    /// See and change accounts and their powers.
    Administer,
    /// Give or take a power within a scope, to or from this account. What must be known of a channel's scope is its
    /// country.
    Grant {
        /// The power.
        role: Role,
        /// Where it holds.
        scope: &'a Scope,
        /// The country of the channel, where the scope is one.
        country: Option<&'a str>,
        /// Whose it is to be: never the caller's own.
        account: Uuid,
    },
    /// End an account with the job: of this country (or of none). One's own is always one's own to end.
    EndAccount {
        /// Country of work.
        country: Option<&'a str>,
        /// Whose account.
        account: Uuid,
    },
    /// Help somebody back in who has lost their password or second factor: of this country (or of none).
    Rescue {
        /// Country of work.
        country: Option<&'a str>,
        /// Whose account: never the caller's own.
        account: Uuid,
        /// Whether it holds powers: those are for administrators to give back.
        holds_powers: bool,
    },
    /// Look people, organisations and the grid up.
    UseDirectory,
    /// Read the glossary, and propose corrections to it.
    UseGlossary,
    /// Decide about a correction to the glossary.
    EditGlossary {
        /// Who has proposed it, when it is known: never the one who decides.
        proposed_by: Option<Uuid>,
    },
    /// Get the newsletter by e-mail, be named in it, and answer those who ask for one's own in it.
    UseNewsletter,
    /// Compose the newsletter.
    ComposeNewsletter,
    /// See an issue that is handed in for release, and decide about it.
    ReleaseNewsletter {
        /// Who has worked on it: none of them decides.
        worked_on: &'a [Uuid],
    },
    /// Open a conversation of a few people.
    Converse,
    /// Read the record of acts.
    ReadRecord,
    /// See what was taken back, and close its clock.
    KeepBreaches,
    /// Take the list of everybody out of the platform: ask for that, or approve it.
    ExportPeople {
        /// Who has asked for it, when it is to be approved: never the one who approves.
        asked_by: Option<Uuid>,
    },
    /// Keep the directory of this country (or of none): organisations, focal points, numbers.
    KeepDirectory(Option<&'a str>),
    /// Keep one organisation's entry, of this country (or of none).
    KeepOrganisation(Uuid, Option<&'a str>),
    /// Say that the numbers on a country's card are right.
    ConfirmNumbers(&'a str),
    /// Invite somebody of this country (or of none) into this organisation of the directory, if it is one; see and take back
    /// such invitations. Who answers for an organisation does so for colleagues in their own country.
    Invite {
        /// Country of work.
        country: Option<&'a str>,
        /// The organisation; `None` if the directory doesn't have it yet.
        organisation: Option<Uuid>,
    },
    /// Confirm who somebody is: of this country (or of none), with this account, invited by this sponsor.
    Confirm {
        /// Country of work.
        country: Option<&'a str>,
        /// Who is to be confirmed.
        account: Uuid,
        /// Who invited them: never the one who confirms.
        sponsor: Option<Uuid>,
    },
    /// See who has come in to this country (or to none), and how far it is known who they are.
    SeeInvitation(Option<&'a str>),
    /// Open a channel for this country and theme.
    OpenChannel(Option<&'a str>, Option<&'a str>),
    /// Start an exercise for this country and theme, or for the region.
    RunExercise(Option<&'a str>, Option<&'a str>),
    /// End an exercise, and let others take part.
    KeepExercise {
        /// The country that it is for.
        country: Option<&'a str>,
        /// The theme that it is for.
        theme: Option<&'a str>,
        /// Who has started it.
        leader: Uuid,
    },
    /// See an exercise, and what remains of it. Others don't know that there is one.
    SeeExercise {
        /// The country that it is for.
        country: Option<&'a str>,
        /// The theme that it is for.
        theme: Option<&'a str>,
        /// Whether the one who asks takes part.
        takes_part: bool,
    },
    /// Warn somebody, or let them say nothing for a while, within a scope that the caller looks after.
    Sanction {
        /// Where.
        scope: &'a Scope,
        /// The channel, where the scope is one.
        channel: Option<&'a Channel>,
        /// Whom: never the caller.
        account: Uuid,
        /// Whether they run or look after something themselves: that is for those who gave them their powers.
        holds_powers: bool,
    },
    /// Propose that somebody's account be suspended, or confirm it: of this country (or of none).
    Suspend {
        /// Country of work.
        country: Option<&'a str>,
        /// Whose account: never the caller's own.
        account: Uuid,
        /// Whether it holds powers: those are for administrators.
        holds_powers: bool,
        /// Who has proposed it, when it is to be confirmed: never the one who confirms.
        proposed_by: Option<Uuid>,
    },
}

/// Decides about an act in the region.
pub fn may_in_region(actor: &Actor, action: RegionAction<'_>) -> Decision {
    let moderates = |country: Option<&str>, theme: Option<&str>| {
        actor.scopes().any(|scope| match scope {
            Scope::Region => true,
            Scope::Country(code) => country == Some(code),
            Scope::Theme(slug) => theme == Some(slug),
            Scope::Channel(_) | Scope::Organisation(_) => false,
        })
    };
    let holds = |role: Role, scope: &Scope| actor.grants.iter().any(|(held, where_)| *held == role && where_ == scope);
    if !actor.is_confirmed() {
        return Decision::Forbid("not_confirmed");
    }
    let allowed = match action {
        RegionAction::ExportPeople { asked_by: by } | RegionAction::EditGlossary { proposed_by: by }
            if by == Some(actor.account) =>
        {
            return Decision::Forbid("other_person_needed");
        }
        RegionAction::ReleaseNewsletter { worked_on } if worked_on.contains(&actor.account) => {
            return Decision::Forbid("other_person_needed");
        }
        RegionAction::Grant { account, .. } if account == actor.account => false,
        RegionAction::Grant { role: Role::Moderator, scope, country, .. } => {
            actor.administers()
                || holds(Role::Moderator, &Scope::Region) && *scope != Scope::Region
                || matches!(scope, Scope::Channel(_)) && moderates(country, None) && country.is_some()
        }
        RegionAction::Administer | RegionAction::ExportPeople { .. } | RegionAction::Grant { .. } => actor.administers(),
        RegionAction::EndAccount { country, account } => account == actor.account || moderates(country, None),
        RegionAction::Rescue { country, account, holds_powers } => {
            account != actor.account && (actor.administers() || !holds_powers && moderates(country, None))
        }
        RegionAction::EditGlossary { .. } | RegionAction::ComposeNewsletter => holds(Role::Editor, &Scope::Region),
        RegionAction::ReleaseNewsletter { .. } => holds(Role::Editor, &Scope::Region) || holds(Role::Moderator, &Scope::Region),
        RegionAction::ReadRecord => holds(Role::Auditor, &Scope::Region),
        RegionAction::KeepBreaches => holds(Role::DataProtection, &Scope::Region),
        RegionAction::KeepOrganisation(id, country) => {
            actor.administers() || moderates(country, None) || holds(Role::FocalPoint, &Scope::Organisation(id))
        }
        RegionAction::ConfirmNumbers(country) => {
            let answers_there = actor.country.as_deref() == Some(country) && actor.is_focal_point();
            actor.administers() || moderates(Some(country), None) || answers_there
        }
        RegionAction::Confirm { country, account, sponsor } => {
            moderates(country, None) && account != actor.account && sponsor != Some(actor.account)
        }
        RegionAction::KeepDirectory(country) | RegionAction::SeeInvitation(country) => {
            actor.administers() || moderates(country, None)
        }
        RegionAction::Invite { country, organisation } => {
            let colleague = actor.country.as_deref() == country
                && organisation.is_some_and(|id| holds(Role::FocalPoint, &Scope::Organisation(id)));
            actor.administers() || moderates(country, None) || colleague
        }
        RegionAction::OpenChannel(country, theme) => actor.administers() || moderates(country, theme),
        RegionAction::RunExercise(country, theme) => moderates(country, theme),
        RegionAction::KeepExercise { country, theme, leader } => leader == actor.account || moderates(country, theme),
        RegionAction::SeeExercise { country, theme, takes_part } if !(takes_part || moderates(country, theme)) => {
            return Decision::Hide;
        }
        RegionAction::UseDirectory
        | RegionAction::UseGlossary
        | RegionAction::UseNewsletter
        | RegionAction::Converse
        | RegionAction::SeeExercise { .. } => true,
        RegionAction::Sanction { account, holds_powers, .. } if account == actor.account || holds_powers => false,
        RegionAction::Sanction { scope, channel, .. } => match scope {
            Scope::Channel(_) => channel.is_some_and(|channel| actor.moderates(channel)),
            Scope::Country(code) => moderates(Some(code), None),
            Scope::Theme(slug) => moderates(None, Some(slug)),
            Scope::Region => holds(Role::Moderator, &Scope::Region),
            Scope::Organisation(_) => false,
        },
        RegionAction::Suspend { country, account, holds_powers, proposed_by } => {
            let trusted = actor.administers() || !holds_powers && moderates(country, None);
            trusted && account != actor.account && proposed_by != Some(actor.account)
        }
    };
    if allowed { Decision::Allow } else { Decision::Forbid("forbidden") }
}

#[cfg(test)]
mod tests;
