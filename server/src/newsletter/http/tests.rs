//! What is taken, asked for and falls out again, with a feed that a test fills: no slice of the house is needed for it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State as Given;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{items, release, requests, texts};
use crate::access::{Actor, Role, Scope, Standing, Vetting};
use crate::audit::Recorder;
use crate::base::clock::Clock;
use crate::base::db::{self, Db};
use crate::base::guard::LastSaid;
use crate::base::http::{Json, Path, Problem};
use crate::base::limits::Limits;
use crate::base::seal::Seal;
use crate::base::secret;
use crate::base::vault::Vault;
use crate::context::{Ctx, Shared};
use crate::findable::Kind;
use crate::glossary::Glossary;
use crate::identity::{self, Caller, NO_PASSWORD, NewAccount};
use crate::newsletter::desk::{Desk, Post};
use crate::newsletter::store::{self, By};
use crate::publishable::{Feed, Publishable};
use crate::realtime::{Hub, Relay};

/// 29 November 2026.
const NOW: i64 = 1_795_910_400_000_000;
const SECRET: &str = "Two offices plan a joint visit to the reception centre at the border in early spring";

/// Practices as a test has them.
#[derive(Default)]
struct Fake {
    things: Mutex<Vec<Publishable>>,
}

impl Fake {
    fn things(&self) -> Vec<Publishable> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn mark(&self, id: Uuid, marking: &str) {
        let mut things = self.things.lock().unwrap_or_else(PoisonError::into_inner);
        things.iter_mut().filter(|thing| thing.id == id).for_each(|thing| thing.marking = marking.to_owned());
    }
}

fn is_shared(thing: &Publishable) -> bool {
    matches!(thing.marking.as_str(), "clear" | "green")
}

impl Feed for Fake {
    fn within<'a>(&'a self, _: &'a Ctx, _: &'a Actor, span: (i64, i64)) -> BoxFuture<'a, db::Result<Vec<Publishable>>> {
        let within = move |thing: &Publishable| is_shared(thing) && (span.0..span.1).contains(&thing.at);
        Box::pin(async move { Ok(self.things().into_iter().filter(within).collect()) })
    }

    fn one<'a>(&'a self, _: &'a Ctx, _: &'a Actor, id: Uuid) -> BoxFuture<'a, db::Result<Option<Publishable>>> {
        Box::pin(async move { Ok(self.things().into_iter().find(|thing| thing.id == id && is_shared(thing))) })
    }

    fn kind(&self) -> Kind {
        Kind::Practice
    }

    fn withheld<'a>(&'a self, _: &'a Ctx) -> BoxFuture<'a, db::Result<Vec<String>>> {
        let restricted = self.things().into_iter().filter(|thing| thing.marking != "clear");
        let texts = restricted.map(|thing| format!("{}\n{}", thing.title, thing.summary)).collect();
        Box::pin(async move { Ok(texts) })
    }
}

/// A region without anybody but these, and an issue of its quarter.
struct House {
    desk: Desk,
    feed: Arc<Fake>,
    editor: Caller,
    other: Caller,
    source: Caller,
    issue: Uuid,
    folder: std::path::PathBuf,
}

impl House {
    async fn open() -> Self {
        let folder = std::env::temp_dir().join(format!("egida-newsletter-{}", secret::token()));
        let db = Db::open(&folder).await.expect("a folder");
        let clock = Clock::Fixed(NOW);
        let ctx = Ctx::new(Shared {
            hub: Hub::new(Relay::Local, Limits::default()),
            standing: Standing::new(db.clone(), clock),
            recorder: Recorder::new(db.clone(), clock),
            seal: Seal::beside(&folder),
            vault: Vault::of(&folder),
            last_said: LastSaid::default(),
            said: Notify::new(),
            clock,
            limits: Limits::default(),
            db,
        });
        crate::search::renew(&ctx.db).await.expect("an index");
        let feed = Arc::new(Fake::default());
        let glossary = Glossary::shipped();
        let desk = Desk { ctx, glossary, feeds: Arc::new([feed.clone() as Arc<dyn Feed>]), post: Post::default() };
        let editor = person(&desk, "editor", &[(Role::Editor, Scope::Region)]).await;
        let other = person(&desk, "other", &[(Role::Moderator, Scope::Region)]).await;
        let source = person(&desk, "source", &[]).await;
        let (issue, by) = (desk.ctx.id(), By { account: editor.account(), at: NOW });
        let begun: db::Result<bool> = desk
            .ctx
            .db
            .write(async move |tx| {
                let begun = store::begin(tx, issue, (2026, 4), "en fr", by).await?;
                Ok(begun && store::changes(tx, issue, by).await?)
            })
            .await;
        assert!(begun.expect("stored"));
        Self { desk, feed, editor, other, source, issue, folder }
    }

    /// A practice of the source.
    fn practice(&self, title: &str, marking: &str) -> Uuid {
        let id = self.desk.ctx.id();
        let mut things = self.feed.things.lock().expect("lock");
        // One after the other: of a moment that stands still ids tell no order.
        let at = NOW + i64::try_from(things.len()).expect("few");
        things.push(Publishable {
            kind: Kind::Practice,
            id,
            title: title.into(),
            summary: SECRET.into(),
            language: "en".into(),
            marking: marking.into(),
            countries: vec!["RO".into()],
            themes: Vec::new(),
            source: self.source.account(),
            at,
        });
        id
    }

    fn desk(&self) -> Given<Desk> {
        Given(self.desk.clone())
    }

    async fn take(&self, id: Uuid) -> Result<(), Problem> {
        let wish = serde_json::from_value(json!({"kind": "practice", "id": id, "section": "protect"})).expect("a wish");
        items::take(self.desk(), self.editor.clone(), Path(self.issue), Json(wish)).await.map(drop)
    }

    async fn ask(&self, id: Uuid) -> Result<(), Problem> {
        let wish = serde_json::from_value(json!({"kind": "practice", "id": id})).expect("a wish");
        requests::ask(self.desk(), self.editor.clone(), Path(self.issue), Json(wish)).await.map(drop)
    }

    async fn write(&self, section: &str, language: &str, body: &str) -> Result<(), Problem> {
        let texts = store::texts(&mut self.desk.ctx.db.read().await?, self.issue).await?;
        let stands = texts.iter().find(|text| text.section == section && text.language == language);
        let wish = json!({"body": body, "revision": stands.map_or(0, |text| text.revision)});
        let wish = serde_json::from_value(wish).expect("a wish");
        let path = Path((self.issue, section.to_owned(), language.to_owned()));
        texts::write(self.desk(), self.editor.clone(), path, Json(wish)).await.map(drop)
    }

    async fn titled(&self) {
        self.write("title", "en", "The fourth quarter").await.expect("written");
        self.write("title", "fr", "Le dernier trimestre").await.expect("written");
    }

    async fn hand_in(&self) -> Result<(), Problem> {
        release::hand_in(self.desk(), self.editor.clone(), Path(self.issue)).await.map(drop)
    }

    async fn approve(&self, who: &Caller) -> Result<(), Problem> {
        let issue = store::issue(&mut self.desk.ctx.db.read().await?, self.issue).await?.expect("there");
        let digest = secret::hex(&issue.digest.unwrap_or_default());
        let verdict = serde_json::from_value(json!({"digest": digest, "approved": true})).expect("a verdict");
        release::decide(self.desk(), who.clone(), Path(self.issue), Json(verdict)).await.map(drop)
    }

    async fn proposals(&self) -> Vec<Value> {
        let page = items::propose(self.desk(), self.editor.clone(), Path(self.issue)).await.expect("proposals");
        serde_json::to_value(&page.0).expect("JSON")["items"].as_array().expect("a list").clone()
    }

    async fn state(&self) -> String {
        store::issue(&mut self.desk.ctx.db.read().await.expect("a reader"), self.issue).await.expect("read").expect("there").state
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn person(desk: &Desk, name: &'static str, grants: &[(Role, Scope)]) -> Caller {
    let account = desk.ctx.id();
    let made: db::Result<bool> = desk
        .ctx
        .db
        .write(async move |tx| {
            let account = NewAccount {
                id: account,
                email: format!("{name}@demo.egida.example"),
                name: name.into(),
                country: None,
                function: None,
                organisation: None,
                language: "en".into(),
                password_hash: NO_PASSWORD.into(),
                sponsor: None,
                accredited_until: Some(NOW * 2),
                created_at: NOW,
            };
            identity::create_account(tx, &account).await
        })
        .await;
    assert!(made.expect("stored"));
    let actor = Actor {
        account,
        name: name.into(),
        country: None,
        organisation: None,
        vetting: Vetting::Accredited(NOW * 2),
        grants: grants.to_vec(),
        channels: HashSet::new(),
        mutes: Vec::new(),
    };
    Caller::in_person(Arc::new(actor), Uuid::nil())
}

fn refused(done: Result<(), Problem>, code: &str) {
    assert_eq!(done.expect_err(code).code(), code);
}

#[tokio::test]
async fn only_what_is_clear_is_taken_and_a_source_is_asked_once() {
    let house = House::open().await;
    let (clear, green) = (house.practice("Street work", "clear"), house.practice("A quiet room", "green"));
    house.practice("For us alone", "amber");
    let proposed = house.proposals().await;
    let titles: Vec<_> = proposed.iter().map(|each| each["title"].as_str().expect("a title")).collect();
    assert_eq!(titles, ["Street work", "A quiet room"], "nothing stricter than GREEN is proposed");
    assert_eq!((&proposed[0]["section"], &proposed[0]["taken"]), (&json!("protect"), &json!(false)));
    assert_eq!(proposed[1]["source"]["name"], "source");

    refused(house.take(green).await, "newsletter_not_clear");
    refused(house.take(house.issue).await, "not_found");
    house.take(clear).await.expect("taken");
    refused(house.take(clear).await, "newsletter_taken");
    assert_eq!(house.proposals().await[0]["taken"], true);

    refused(house.ask(clear).await, "newsletter_is_clear");
    house.ask(green).await.expect("asked");
    refused(house.ask(green).await, "newsletter_asked_before");
    assert_eq!(house.proposals().await[1]["request"], "open");
}

#[tokio::test]
async fn a_source_answers_once_and_nobody_else_does() {
    let house = House::open().await;
    let green = house.practice("A quiet room", "green");
    house.ask(green).await.expect("asked");
    let asked = store::requests_about(&mut house.desk.ctx.db.read().await.expect("a reader"), &[green]).await.expect("read");
    let id = asked[&green].id;
    let answer = async |who: &Caller, lowers: bool, reason: Option<&str>| {
        let answer = serde_json::from_value(json!({"lowers": lowers, "reason": reason})).expect("an answer");
        requests::answer(house.desk(), who.clone(), Path(id), Json(answer)).await.map(drop)
    };
    refused(answer(&house.editor, true, None).await, "not_found");
    refused(answer(&house.source, false, None).await, "reason_missing");
    answer(&house.source, false, Some("The place could be recognised")).await.expect("answered");
    refused(answer(&house.source, true, None).await, "already_decided");
    let proposed = &house.proposals().await[0];
    assert_eq!((&proposed["request"], &proposed["reason"]), (&json!("no"), &json!("The place could be recognised")));
    refused(house.take(green).await, "newsletter_not_clear");
    house.feed.mark(green, "clear");
    house.take(green).await.expect("its source has lowered it all the same");
}

#[tokio::test]
async fn what_stands_in_something_withheld_is_not_copied_in() {
    let house = House::open().await;
    let green = house.practice("A quiet room", "green");
    let done = house.write("focus", "en", &format!("As we hear, {}.", SECRET.to_uppercase())).await;
    let problem = done.expect_err("refused");
    assert_eq!(problem.code(), "newsletter_withheld");
    let place = &problem.extra()["places"][0];
    assert_eq!((&place["section"], &place["start"]), (&json!("focus"), &json!(12)));
    assert!(place["label"].is_null() && place["message"].is_null(), "{place}");
    // What was taken is everybody's.
    house.feed.mark(green, "clear");
    house.take(green).await.expect("taken");
    house.write("focus", "en", &format!("As we hear, {SECRET}.")).await.expect("written");
    house.write("focus", "fr", "Comme on nous le dit.").await.expect("written");
}

#[tokio::test]
async fn what_is_no_longer_clear_falls_out_and_voids_what_was_handed_in() {
    let house = House::open().await;
    let practice = house.practice("Street work", "clear");
    house.take(practice).await.expect("taken");
    house.titled().await;
    house.hand_in().await.expect("handed in");
    house.feed.mark(practice, "green");
    refused(house.approve(&house.other).await, "newsletter_fell_out");
    assert_eq!(house.state().await, "draft");
    refused(house.hand_in().await, "newsletter_empty");
    house.feed.mark(practice, "clear");
    house.take(practice).await.expect("taken again");
    house.hand_in().await.expect("handed in");
    house.approve(&house.other).await.expect("whoever found it out has composed nothing by that");
    assert_eq!(house.state().await, "released");
    refused(house.write("focus", "en", "More").await, "newsletter_released");
}

#[tokio::test]
async fn what_has_come_into_something_restricted_meanwhile_is_found_before_it_is_released() {
    let house = House::open().await;
    house.titled().await;
    house.write("focus", "en", SECRET).await.expect("nobody withholds it yet");
    house.write("focus", "fr", "Deux bureaux préparent une visite.").await.expect("written");
    house.hand_in().await.expect("handed in");
    house.practice("A quiet room", "green");
    refused(house.approve(&house.other).await, "newsletter_withheld");
    assert_eq!(house.state().await, "asked");
}

#[tokio::test]
async fn nobody_who_has_worked_on_it_releases_it_and_any_change_voids_it() {
    let house = House::open().await;
    let practice = house.practice("Street work", "clear");
    house.take(practice).await.expect("taken");
    house.titled().await;
    house.hand_in().await.expect("handed in");
    refused(house.approve(&house.editor).await, "other_person_needed");
    refused(house.approve(&house.source).await, "forbidden");
    house.write("title", "en", "Another title").await.expect("written");
    assert_eq!(house.state().await, "draft");
    refused(house.approve(&house.other).await, "conflict");
    house.hand_in().await.expect("handed in");
    house.approve(&house.other).await.expect("released");
}
