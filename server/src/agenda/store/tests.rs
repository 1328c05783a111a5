//! What a list shows is what the rules let read, over a database of its own.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::{Asked, listed, one};
use crate::access::{Actor, Decision, ItemAction, Role, Scope, Vetting, may_with_item};
use crate::base::db::{self, Db, On, Tx};
use crate::base::secret;

const ME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const HOUSE: Uuid = Uuid::from_u128(3);
const ELSEWHERE: Uuid = Uuid::from_u128(4);

const ACCOUNT: &str = "INSERT INTO account (id, email, name, name_key, language, status, password_hash, created_at)
    VALUES ($1, $2, 'Ana', 'ana', 'en', 'active', '', 0)";
const ORGANISATION: &str = "INSERT INTO organisation (id, name, name_key, kind, regime, helps, speaks, created_at)
    VALUES ($1, 'House', 'house', 'NGO-SERVICE', 'gdpr', '', '', 0)";
const EVENT: &str =
    "INSERT INTO event (id, title, about, language, kind, countries, themes, starts_at, ends_at, zone, place, marking,
        author, organisation, created_at, changed_at)
    VALUES ($1, 'An event', '', 'en', 'meeting', $2, $3, 10, 20, 'UTC', '', $4, $5, $6, 0, 0)";

async fn fill(tx: &mut Tx) -> db::Result<()> {
    for (id, email) in [(ME, "a@x.example"), (OTHER, "b@x.example")] {
        on!(tx, c => sqlx::query(ACCOUNT).bind(id).bind(email).execute(c))?;
    }
    for id in [HOUSE, ELSEWHERE] {
        on!(tx, c => sqlx::query(ORGANISATION).bind(id).execute(c))?;
    }
    let mut n = 100;
    for author in [ME, OTHER] {
        for organisation in [None, Some(HOUSE), Some(ELSEWHERE)] {
            for marking in ["clear", "green", "amber", "amber+strict"] {
                for (countries, themes) in [("", ""), (" RO ", ""), (" BG RO ", " forced-begging "), ("", " forced-labour ")] {
                    n += 1;
                    on!(tx, c => sqlx::query(EVENT).bind(Uuid::from_u128(n)).bind(countries).bind(themes).bind(marking)
                        .bind(author).bind(organisation).execute(c))?;
                }
            }
        }
    }
    Ok(())
}

fn person(organisation: Option<Uuid>, grants: Vec<(Role, Scope)>) -> Actor {
    let (channels, mutes, vetting) = (HashSet::new(), Vec::new(), Vetting::Accredited(i64::MAX));
    Actor { account: ME, name: "Ana".into(), country: None, organisation, vetting, grants, channels, mutes }
}

#[tokio::test]
async fn lists_show_what_the_rules_let_read() {
    let folder = std::env::temp_dir().join(format!("egida-agenda-{}", secret::token()));
    let db = Db::open(&folder).await.expect("a folder");
    let filled: db::Result<()> = db.write(fill).await;
    filled.expect("stored");
    let moderator = |scope| vec![(Role::Moderator, scope)];
    let people = [
        person(None, vec![]),
        person(Some(HOUSE), vec![]),
        person(None, moderator(Scope::Region)),
        person(None, moderator(Scope::Country("RO".into()))),
        person(None, moderator(Scope::Country("O".into()))),
        person(Some(ELSEWHERE), moderator(Scope::Theme("forced-begging".into()))),
        person(None, moderator(Scope::Channel(HOUSE))),
        person(None, vec![(Role::Editor, Scope::Region)]),
        person(None, vec![(Role::FocalPoint, Scope::Organisation(HOUSE)), (Role::Administrator, Scope::Region)]),
        Actor { vetting: Vetting::Pending, ..person(Some(HOUSE), moderator(Scope::Region)) },
    ];
    let mut conn = db.read().await.expect("a reader");
    let mut counts = BTreeSet::new();
    for actor in &people {
        let asked = Asked { limit: 1_000, ..Asked::default() };
        let shown: BTreeSet<Uuid> = listed(&mut conn, actor, &asked).await.expect("read").iter().map(|event| event.id).collect();
        let mut readable = BTreeSet::new();
        for n in 101..=196 {
            let event = one(&mut conn, ME, Uuid::from_u128(n)).await.expect("read").expect("an event");
            if event.as_item(|item| may_with_item(actor, ItemAction::Read, item)) == Decision::Allow {
                readable.insert(event.id);
            }
        }
        assert_eq!(shown, readable, "{actor:?}");
        counts.insert(shown.len());
    }
    assert!(counts.len() >= 5 && counts.contains(&0) && counts.contains(&96), "the table tells them apart: {counts:?}");
    drop(conn);
    db.close().await;
    let _ = std::fs::remove_dir_all(folder);
}
