use super::*;

const ME: Uuid = Uuid::from_u128(1);

fn actor(grants: &[(Role, &str)], member_of: &[Uuid]) -> Actor {
    let grants = grants.iter().map(|(role, scope)| (*role, scope.parse().expect("scope"))).collect();
    let vetting = Vetting::Accredited(1);
    let channels = member_of.iter().copied().collect();
    let (name, mutes) = ("Ana".into(), Vec::new());
    Actor { account: ME, name, country: None, organisation: None, vetting, grants, channels, mutes }
}

fn unconfirmed(vetting: Vetting, member_of: &[Uuid]) -> Actor {
    Actor { vetting, ..actor(&[], member_of) }
}

fn channel(kind: ChannelKind, country: Option<&str>, listed: bool) -> Channel {
    Channel {
        id: Uuid::from_u128(7),
        number: 7,
        kind,
        listed,
        country: country.map(Into::into),
        theme: None,
        marking: "green".into(),
        ceiling: "red".into(),
        grading: false,
        pictures: false,
        general: Uuid::from_u128(8),
        archived: false,
        has_policy: false,
        retention_days: None,
        exercise: None,
    }
}

const EVERY: [Action; 13] = [
    Action::Know,
    Action::Read,
    Action::Unseal,
    Action::Post,
    Action::Join,
    Action::Ask,
    Action::Leave,
    Action::Moderate,
    Action::Arrange,
    Action::Manage,
    Action::Review { author: Uuid::from_u128(2), before: None },
    Action::Export { asked_by: None },
    Action::Retain { asked_by: None },
];

#[test]
fn a_hidden_closed_channel_does_not_exist_for_outsiders() {
    let outsider = actor(&[(Role::Moderator, "country:RS")], &[]);
    let room = channel(ChannelKind::Closed, Some("RO"), false);
    for action in EVERY {
        assert_eq!(may(&outsider, action, &room), Decision::Hide, "{action:?}");
    }
}

#[test]
fn a_direct_channel_has_no_moderator_and_no_administrator() {
    let both = actor(&[(Role::Moderator, "region"), (Role::Administrator, "region")], &[]);
    for action in EVERY {
        assert_eq!(may(&both, action, &channel(ChannelKind::Direct, None, false)), Decision::Hide, "{action:?}");
    }
}

#[test]
fn what_is_said_in_a_listed_closed_channel_is_hidden() {
    let outsider = actor(&[], &[]);
    let room = channel(ChannelKind::Closed, None, true);
    assert_eq!(may(&outsider, Action::Know, &room), Decision::Allow);
    assert_eq!(may(&outsider, Action::Ask, &room), Decision::Allow);
    for action in [Action::Read, Action::Post, Action::Moderate, Action::Arrange] {
        assert_eq!(may(&outsider, action, &room), Decision::Hide, "{action:?}");
    }
}

#[test]
fn an_administrator_manages_but_does_not_read_what_is_closed() {
    let admin = actor(&[(Role::Administrator, "region")], &[]);
    let room = channel(ChannelKind::Closed, Some("RO"), false);
    assert_eq!(may(&admin, Action::Manage, &room), Decision::Allow);
    assert_eq!(may(&admin, Action::Read, &room), Decision::Hide);
    assert_eq!(may(&admin, Action::Moderate, &room), Decision::Forbid("forbidden"));
}

#[test]
fn a_moderator_of_one_country_has_no_power_in_another() {
    let romanian = actor(&[(Role::Moderator, "country:RO")], &[]);
    assert_eq!(may(&romanian, Action::Moderate, &channel(ChannelKind::Open, Some("RO"), true)), Decision::Allow);
    assert_eq!(may(&romanian, Action::Moderate, &channel(ChannelKind::Open, Some("RS"), true)), Decision::Forbid("forbidden"));
    let invite = |country| RegionAction::Invite { country, organisation: None };
    assert_eq!(may_in_region(&romanian, invite(Some("RO"))), Decision::Allow);
    assert_eq!(may_in_region(&romanian, invite(Some("RS"))), Decision::Forbid("forbidden"));
    assert_eq!(may_in_region(&romanian, invite(None)), Decision::Forbid("forbidden"));
    assert_eq!(may_in_region(&romanian, RegionAction::KeepDirectory(Some("RO"))), Decision::Allow);
    assert_eq!(may_in_region(&romanian, RegionAction::KeepDirectory(Some("RS"))), Decision::Forbid("forbidden"));
    assert_eq!(may_in_region(&romanian, RegionAction::KeepDirectory(None)), Decision::Forbid("forbidden"));
    assert_eq!(may_in_region(&romanian, RegionAction::Administer), Decision::Forbid("forbidden"));
}

#[test]
fn what_is_red_is_for_the_people_of_its_room() {
    let room = channel(ChannelKind::Closed, Some("RO"), true);
    let moderator = actor(&[(Role::Moderator, "country:RO")], &[]);
    assert_eq!(may(&moderator, Action::Read, &room), Decision::Allow);
    assert_eq!(may(&moderator, Action::Unseal, &room), Decision::Forbid("not_a_member"));
    assert_eq!(may(&actor(&[], &[room.id]), Action::Unseal, &room), Decision::Allow);
    let archived = Channel { archived: true, ..room };
    assert_eq!(may(&actor(&[], &[archived.id]), Action::Unseal, &archived), Decision::Allow);
    assert_eq!(may(&actor(&[(Role::Administrator, "region")], &[]), Action::Unseal, &archived), Decision::Hide);
}

#[test]
fn an_open_channel_is_read_by_all_and_written_by_members() {
    let room = channel(ChannelKind::Open, None, true);
    assert_eq!(may(&actor(&[], &[]), Action::Read, &room), Decision::Allow);
    assert_eq!(may(&actor(&[], &[]), Action::Post, &room), Decision::Forbid("not_a_member"));
    assert_eq!(may(&actor(&[], &[room.id]), Action::Post, &room), Decision::Allow);
    let archived = Channel { archived: true, ..room.clone() };
    assert_eq!(may(&actor(&[], &[room.id]), Action::Post, &archived), Decision::Forbid("archived"));
}

#[test]
fn who_is_not_confirmed_has_the_newcomers_room_and_nothing_else() {
    let newcomers = channel(ChannelKind::Open, None, true);
    let other = Channel { id: Uuid::from_u128(9), ..newcomers.clone() };
    for vetting in [Vetting::Pending, Vetting::Expired] {
        let outsider = unconfirmed(vetting, &[]);
        for action in EVERY {
            assert_eq!(may(&outsider, action, &other), Decision::Hide, "{vetting:?} {action:?}");
        }
        let invite = RegionAction::Invite { country: None, organisation: None };
        for action in [RegionAction::UseDirectory, RegionAction::UseGlossary, RegionAction::Converse, invite] {
            assert_eq!(may_in_region(&outsider, action), Decision::Forbid("not_confirmed"), "{vetting:?} {action:?}");
        }
    }
    let pending = unconfirmed(Vetting::Pending, &[newcomers.id]);
    for (action, decision) in [
        (Action::Know, Decision::Allow),
        (Action::Read, Decision::Allow),
        (Action::Post, Decision::Allow),
        (Action::Leave, Decision::Forbid("forbidden")),
        (Action::Moderate, Decision::Forbid("forbidden")),
    ] {
        assert_eq!(may(&pending, action, &newcomers), decision, "{action:?}");
    }
}

#[test]
fn nobody_confirms_themselves_or_whom_they_invited() {
    let romanian = actor(&[(Role::Moderator, "country:RO")], &[]);
    let (account, other) = (Uuid::from_u128(2), Uuid::from_u128(3));
    let may = |country, account, sponsor| may_in_region(&romanian, RegionAction::Confirm { country, account, sponsor });
    assert_eq!(may(Some("RO"), account, Some(other)), Decision::Allow);
    assert_eq!(may(Some("RO"), account, Some(ME)), Decision::Forbid("forbidden"));
    assert_eq!(may(Some("RO"), ME, Some(other)), Decision::Forbid("forbidden"));
    assert_eq!(may(Some("RS"), account, Some(other)), Decision::Forbid("forbidden"));
}

#[test]
fn nobody_raises_their_own_power() {
    let all = actor(&[(Role::Administrator, "region"), (Role::Moderator, "region")], &[]);
    for role in [Role::Administrator, Role::Moderator, Role::Auditor] {
        let grant = |account| RegionAction::Grant { role, scope: &Scope::Region, country: None, account };
        assert_eq!(may_in_region(&all, grant(ME)), Decision::Forbid("forbidden"), "{role:?}");
        assert_eq!(may_in_region(&all, grant(Uuid::from_u128(2))), Decision::Allow, "{role:?}");
    }
}

#[test]
fn a_moderator_names_moderators_below_themselves_only() {
    let region = actor(&[(Role::Moderator, "region")], &[]);
    let romanian = actor(&[(Role::Moderator, "country:RO")], &[]);
    let thematic = actor(&[(Role::Moderator, "theme:forced-begging")], &[]);
    let (room, country) = (Scope::Channel(Uuid::from_u128(7)), Scope::Country("RO".into()));
    let grant = |role, scope, country| RegionAction::Grant { role, scope, country, account: Uuid::from_u128(2) };
    let cases = [
        (&region, Role::Moderator, &country, None, true),
        (&region, Role::Moderator, &room, None, true),
        (&region, Role::Moderator, &Scope::Region, None, false),
        (&region, Role::Administrator, &Scope::Region, None, false),
        (&region, Role::Auditor, &Scope::Region, None, false),
        (&romanian, Role::Moderator, &room, Some("RO"), true),
        (&romanian, Role::Moderator, &room, Some("RS"), false),
        (&romanian, Role::Moderator, &room, None, false),
        (&romanian, Role::Moderator, &country, None, false),
        (&romanian, Role::Moderator, &country, Some("RO"), false),
        (&thematic, Role::Moderator, &room, Some("RO"), false),
    ];
    for (actor, role, scope, of, allowed) in cases {
        let decision = may_in_region(actor, grant(role, scope, of));
        assert_eq!(decision == Decision::Allow, allowed, "{:?} {role:?} {scope} {of:?}", actor.grants);
    }
}

#[test]
fn a_job_is_ended_by_its_holder_or_the_moderators_of_the_country() {
    let romanian = actor(&[(Role::Moderator, "country:RO")], &[]);
    let end = |country, account| RegionAction::EndAccount { country, account };
    assert_eq!(may_in_region(&romanian, end(Some("RO"), Uuid::from_u128(2))), Decision::Allow);
    assert_eq!(may_in_region(&romanian, end(Some("RS"), Uuid::from_u128(2))), Decision::Forbid("forbidden"));
    assert_eq!(may_in_region(&actor(&[], &[]), end(Some("RO"), ME)), Decision::Allow);
    let admin = actor(&[(Role::Administrator, "region")], &[]);
    assert_eq!(may_in_region(&admin, end(Some("RO"), Uuid::from_u128(2))), Decision::Forbid("forbidden"));
}

#[test]
fn who_holds_powers_is_helped_back_in_by_administrators_alone() {
    let romanian = actor(&[(Role::Moderator, "country:RO")], &[]);
    let admin = actor(&[(Role::Administrator, "region")], &[]);
    let other = Uuid::from_u128(2);
    let may = |actor, country, account, holds_powers| {
        may_in_region(actor, RegionAction::Rescue { country, account, holds_powers }) == Decision::Allow
    };
    assert!(may(&romanian, Some("RO"), other, false));
    assert!(!may(&romanian, Some("RO"), other, true));
    assert!(!may(&romanian, Some("RS"), other, false));
    assert!(!may(&romanian, None, other, false));
    assert!(!may(&romanian, Some("RO"), ME, false));
    assert!(may(&admin, Some("RS"), other, true));
    assert!(!may(&admin, Some("RO"), ME, false));
    assert!(!may(&actor(&[], &[]), Some("RO"), other, false));
}

#[test]
fn an_auditor_reads_the_record_and_nothing_else() {
    let auditor = actor(&[(Role::Auditor, "region")], &[]);
    assert_eq!(may_in_region(&auditor, RegionAction::ReadRecord), Decision::Allow);
    assert_eq!(may_in_region(&auditor, RegionAction::Administer), Decision::Forbid("forbidden"));
    assert_eq!(may(&auditor, Action::Read, &channel(ChannelKind::Closed, None, false)), Decision::Hide);
    let admin = actor(&[(Role::Administrator, "region"), (Role::Moderator, "region")], &[]);
    assert_eq!(may_in_region(&admin, RegionAction::ReadRecord), Decision::Forbid("forbidden"));
}

#[test]
fn in_an_archived_channel_messages_are_removed_and_nothing_else_changes() {
    let archived = Channel { archived: true, ..channel(ChannelKind::Open, Some("RO"), true) };
    let moderator = actor(&[(Role::Moderator, "country:RO")], &[]);
    assert_eq!(may(&moderator, Action::Moderate, &archived), Decision::Allow);
    assert_eq!(may(&moderator, Action::Arrange, &archived), Decision::Forbid("archived"));
    assert_eq!(may(&actor(&[], &[archived.id]), Action::Arrange, &archived), Decision::Forbid("forbidden"));
    let stands = Channel { archived: false, ..archived };
    assert_eq!(may(&moderator, Action::Arrange, &stands), Decision::Allow);
}

#[test]
fn an_exercise_is_for_its_people_and_those_who_look_after_its_scope() {
    let (plain, region) = (actor(&[], &[]), actor(&[(Role::Moderator, "region")], &[]));
    let (romanian, thematic) =
        (actor(&[(Role::Moderator, "country:RO")], &[]), actor(&[(Role::Moderator, "theme:forced-begging")], &[]));
    let admin = actor(&[(Role::Administrator, "region")], &[]);
    let all = [&plain, &region, &romanian, &thematic, &admin];
    let other = Uuid::from_u128(2);
    for (place, moderate) in [
        ((Some("RO"), None), [false, true, true, false, false]),
        ((None, Some("forced-begging")), [false, true, false, true, false]),
        ((None, None), [false, true, false, false, false]),
    ] {
        let (country, theme) = place;
        let run = all.map(|actor| may_in_region(actor, RegionAction::RunExercise(country, theme)) == Decision::Allow);
        assert_eq!(run, moderate, "{place:?}");
        let keep = |leader| {
            all.map(|actor| may_in_region(actor, RegionAction::KeepExercise { country, theme, leader }) == Decision::Allow)
        };
        assert_eq!((keep(other), keep(ME)), (moderate, [true; 5]), "{place:?}");
        let see = |takes_part| all.map(|actor| may_in_region(actor, RegionAction::SeeExercise { country, theme, takes_part }));
        let shown = moderate.map(|moderates| if moderates { Decision::Allow } else { Decision::Hide });
        assert_eq!((see(false), see(true)), (shown, [Decision::Allow; 5]), "{place:?}");
    }
}

#[test]
fn a_focal_point_keeps_one_organisation() {
    let (own, other) = (Uuid::from_u128(5), Uuid::from_u128(6));
    let scope = format!("organisation:{own}");
    let focal = actor(&[(Role::FocalPoint, &scope)], &[]);
    assert_eq!(may_in_region(&focal, RegionAction::KeepOrganisation(own, Some("RO"))), Decision::Allow);
    assert_eq!(may_in_region(&focal, RegionAction::KeepOrganisation(other, Some("RO"))), Decision::Forbid("forbidden"));
    assert_eq!(may_in_region(&focal, RegionAction::KeepDirectory(Some("RO"))), Decision::Forbid("forbidden"));
}

#[test]
fn a_focal_point_invites_colleagues_of_their_own_country() {
    let (own, other) = (Uuid::from_u128(5), Uuid::from_u128(6));
    let scope = format!("organisation:{own}");
    let focal = Actor { country: Some("RO".into()), ..actor(&[(Role::FocalPoint, &scope)], &[]) };
    let regional = actor(&[(Role::FocalPoint, &scope)], &[]);
    let may = |actor: &Actor, country, organisation| {
        may_in_region(actor, RegionAction::Invite { country, organisation }) == Decision::Allow
    };
    assert!(may(&focal, Some("RO"), Some(own)));
    assert!(!may(&focal, Some("RS"), Some(own)));
    assert!(!may(&focal, None, Some(own)));
    assert!(!may(&focal, Some("RO"), Some(other)));
    assert!(!may(&focal, Some("RO"), None));
    assert!(may(&regional, None, Some(own)));
    assert!(!may(&regional, Some("RO"), Some(own)));
    assert_eq!(may_in_region(&focal, RegionAction::SeeInvitation(Some("RO"))), Decision::Forbid("forbidden"));
}

#[test]
fn the_numbers_of_a_country_are_confirmed_there() {
    let scope = format!("organisation:{}", Uuid::from_u128(5));
    let of = |country: &str, role, scope: &str| Actor { country: Some(country.into()), ..actor(&[(role, scope)], &[]) };
    let may = |actor: &Actor| may_in_region(actor, RegionAction::ConfirmNumbers("RO"));
    assert_eq!(may(&of("RO", Role::FocalPoint, &scope)), Decision::Allow);
    assert_eq!(may(&of("RS", Role::FocalPoint, &scope)), Decision::Forbid("forbidden"));
    assert_eq!(may(&of("RS", Role::Moderator, "country:RO")), Decision::Allow);
    assert_eq!(may(&of("RO", Role::Moderator, "country:RS")), Decision::Forbid("forbidden"));
    assert_eq!(may(&of("RO", Role::Moderator, "theme:forced-begging")), Decision::Forbid("forbidden"));
    assert_eq!(may(&Actor { country: Some("RO".into()), ..actor(&[], &[]) }), Decision::Forbid("forbidden"));
    assert_eq!(may(&actor(&[(Role::Administrator, "region")], &[])), Decision::Allow);
}
