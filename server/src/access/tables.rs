//! The rules once more as tables, row by row from what security.md and the words of storage promise. With them no change
//! of a condition in [`super::policy`] goes unnoticed (`cargo xtask mutants`).

use std::collections::HashSet;

use uuid::Uuid;

use super::{Action, Actor, Channel, ChannelKind, Decision, RegionAction, Role, Scope, Vetting, may, may_in_region};

const REFUSED: Decision = Decision::Forbid("forbidden");
const ROOM: Uuid = Uuid::from_u128(7);
const COLLEAGUE: Uuid = Uuid::from_u128(2);

fn person(grants: &[(Role, Scope)], member: bool) -> Actor {
    Actor {
        account: Uuid::from_u128(1),
        name: "Ana".into(),
        country: None,
        vetting: Vetting::Accredited(1),
        grants: grants.to_vec(),
        channels: if member { HashSet::from([ROOM]) } else { HashSet::new() },
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
        general: Uuid::from_u128(8),
        archived: false,
    }
}

#[test]
fn words_of_storage_stay_what_they_are() {
    let roles = [
        (Role::Administrator, "administrator"),
        (Role::Moderator, "moderator"),
        (Role::Auditor, "auditor"),
        (Role::FocalPoint, "focal_point"),
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
fn administrators_alone_name_administrators_and_auditors() {
    let admin = person(&[(Role::Administrator, Scope::Region)], false);
    let regional = moderator(Scope::Region);
    for role in [Role::Administrator, Role::Moderator, Role::Auditor, Role::FocalPoint] {
        for scope in [Scope::Region, Scope::Country("RO".into()), Scope::Channel(ROOM)] {
            let grant = RegionAction::Grant { role, scope: &scope, country: None, account: COLLEAGUE };
            assert_eq!(may_in_region(&admin, grant), Decision::Allow, "{role:?} {scope}");
            let names = role == Role::Moderator && scope != Scope::Region;
            assert_eq!(may_in_region(&regional, grant) == Decision::Allow, names, "{role:?} {scope}");
        }
    }
}
