//! What storage lists is what the rules let somebody read, over a database of its own.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::{Bar, Filter, Reader, among, bars, clashing_with, counts, insert, page, places, set_partners, set_people, set_state};
use crate::access::{Actor, Decision, ItemAction, Role, Scope, Vetting};
use crate::base::db::{self, Db, On};
use crate::base::secret;
use crate::campaigns::model::{Facts, Plan, State};
use crate::campaigns::whole::Whole;

const AUTHOR: Uuid = Uuid::from_u128(1);
const NAMED: Uuid = Uuid::from_u128(2);
const ANYBODY: Uuid = Uuid::from_u128(3);
const HOUSE: Uuid = Uuid::from_u128(11);
const PARTNER: Uuid = Uuid::from_u128(12);
const MARKINGS: [&str; 4] = ["clear", "green", "amber", "amber+strict"];
const STAGES: [i64; 3] = [0, 1, 2];
const ACCOUNT: &str = "INSERT INTO account (id, email, name, name_key, password_hash, language, status, created_at)
    VALUES ($1, $2, 'N', 'n', '', 'en', 'active', 0)";
const ORGANISATION: &str = "INSERT INTO organisation (id, name, name_key, kind, regime, helps, speaks, created_at)
    VALUES ($1, 'O', $2, 'NGO-SERVICE', 'gdpr', '', '', 0)";

/// A campaign of each stage and marking, of Romania (bit 8), with a partner and somebody named.
async fn filled() -> (Db, std::path::PathBuf, Vec<Uuid>) {
    let folder = std::env::temp_dir().join(format!("egida-campaigns-{}", secret::token()));
    let db = Db::open(&folder).await.expect("a folder");
    let made: db::Result<Vec<Uuid>> = db
        .write(async move |tx| {
            for account in [AUTHOR, NAMED, ANYBODY] {
                on!(tx, c => sqlx::query(ACCOUNT).bind(account).bind(account.to_string()).execute(c))?;
            }
            for organisation in [HOUSE, PARTNER] {
                on!(tx, c => sqlx::query(ORGANISATION).bind(organisation).bind(organisation.to_string()).execute(c))?;
            }
            let mut ids = Vec::new();
            for stage in STAGES {
                for marking in MARKINGS {
                    let id = Uuid::from_u128(100 + u128::try_from(ids.len()).unwrap_or_default());
                    insert(tx, id, &facts(), marking, (AUTHOR, Some(HOUSE)), 5).await?;
                    set_partners(tx, id, &[PARTNER]).await?;
                    set_people(tx, id, &[NAMED]).await?;
                    set_state(tx, id, (State::Idea, State::Planned), stage, 6).await?;
                    ids.push(id);
                }
            }
            Ok(ids)
        })
        .await;
    (db, folder, made.expect("stored"))
}

fn facts() -> Facts {
    Facts {
        title: "T".into(),
        language: "en".into(),
        theme: "forced-begging".into(),
        aim: "inform".into(),
        countries: 1 << 8,
        ages: 1,
        settings: 0,
        days: Some((20_000, 20_006)),
        practice: None,
        plan: Plan::default(),
    }
}

fn person(account: Uuid, organisation: Option<Uuid>, grants: &[(Role, Scope)]) -> Actor {
    Actor {
        account,
        name: "N".into(),
        country: None,
        organisation,
        vetting: Vetting::Accredited(1),
        grants: grants.to_vec(),
        channels: HashSet::new(),
        mutes: Vec::new(),
    }
}

/// Everybody who may stand in some relation to a campaign.
fn everybody() -> Vec<Actor> {
    let power = |role, scope| person(ANYBODY, None, &[(role, scope)]);
    vec![
        person(AUTHOR, Some(HOUSE), &[]),
        person(AUTHOR, None, &[]),
        person(NAMED, None, &[]),
        person(ANYBODY, None, &[]),
        person(ANYBODY, Some(HOUSE), &[]),
        person(ANYBODY, Some(PARTNER), &[]),
        power(Role::Moderator, Scope::Region),
        power(Role::Moderator, Scope::Country("RO".into())),
        power(Role::Moderator, Scope::Country("RS".into())),
        power(Role::Moderator, Scope::Theme("forced-begging".into())),
        power(Role::Moderator, Scope::Theme("begging".into())),
        power(Role::Moderator, Scope::Channel(HOUSE)),
        power(Role::Editor, Scope::Region),
        power(Role::Administrator, Scope::Region),
        power(Role::FocalPoint, Scope::Organisation(HOUSE)),
    ]
}

#[tokio::test]
async fn lists_counts_the_map_and_the_timeline_show_what_the_rules_let_read() {
    let (db, folder, all) = filled().await;
    let mut conn = db.read().await.expect("a reader");
    let (filter, mut shown) = (Filter::default(), BTreeSet::new());
    for actor in everybody() {
        let mut expected = BTreeSet::new();
        for id in &all {
            let whole = Whole::load(&mut conn, *id).await.expect("read").expect("a campaign");
            if whole.may(&actor, ItemAction::Read) == Decision::Allow {
                expected.insert(*id);
            }
        }
        let reader = Reader::of(&actor);
        let listed = page(&mut conn, &reader, &filter, None, 100).await.expect("a page");
        assert_eq!(listed.iter().map(|card| card.id).collect::<BTreeSet<_>>(), expected, "{actor:?}");
        let some = among(&mut conn, &reader, &filter, None, &all).await.expect("cards");
        assert_eq!(some.iter().map(|card| card.id).collect::<BTreeSet<_>>(), expected, "{actor:?}");
        let on_line = bars(&mut conn, &reader, &filter, (2_850, 2_870)).await.expect("bars");
        assert_eq!(on_line.iter().map(|bar| bar.id).collect::<BTreeSet<_>>(), expected, "{actor:?}");
        let bar = Bar { id: Uuid::nil(), first_week: 2_857, last_week: 2_857, countries: 1 << 8, ages: 1, settings: 2 };
        let meeting = clashing_with(&mut conn, &reader, bar, 100).await.expect("clashes");
        assert_eq!(meeting.iter().map(|card| card.id).collect::<BTreeSet<_>>(), expected, "{actor:?}");
        let sum = i64::try_from(expected.len()).expect("a count");
        let counted = counts(&mut conn, &reader, &filter).await.expect("counts");
        assert_eq!(counted.iter().map(|(_, count)| count).sum::<i64>(), sum, "{actor:?}");
        let mapped = places(&mut conn, &reader, &filter).await.expect("places");
        assert_eq!(mapped.iter().map(|(_, _, count)| count).sum::<i64>(), sum, "{actor:?}");
        shown.insert(expected.len());
    }
    assert!(shown.contains(&2) && shown.contains(&12) && shown.len() > 3, "the table tells people apart: {shown:?}");
    drop(conn);
    db.close().await;
    let _ = std::fs::remove_dir_all(folder);
}
