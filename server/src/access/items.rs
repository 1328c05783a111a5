//! Who may do what with an item: a practice, a study, a campaign, an event. Items belong to organisations, not to channels:
//! their readers are the platform's community, or those whom their marking and their state leave.

use uuid::Uuid;

use super::handling::{LEAVING, is_carried};
use super::{Actor, Decision, Role, Scope};

/// The strictest marking that an item can carry. What is RED is for the people of a room, and said there.
pub const ITEM_CEILING: &str = "amber+strict";
/// Stricter than this and an item is for its own organisation alone, not for its partners (TLP 2.0: AMBER+STRICT).
const WITH_PARTNERS: &str = "amber";

/// What the rules must know of an item.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Its marking.
    pub marking: &'a str,
    /// How far it has come.
    pub stage: Stage,
    /// Who has made it.
    pub author: Uuid,
    /// The organisation it belongs to.
    pub organisation: Option<Uuid>,
    /// The countries it is about; none: the whole region.
    pub countries: &'a [&'a str],
    /// Its themes.
    pub themes: &'a [&'a str],
    /// Those who were named to work on it: authors beside the first, reviewers, people of partners.
    pub people: &'a [Uuid],
    /// The organisations that take part in it.
    pub partners: &'a [Uuid],
}

/// How far an item has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// For those who work on it.
    Own,
    /// Handed in: also for those who look after the library and its countries.
    HandedIn,
    /// For all whom its marking leaves.
    Shared,
}

/// What somebody wants to do with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemAction {
    /// Read it, and know that there is one.
    Read,
    /// Change what it says, or how far it has come as its own people see it.
    Change,
    /// Lower its marking: only its source may.
    Lower,
    /// Decide about it as somebody who looks after the library or one of its countries or themes: never about one's own.
    Tend,
    /// Decide about it as an editor: never about one's own.
    Edit,
    /// Say about it what somebody says who has no part in it: a review, an endorsement, that it was used.
    Judge,
    /// Say that a helpline can answer the calls it brings: for who speaks for one of [`organisations_of`], and never about
    /// what one has made oneself.
    Answer {
        /// Whether one of them is such a helpline.
        helpline: bool,
    },
    /// Take it out of the platform, in a file, in print, in a feed.
    TakeOut,
}

/// Decides about an act with an item.
pub fn may_with_item(actor: &Actor, action: ItemAction, item: &Item<'_>) -> Decision {
    if !actor.is_confirmed() || !reads(actor, item) {
        return Decision::Hide;
    }
    let own = is_own(actor, item);
    let allowed = match action {
        ItemAction::Change => item.author == actor.account || item.people.contains(&actor.account) || answers_for(actor, item),
        ItemAction::Lower => item.author == actor.account || answers_for(actor, item),
        ItemAction::Tend | ItemAction::Edit | ItemAction::Judge if own => return Decision::Forbid("own_item"),
        ItemAction::Answer { .. } if item.author == actor.account => return Decision::Forbid("own_item"),
        ItemAction::Answer { helpline } => helpline,
        ItemAction::Tend => tends(actor, item),
        ItemAction::Edit => edits(actor),
        ItemAction::Read | ItemAction::Judge => true,
        ItemAction::TakeOut if !is_carried(item.marking, LEAVING) => return Decision::Forbid("marking_stays"),
        ItemAction::TakeOut => item.stage == Stage::Shared,
    };
    if allowed { Decision::Allow } else { Decision::Forbid("forbidden") }
}

/// What somebody looks after among items, for a question to storage that must answer as [`may_with_item`] does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tended<'a> {
    /// All of them.
    pub all: bool,
    /// Those of these countries.
    pub countries: Vec<&'a str>,
    /// Those of these themes.
    pub themes: Vec<&'a str>,
}

/// What this person looks after among items.
pub fn tended(actor: &Actor) -> Tended<'_> {
    let mut tended = Tended { all: edits(actor), ..Tended::default() };
    for (_, scope) in actor.grants.iter().filter(|(role, _)| *role == Role::Moderator) {
        match scope {
            Scope::Region => tended.all = true,
            Scope::Country(code) => tended.countries.push(code),
            Scope::Theme(slug) => tended.themes.push(slug),
            Scope::Channel(_) | Scope::Organisation(_) => {}
        }
    }
    tended
}

/// The organisations that this person speaks for: where they work, and for which they answer.
pub fn organisations_of(actor: &Actor) -> Vec<Uuid> {
    let answered = actor.grants.iter().filter_map(|(role, scope)| match (role, scope) {
        (Role::FocalPoint, Scope::Organisation(id)) => Some(*id),
        _ => None,
    });
    let mut all: Vec<Uuid> = actor.organisation.into_iter().chain(answered).collect();
    all.dedup();
    all
}

/// Whether somebody has a part in it: what they say about it is said about their own.
fn is_own(actor: &Actor, item: &Item<'_>) -> bool {
    item.author == actor.account || works_for(actor, item)
}

fn works_for(actor: &Actor, item: &Item<'_>) -> bool {
    actor.organisation.is_some() && actor.organisation == item.organisation
}

fn answers_for(actor: &Actor, item: &Item<'_>) -> bool {
    let answers = |id| actor.grants.contains(&(Role::FocalPoint, Scope::Organisation(id)));
    item.organisation.is_some_and(answers)
}

fn edits(actor: &Actor) -> bool {
    actor.grants.contains(&(Role::Editor, Scope::Region))
}

/// Editors look after all items; moderators after those of their country or theme.
fn tends(actor: &Actor, item: &Item<'_>) -> bool {
    let covers = |scope: &Scope| match scope {
        Scope::Region => true,
        Scope::Country(code) => item.countries.contains(&code.as_str()),
        Scope::Theme(slug) => item.themes.contains(&slug.as_str()),
        Scope::Channel(_) | Scope::Organisation(_) => false,
    };
    edits(actor) || actor.grants.iter().any(|(role, scope)| *role == Role::Moderator && covers(scope))
}

fn reads(actor: &Actor, item: &Item<'_>) -> bool {
    let named = item.author == actor.account || item.people.contains(&actor.account);
    let partner = actor.organisation.is_some_and(|id| item.partners.contains(&id)) && is_carried(item.marking, WITH_PARTNERS);
    let community = item.stage == Stage::Shared && is_carried(item.marking, LEAVING);
    let handed_in = item.stage != Stage::Own && tends(actor, item);
    named || works_for(actor, item) || partner && item.stage != Stage::Own || community || handed_in
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::Vetting;
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const HOUSE: Uuid = Uuid::from_u128(3);
    const PARTNER: Uuid = Uuid::from_u128(4);
    const OUT: Decision = Decision::Forbid("forbidden");
    const OWN: Decision = Decision::Forbid("own_item");

    fn person(organisation: Option<Uuid>, grants: &[(Role, Scope)]) -> Actor {
        Actor {
            account: ME,
            name: "Ana".into(),
            country: None,
            organisation,
            vetting: Vetting::Accredited(1),
            grants: grants.to_vec(),
            channels: HashSet::new(),
            mutes: Vec::new(),
        }
    }

    fn item(stage: Stage, marking: &'static str) -> Item<'static> {
        let (countries, themes, partners) = (&["RO"], &["forced-begging"], &[PARTNER]);
        Item { marking, stage, author: OTHER, organisation: Some(HOUSE), countries, themes, people: &[], partners }
    }

    fn reads(actor: &Actor, stage: Stage, marking: &'static str) -> bool {
        may_with_item(actor, ItemAction::Read, &item(stage, marking)) == Decision::Allow
    }

    #[test]
    fn what_is_shared_is_read_by_those_whom_its_marking_leaves() {
        let (stranger, partner, colleague) = (person(None, &[]), person(Some(PARTNER), &[]), person(Some(HOUSE), &[]));
        let readers = |stage, marking| [&stranger, &partner, &colleague].map(|actor| reads(actor, stage, marking));
        for marking in ["clear", "green"] {
            assert_eq!(readers(Stage::Shared, marking), [true, true, true]);
        }
        assert_eq!(readers(Stage::Shared, "amber"), [false, true, true]);
        assert_eq!(readers(Stage::Shared, ITEM_CEILING), [false, false, true]);
        assert_eq!(readers(Stage::HandedIn, "clear"), [false, true, true]);
        assert_eq!(readers(Stage::Own, "clear"), [false, false, true]);
    }

    #[test]
    fn who_looks_after_it_reads_what_was_handed_in() {
        for scope in [Scope::Region, Scope::Country("RO".into()), Scope::Theme("forced-begging".into())] {
            let moderator = person(None, &[(Role::Moderator, scope)]);
            let found = [Stage::Own, Stage::HandedIn, Stage::Shared].map(|stage| reads(&moderator, stage, ITEM_CEILING));
            assert_eq!(found, [false, true, true]);
        }
        let elsewhere =
            [Scope::Country("RS".into()), Scope::Theme("other".into()), Scope::Channel(OTHER), Scope::Organisation(HOUSE)];
        for scope in elsewhere {
            assert!(!reads(&person(None, &[(Role::Moderator, scope)]), Stage::HandedIn, "clear"));
        }
        assert!(reads(&person(None, &[(Role::Editor, Scope::Region)]), Stage::HandedIn, "amber"));
    }

    #[test]
    fn who_is_not_confirmed_knows_of_none() {
        let pending = Actor { vetting: Vetting::Pending, ..person(Some(HOUSE), &[]) };
        assert!(!reads(&pending, Stage::Shared, "clear"));
    }

    #[test]
    fn who_is_named_reads_and_changes_a_draft() {
        let named = Item { people: &[ME], ..item(Stage::Own, ITEM_CEILING) };
        assert_eq!(may_with_item(&person(None, &[]), ItemAction::Change, &named), Decision::Allow);
        assert_eq!(may_with_item(&person(None, &[]), ItemAction::Lower, &named), OUT);
        let mine = Item { author: ME, ..item(Stage::Own, "green") };
        for action in [ItemAction::Change, ItemAction::Lower] {
            assert_eq!(may_with_item(&person(None, &[]), action, &mine), Decision::Allow);
            assert_eq!(may_with_item(&person(Some(HOUSE), &[]), action, &item(Stage::Own, "green")), OUT);
            let focal = person(None, &[(Role::FocalPoint, Scope::Organisation(HOUSE))]);
            assert_eq!(may_with_item(&focal, action, &item(Stage::Shared, "green")), Decision::Allow);
            let other = person(None, &[(Role::FocalPoint, Scope::Organisation(PARTNER))]);
            assert_eq!(may_with_item(&other, action, &item(Stage::Shared, "green")), OUT);
        }
    }

    #[test]
    fn nobody_decides_about_their_own() {
        let powers = [(Role::Editor, Scope::Region), (Role::Moderator, Scope::Region)];
        for action in [ItemAction::Tend, ItemAction::Edit, ItemAction::Judge] {
            assert_eq!(may_with_item(&person(Some(HOUSE), &powers), action, &item(Stage::Shared, "clear")), OWN);
            let mine = Item { author: ME, organisation: None, ..item(Stage::Shared, "clear") };
            assert_eq!(may_with_item(&person(None, &powers), action, &mine), OWN);
            assert_eq!(may_with_item(&person(None, &powers), action, &item(Stage::Shared, "clear")), Decision::Allow);
        }
        let plain = person(None, &[]);
        let answer = |action| may_with_item(&plain, action, &item(Stage::Shared, "clear"));
        assert_eq!([ItemAction::Tend, ItemAction::Edit, ItemAction::Judge].map(answer), [OUT, OUT, Decision::Allow]);
        let moderator = person(None, &[(Role::Moderator, Scope::Country("RO".into()))]);
        let answer = |action| may_with_item(&moderator, action, &item(Stage::Shared, "clear"));
        assert_eq!([ItemAction::Tend, ItemAction::Edit].map(answer), [Decision::Allow, OUT]);
    }

    #[test]
    fn a_helpline_answers_for_itself_and_for_nothing_that_its_own_person_has_made() {
        let answer = |actor: &Actor, helpline, item: &Item<'_>| may_with_item(actor, ItemAction::Answer { helpline }, item);
        let shared = item(Stage::Shared, "green");
        let focal = person(Some(HOUSE), &[(Role::FocalPoint, Scope::Organisation(PARTNER))]);
        assert_eq!(organisations_of(&focal), [HOUSE, PARTNER]);
        assert_eq!(answer(&focal, true, &shared), Decision::Allow);
        assert_eq!(answer(&focal, false, &shared), OUT);
        assert_eq!(answer(&focal, true, &Item { author: ME, ..shared }), OWN);
        assert_eq!(answer(&person(None, &[]), true, &item(Stage::Own, "green")), Decision::Hide);
    }

    #[test]
    fn what_somebody_looks_after_is_known_to_storage() {
        let moderator = person(
            None,
            &[
                (Role::Moderator, Scope::Country("RO".into())),
                (Role::Moderator, Scope::Theme("forced-begging".into())),
                (Role::Moderator, Scope::Channel(OTHER)),
                (Role::FocalPoint, Scope::Organisation(HOUSE)),
            ],
        );
        assert_eq!(tended(&moderator), Tended { all: false, countries: vec!["RO"], themes: vec!["forced-begging"] });
        assert!(tended(&person(None, &[(Role::Editor, Scope::Region)])).all);
        assert!(tended(&person(None, &[(Role::Moderator, Scope::Region)])).all);
        assert_eq!(tended(&person(None, &[(Role::Administrator, Scope::Region)])), Tended::default());
    }

    #[test]
    fn what_leaves_is_shared_and_no_stricter_than_green() {
        let colleague = person(Some(HOUSE), &[]);
        let answer = |stage, marking| may_with_item(&colleague, ItemAction::TakeOut, &item(stage, marking));
        assert_eq!(answer(Stage::Shared, "clear"), Decision::Allow);
        assert_eq!(answer(Stage::Shared, "green"), Decision::Allow);
        assert_eq!(answer(Stage::Shared, "amber"), Decision::Forbid("marking_stays"));
        assert_eq!(answer(Stage::HandedIn, "clear"), OUT);
    }
}
