//! What a list shows is what the rules let read, over a database of its own.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::{Asked, Filter, listed, one, recommendations};
use crate::access::{Actor, Decision, ItemAction, Role, Scope, Vetting, may_with_item};
use crate::base::db::{self, Db, On, Tx};
use crate::base::secret;

const ME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const HOUSE: Uuid = Uuid::from_u128(3);
const OWNER: Uuid = Uuid::from_u128(4);

const ACCOUNT: &str = "INSERT INTO account (id, email, name, name_key, language, status, password_hash, created_at)
    VALUES ($1, $2, 'Ana', 'ana', 'en', 'active', '', 0)";
const ORGANISATION: &str = "INSERT INTO organisation (id, name, name_key, kind, regime, helps, speaks, created_at)
    VALUES ($1, 'House', 'house', 'NGO-SERVICE', 'gdpr', '', '', 0)";
const STUDY: &str =
    "INSERT INTO study (id, title, summary, language, countries, themes, year, publisher, marking, author, organisation,
        created_at, changed_at)
    VALUES ($1, 'A study', '', 'en', $2, '', 2026, 'P', $3, $4, $5, 0, 0)";
const ADVICE: &str = "INSERT INTO recommendation (id, study, place, text, owner, state, note, created_at, changed_at)
    VALUES ($1, $2, 1, 'Do it', $3, 'open', '', 0, 0)";
const STUDIES: u128 = 48;

async fn fill(tx: &mut Tx) -> db::Result<()> {
    for (id, email) in [(ME, "a@x.example"), (OTHER, "b@x.example")] {
        on!(tx, c => sqlx::query(ACCOUNT).bind(id).bind(email).execute(c))?;
    }
    for id in [HOUSE, OWNER] {
        on!(tx, c => sqlx::query(ORGANISATION).bind(id).execute(c))?;
    }
    let mut n = 100;
    for author in [ME, OTHER] {
        for organisation in [None, Some(HOUSE)] {
            for marking in ["clear", "green", "amber", "amber+strict"] {
                for (countries, owner) in [("", None), (" RO ", Some(OWNER)), (" BG ", Some(HOUSE))] {
                    n += 1;
                    let (study, advice) = (Uuid::from_u128(n), Uuid::from_u128(1_000 + n));
                    on!(tx, c => sqlx::query(STUDY).bind(study).bind(countries).bind(marking).bind(author).bind(organisation)
                        .execute(c))?;
                    on!(tx, c => sqlx::query(ADVICE).bind(advice).bind(study).bind(owner).execute(c))?;
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
    let folder = std::env::temp_dir().join(format!("egida-studies-{}", secret::token()));
    let db = Db::open(&folder).await.expect("a folder");
    let filled: db::Result<()> = db.write(fill).await;
    filled.expect("stored");
    let people = [
        person(None, vec![]),
        person(Some(HOUSE), vec![]),
        person(Some(OWNER), vec![]),
        person(None, vec![(Role::Moderator, Scope::Country("RO".into()))]),
        person(Some(OWNER), vec![(Role::Moderator, Scope::Region)]),
        Actor { vetting: Vetting::Expired, ..person(Some(OWNER), vec![(Role::Moderator, Scope::Region)]) },
    ];
    let mut conn = db.read().await.expect("a reader");
    let mut counts = BTreeSet::new();
    for actor in &people {
        let asked = Asked { limit: 1_000, ..Asked::default() };
        let shown: BTreeSet<Uuid> = listed(&mut conn, actor, &asked).await.expect("read").iter().map(|study| study.id).collect();
        let mut readable = BTreeSet::new();
        for n in 101..=100 + STUDIES {
            let study = one(&mut conn, Uuid::from_u128(n)).await.expect("read").expect("a study");
            if study.as_item(|item| may_with_item(actor, ItemAction::Read, item)) == Decision::Allow {
                readable.insert(study.id);
            }
        }
        assert_eq!(shown, readable, "{actor:?}");
        let filter = Filter { limit: 1_000, ..Filter::default() };
        let advised = recommendations(&mut conn, actor, &filter).await.expect("read");
        assert_eq!(advised.iter().map(|row| row.study).collect::<BTreeSet<_>>(), readable, "{actor:?}");
        counts.insert(shown.len());
    }
    assert!(counts.len() >= 5 && counts.contains(&0), "the table tells them apart: {counts:?}");
    drop(conn);
    db.close().await;
    let _ = std::fs::remove_dir_all(folder);
}
