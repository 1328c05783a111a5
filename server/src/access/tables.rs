//! The rules once more as tables, row by row from what security.md and the words of storage promise. With them no change
//! of a condition in [`super::policy`] goes unnoticed (`cargo xtask mutants`).

use std::collections::HashSet;

use uuid::Uuid;

use super::{Action, Actor, Channel, ChannelKind, Decision, Mute, RegionAction, Role, Scope, Vetting, may, may_in_region};

const REFUSED: Decision = Decision::Forbid("forbidden");
const ROOM: Uuid = Uuid::from_u128(7);
const COLLEAGUE: Uuid = Uuid::from_u128(2);

fn person(grants: &[(Role, Scope)], member: bool) -> Actor {
    Actor {
        account: Uuid::from_u128(1),
        name: "Ana".into(),
        country: None,
        organisation: None,
        vetting: Vetting::Accredited(1),
        grants: grants.to_vec(),
        channels: if member { HashSet::from([ROOM]) } else { HashSet::new() },
        mutes: Vec::new(),
    }
}

fn moderator(scope: Scope) -> Actor {
    person(&[(Role::Moderator, scope)], false)
}

/// A listed channel of Romania about forced begging.
fn channel(kind: ChannelKind) -> Channel {
    Channel {
        id: ROOM,
        number: 7,
        kind,
        listed: true,
        country: Some("RO".into()),
        theme: Some("forced-begging".into()),
        marking: "green".into(),
        ceiling: "red".into(),
        grading: false,
        pictures: false,
        general: Uuid::from_u128(8),
        archived: false,
        has_policy: false,
        retention_days: None,
    }
}

#[test]
fn words_of_storage_stay_what_they_are() {
    let roles = [
        (Role::Administrator, "administrator"),
        (Role::Moderator, "moderator"),
        (Role::Auditor, "auditor"),
        (Role::DataProtection, "data_protection"),
        (Role::FocalPoint, "focal_point"),
        (Role::Editor, "editor"),
    ];
    for (role, word) in roles {
        assert_eq!((role.as_str(), word.parse()), (word, Ok(role)));
    }
    for (kind, word) in [(ChannelKind::Open, "open"), (ChannelKind::Closed, "closed"), (ChannelKind::Direct, "direct")] {
        assert_eq!((kind.as_str(), word.parse()), (word, Ok(kind)));
    }
    let id = Uuid::from_u128(9);
    let scopes = [
        (Scope::Region, "region".to_owned()),
        (Scope::Country("RO".into()), "country:RO".to_owned()),
        (Scope::Theme("forced-begging".into()), "theme:forced-begging".to_owned()),
        (Scope::Channel(id), format!("channel:{id}")),
        (Scope::Organisation(id), format!("organisation:{id}")),
    ];
    for (scope, word) in scopes {
        assert_eq!((scope.to_string(), word.parse()), (word, Ok(scope)));
    }
}

#[test]
fn what_is_no_word_of_storage_is_no_power() {
    for word in ["", "Moderator", "king"] {
        assert_eq!((word.parse::<Role>(), word.parse::<ChannelKind>()), (Err(()), Err(())), "{word}");
    }
    for word in ["", "everywhere", "country:", "theme:", "channel:", "channel:7", "organisation:7", "region:RO", "town:RO"] {
        assert_eq!(word.parse::<Scope>(), Err(()), "{word}");
    }
}

#[test]
fn a_moderator_has_the_channels_of_their_scope_and_no_other() {
    let open = channel(ChannelKind::Open);
    let rows = [
        (Scope::Region, true),
        (Scope::Country("RO".into()), true),
        (Scope::Country("RS".into()), false),
        (Scope::Theme("forced-begging".into()), true),
        (Scope::Theme("forced-labour".into()), false),
        (Scope::Channel(ROOM), true),
        (Scope::Channel(Uuid::from_u128(9)), false),
        (Scope::Organisation(ROOM), false),
    ];
    for (scope, covered) in rows {
        let expected = if covered { Decision::Allow } else { REFUSED };
        assert_eq!(may(&moderator(scope.clone()), Action::Moderate, &open), expected, "{scope}");
    }
}

#[test]
fn how_one_comes_and_goes() {
    use Action::{Ask, Join, Leave};
    use ChannelKind::{Closed, Direct, Open};
    let of_it = || moderator(Scope::Channel(ROOM));
    let rows = [
        // Who, a member or not, and the kind of channel.
        ("anybody", person(&[], false), Open, Join, Decision::Allow),
        ("anybody", person(&[], false), Closed, Join, REFUSED),
        ("a member", person(&[], true), Closed, Join, Decision::Allow),
        ("its moderator", of_it(), Closed, Join, Decision::Allow),
        ("anybody", person(&[], false), Closed, Ask, Decision::Allow),
        ("anybody", person(&[], false), Open, Ask, REFUSED),
        ("a member", person(&[], true), Closed, Ask, REFUSED),
        ("a member", person(&[], true), Open, Ask, REFUSED),
        ("a member", person(&[], true), Open, Leave, Decision::Allow),
        ("a member", person(&[], true), Closed, Leave, Decision::Allow),
        ("a member", person(&[], true), Direct, Leave, REFUSED),
    ];
    for (who, actor, kind, action, expected) in rows {
        assert_eq!(may(&actor, action, &channel(kind)), expected, "{who}, {kind:?}: {action:?}");
    }
}

#[test]
fn what_administrators_and_moderators_of_the_place_do_alike() {
    let admin = person(&[(Role::Administrator, Scope::Region)], false);
    let romanian = moderator(Scope::Country("RO".into()));
    let thematic = moderator(Scope::Theme("forced-begging".into()));
    let organisation = Uuid::from_u128(5);
    let (ro, begging) = (Some("RO"), Some("forced-begging"));
    let rows = [
        (RegionAction::KeepDirectory(ro), [true, true, false]),
        (RegionAction::SeeInvitation(ro), [true, true, false]),
        (RegionAction::KeepOrganisation(organisation, ro), [true, true, false]),
        (RegionAction::Invite { country: ro, organisation: None }, [true, true, false]),
        (RegionAction::OpenChannel(ro, None), [true, true, false]),
        (RegionAction::OpenChannel(None, begging), [true, false, true]),
        (RegionAction::OpenChannel(Some("RS"), None), [true, false, false]),
    ];
    for (action, expected) in rows {
        let decided = [&admin, &romanian, &thematic].map(|actor| may_in_region(actor, action) == Decision::Allow);
        assert_eq!(decided, expected, "{action:?}");
    }
}

#[test]
fn what_takes_two_is_approved_by_somebody_else_who_could_have_asked() {
    let admin = || person(&[(Role::Administrator, Scope::Region)], false);
    let rows = [
        // Who, and whether they may export a closed channel, change how long it keeps what is said, and export all people.
        ("a moderator of the place", moderator(Scope::Country("RO".into())), [Decision::Allow, Decision::Allow, REFUSED]),
        ("an administrator", admin(), [REFUSED, Decision::Allow, Decision::Allow]),
        ("a member", person(&[], true), [REFUSED, REFUSED, REFUSED]),
        ("anybody", person(&[], false), [Decision::Hide, REFUSED, REFUSED]),
    ];
    let own = Decision::Forbid("other_person_needed");
    for (who, actor, expected) in rows {
        for asked_by in [None, Some(COLLEAGUE), Some(actor.account)] {
            let room = channel(ChannelKind::Closed);
            let decided = [
                may(&actor, Action::Export { asked_by }, &room),
                may(&actor, Action::Retain { asked_by }, &room),
                may_in_region(&actor, RegionAction::ExportPeople { asked_by }),
            ];
            for (decision, expected) in decided.into_iter().zip(expected) {
                let is_own = asked_by == Some(actor.account) && expected != Decision::Hide;
                assert_eq!(decision, if is_own { own } else { expected }, "{who}, asked by {asked_by:?}");
            }
        }
    }
}

#[test]
fn administrators_alone_name_administrators_and_auditors() {
    let admin = person(&[(Role::Administrator, Scope::Region)], false);
    let regional = moderator(Scope::Region);
    for role in [Role::Administrator, Role::Moderator, Role::Auditor, Role::DataProtection, Role::FocalPoint, Role::Editor] {
        for scope in [Scope::Region, Scope::Country("RO".into()), Scope::Channel(ROOM)] {
            let grant = RegionAction::Grant { role, scope: &scope, country: None, account: COLLEAGUE };
            assert_eq!(may_in_region(&admin, grant), Decision::Allow, "{role:?} {scope}");
            let names = role == Role::Moderator && scope != Scope::Region;
            assert_eq!(may_in_region(&regional, grant) == Decision::Allow, names, "{role:?} {scope}");
        }
    }
}

#[test]
fn who_is_muted_reads_and_says_nothing_within_the_scope() {
    let muted = |scope: Scope, kind| {
        let actor = Actor { mutes: vec![Mute { scope, until: 5 }], ..person(&[], true) };
        let channel = channel(kind);
        assert_eq!(may(&actor, Action::Read, &channel), Decision::Allow);
        (may(&actor, Action::Post, &channel), actor.muted_in(&channel))
    };
    let (silent, free) = ((Decision::Forbid("muted"), Some(5)), (Decision::Allow, None));
    let rows = [
        (Scope::Region, ChannelKind::Open, silent),
        (Scope::Country("RO".into()), ChannelKind::Closed, silent),
        (Scope::Country("RS".into()), ChannelKind::Open, free),
        (Scope::Theme("forced-begging".into()), ChannelKind::Open, silent),
        (Scope::Channel(ROOM), ChannelKind::Open, silent),
        (Scope::Channel(COLLEAGUE), ChannelKind::Open, free),
        (Scope::Region, ChannelKind::Direct, free),
    ];
    for (scope, kind, expected) in rows {
        assert_eq!(muted(scope.clone(), kind), expected, "{scope} {kind:?}");
    }
    let several = [3, 9, 5].map(|until| Mute { scope: Scope::Region, until }).to_vec();
    assert_eq!(
        Actor { mutes: several, ..person(&[], true) }.muted_in(&channel(ChannelKind::Open)),
        Some(9),
        "the last one to end"
    );
}

#[test]
fn what_waits_is_decided_by_a_moderator_who_has_no_part_in_it() {
    let me = Uuid::from_u128(1);
    let review = |author, before| Action::Review { author, before };
    let (own, other) = (Decision::Forbid("own_message"), Decision::Forbid("other_moderator_needed"));
    let open = channel(ChannelKind::Open);
    let romanian = moderator(Scope::Country("RO".into()));
    for (author, before, expected) in [
        (COLLEAGUE, None, Decision::Allow),
        (COLLEAGUE, Some(Uuid::from_u128(3)), Decision::Allow),
        (COLLEAGUE, Some(me), other),
        (me, None, own),
        (me, Some(me), own),
    ] {
        assert_eq!(may(&romanian, review(author, before), &open), expected, "{author} {before:?}");
    }
    let admin = person(&[(Role::Administrator, Scope::Region)], true);
    for actor in [person(&[], true), admin, moderator(Scope::Country("RS".into()))] {
        assert_eq!(may(&actor, review(COLLEAGUE, None), &open), Decision::Hide, "{:?}", actor.grants);
    }
    assert_eq!(may(&moderator(Scope::Region), review(COLLEAGUE, None), &channel(ChannelKind::Direct)), Decision::Hide);
}

#[test]
fn who_warns_and_mutes_whom_and_where() {
    let room = channel(ChannelKind::Open);
    let sanctions = |actor: &Actor, scope: &Scope, account, holds_powers| {
        let channel = matches!(scope, Scope::Channel(_)).then_some(&room);
        may_in_region(actor, RegionAction::Sanction { scope, channel, account, holds_powers }) == Decision::Allow
    };
    let scopes = [
        Scope::Channel(ROOM),
        Scope::Country("RO".into()),
        Scope::Country("RS".into()),
        Scope::Theme("forced-begging".into()),
        Scope::Theme("forced-labour".into()),
        Scope::Region,
        Scope::Organisation(ROOM),
    ];
    let rows = [
        (Scope::Region, [true, true, true, true, true, true, false]),
        (Scope::Country("RO".into()), [true, true, false, false, false, false, false]),
        (Scope::Theme("forced-begging".into()), [true, false, false, true, false, false, false]),
        (Scope::Channel(ROOM), [true, false, false, false, false, false, false]),
        (Scope::Channel(COLLEAGUE), [false; 7]),
    ];
    for (held, expected) in rows {
        let actor = moderator(held.clone());
        assert_eq!(scopes.each_ref().map(|scope| sanctions(&actor, scope, COLLEAGUE, false)), expected, "{held}");
        assert!(scopes.iter().all(|scope| !sanctions(&actor, scope, actor.account, false)), "oneself: {held}");
        assert!(scopes.iter().all(|scope| !sanctions(&actor, scope, COLLEAGUE, true)), "who holds powers: {held}");
    }
    let admin = person(&[(Role::Administrator, Scope::Region)], true);
    assert!(scopes.iter().all(|scope| !sanctions(&admin, scope, COLLEAGUE, false)), "running is not moderating");
    let nowhere = RegionAction::Sanction { scope: &scopes[0], channel: None, account: COLLEAGUE, holds_powers: false };
    assert_eq!(may_in_region(&moderator(Scope::Region), nowhere), REFUSED);
}

#[test]
fn suspending_takes_two_of_the_country_or_of_those_who_run_the_platform() {
    let (me, ro, rs) = (Uuid::from_u128(1), Some("RO"), Some("RS"));
    let suspends = |actor: &Actor, country, account, holds_powers, proposed_by| {
        may_in_region(actor, RegionAction::Suspend { country, account, holds_powers, proposed_by }) == Decision::Allow
    };
    let romanian = moderator(Scope::Country("RO".into()));
    let admin = person(&[(Role::Administrator, Scope::Region)], false);
    assert!(suspends(&romanian, ro, COLLEAGUE, false, None));
    assert!(suspends(&romanian, ro, COLLEAGUE, false, Some(Uuid::from_u128(3))));
    assert!(!suspends(&romanian, ro, COLLEAGUE, false, Some(me)));
    assert!(!suspends(&romanian, rs, COLLEAGUE, false, None));
    assert!(!suspends(&romanian, None, COLLEAGUE, false, None));
    assert!(!suspends(&romanian, ro, COLLEAGUE, true, None));
    assert!(!suspends(&romanian, ro, me, false, None));
    assert!(suspends(&admin, rs, COLLEAGUE, true, None));
    assert!(suspends(&admin, rs, COLLEAGUE, false, None));
    assert!(!suspends(&admin, rs, COLLEAGUE, true, Some(me)));
    assert!(!suspends(&admin, rs, me, false, None));
    assert!(!suspends(&person(&[], true), ro, COLLEAGUE, false, None));
}

#[test]
fn officers_of_the_region_keep_breaches_and_nobody_else() {
    let keeps = |role, scope| may_in_region(&person(&[(role, scope)], false), RegionAction::KeepBreaches) == Decision::Allow;
    assert!(keeps(Role::DataProtection, Scope::Region));
    assert!(!keeps(Role::DataProtection, Scope::Country("RO".into())));
    for role in [Role::Administrator, Role::Moderator, Role::Auditor, Role::FocalPoint, Role::Editor] {
        assert!(!keeps(role, Scope::Region), "{role:?}");
    }
}

#[test]
fn editors_decide_about_what_others_propose_for_the_glossary() {
    let may =
        |role, scope, proposed_by| may_in_region(&person(&[(role, scope)], false), RegionAction::EditGlossary { proposed_by });
    for proposed_by in [None, Some(COLLEAGUE)] {
        assert_eq!(may(Role::Editor, Scope::Region, proposed_by), Decision::Allow);
        assert_eq!(may(Role::Editor, Scope::Country("RO".into()), proposed_by), REFUSED);
        for role in [Role::Administrator, Role::Moderator, Role::Auditor, Role::DataProtection, Role::FocalPoint] {
            assert_eq!(may(role, Scope::Region, proposed_by), REFUSED, "{role:?}");
        }
    }
    let own = Some(Uuid::from_u128(1));
    assert_eq!(may(Role::Editor, Scope::Region, own), Decision::Forbid("other_person_needed"));
    assert_eq!(may_in_region(&person(&[], false), RegionAction::UseGlossary), Decision::Allow);
}

#[test]
fn a_newsletter_is_composed_by_editors_and_released_by_somebody_who_has_no_part_in_it() {
    let (others, own) = ([COLLEAGUE], [COLLEAGUE, Uuid::from_u128(1)]);
    let may = |role, scope, action| may_in_region(&person(&[(role, scope)], false), action);
    let rows = [
        (Role::Editor, Scope::Region, [Decision::Allow, Decision::Allow]),
        (Role::Moderator, Scope::Region, [REFUSED, Decision::Allow]),
        (Role::Editor, Scope::Country("RO".into()), [REFUSED, REFUSED]),
        (Role::Moderator, Scope::Country("RO".into()), [REFUSED, REFUSED]),
        (Role::Administrator, Scope::Region, [REFUSED, REFUSED]),
        (Role::Auditor, Scope::Region, [REFUSED, REFUSED]),
        (Role::DataProtection, Scope::Region, [REFUSED, REFUSED]),
        (Role::FocalPoint, Scope::Organisation(ROOM), [REFUSED, REFUSED]),
    ];
    for (role, scope, expected) in rows {
        let actions = [RegionAction::ComposeNewsletter, RegionAction::ReleaseNewsletter { worked_on: &others }];
        assert_eq!(actions.map(|action| may(role, scope.clone(), action)), expected, "{role:?} {scope}");
        let decided = may(role, scope, RegionAction::ReleaseNewsletter { worked_on: &own });
        assert_eq!(decided, Decision::Forbid("other_person_needed"));
    }
    assert_eq!(may_in_region(&person(&[], false), RegionAction::UseNewsletter), Decision::Allow);
}

#[test]
fn who_runs_or_looks_after_something_holds_powers() {
    let rows = [
        (Role::Administrator, true),
        (Role::Moderator, true),
        (Role::Auditor, false),
        (Role::DataProtection, false),
        (Role::FocalPoint, false),
        (Role::Editor, false),
    ];
    for (role, holds) in rows {
        assert_eq!(person(&[(role, Scope::Region)], false).holds_powers(), holds, "{role:?}");
    }
    assert!(!person(&[], true).holds_powers());
}
