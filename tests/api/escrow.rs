//! The escrow of case rooms: off unless an operator turns it on, two of three let a member back in, and nothing else does.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use support::region::{Client, Region, address, items, text};
use support::server_process::{outcome, run};
use tokio::time::sleep;
use uuid::Uuid;

use crate::cases::{admit, at, keyed, open, say};
use crate::erasing::WITHIN;

const ESCROW: &str = "/api/escrow";
const HOLDERS: [&str; 3] = ["ngo.mk", "helpline.rs", "prosecutor.gr"];
const TABLES: [&str; 4] = ["escrow_holder", "escrow_half", "escrow_request", "escrow_handed"];

/// Somebody signed in as by a browser just now, whose keys are open.
async fn sat(region: &Region, handle: &str) -> Client {
    keyed(region, &region.signed_in(handle).await).await
}

fn counts(region: &Region) -> [i64; 4] {
    let database = Connection::open(region.folder().join("egida.db")).expect("a database");
    TABLES.map(|table| database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("a count"))
}

fn turn_on(region: &Region, handles: &[&str]) -> support::server_process::Outcome {
    let addresses: Vec<String> = handles.iter().map(|handle| address(handle)).collect();
    let named = addresses.iter().flat_map(|address| ["--account", address]);
    let arguments: Vec<&str> = ["escrow"].into_iter().chain(named).collect();
    outcome(region.folder(), &arguments).expect("it runs")
}

/// A room with two members in a region whose escrow is on: the room, its founder, the member, and who holds the escrow.
struct Held {
    case: String,
    founder: Client,
    member: Client,
    holders: Vec<Client>,
}

async fn held(region: &Region) -> Held {
    let (founder, member) = (sat(region, "social.xk").await, sat(region, "guardian.gr").await);
    let mut holders = Vec::new();
    for handle in HOLDERS {
        holders.push(sat(region, handle).await);
    }
    assert_eq!(turn_on(region, &HOLDERS).code, Some(0));
    let case = open(&founder).await;
    admit(&case, &founder, None, &member).await;
    say(&case, &founder, "before the keys were lost").await;
    Held { case, founder, member, holders }
}

/// Somebody loses their keys and makes new ones.
async fn lose(region: &Region, person: &Client) -> Client {
    person.delete("/api/keys").await.is(204);
    let mut person = person.clone();
    person.headers.retain(|(name, _)| name != "x-egida-unlock");
    keyed(region, &person).await
}

async fn ask(case: &str, member: &Client) {
    member.post(&at(case, "/escrow"), json!({})).await.is(201);
}

/// What waits for a holder: its id.
async fn waiting(holder: &Client) -> String {
    text(&items(&holder.get(ESCROW).await.is(200))[0]["id"])
}

fn to(id: &str, what: &str) -> String {
    format!("{ESCROW}/{id}/{what}")
}

/// The codes of what the server has noted in a room about the escrow, the oldest first, each with who did it.
async fn noted(case: &str, reader: &Client) -> Vec<(String, String)> {
    let page = reader.get(&at(case, "/entries?kind=event&limit=100")).await.is(200);
    let code = |entry: &Value| (text(&entry["event"]["code"]), entry["author"]["id"].as_str().unwrap_or_default().to_owned());
    let mut all: Vec<_> = items(&page).iter().map(code).filter(|(code, _)| code.starts_with("escrow")).collect();
    all.reverse();
    all
}

fn codes(noted: &[(String, String)]) -> Vec<&str> {
    noted.iter().map(|(code, _)| code.trim_start_matches("escrow_")).collect()
}

#[tokio::test]
async fn off_it_leaves_no_trace() {
    let region = Region::start(&[]).expect("a region");
    let (founder, member) = (sat(&region, "social.xk").await, sat(&region, "guardian.gr").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &member).await;
    assert_eq!(founder.get(&at(&case, "")).await.is(200)["escrow"], json!(null));
    assert_eq!(member.get("/api/keys").await.is(200)["escrow"], json!(null));
    for handle in ["social.xk", "admin", "moderator.region"] {
        region.person(handle).await.get(ESCROW).await.refused(404, "not_found");
    }
    let member = lose(&region, &member).await;
    member.get(&at(&case, "")).await.refused(409, "case_key_lost");
    let way = member.get(&at(&case, "/escrow")).await.is(200);
    assert_eq!(way, json!({"holds_key": false, "escrow": null, "asked": null}));
    member.post(&at(&case, "/escrow"), json!({})).await.refused(409, "escrow_off");
    assert_eq!((counts(&region), noted(&case, &founder).await), ([0; 4], vec![]));
    assert!(run(region.folder(), &["escrow"], None).expect("shown").contains("off"));
    // Without it a member lets them in anew, after putting them out; what was begun meanwhile they didn't hold before.
    say(&case, &founder, "while somebody had no key").await;
    member.get(&at(&case, "/entries")).await.refused(409, "case_key_lost");
    founder.delete(&at(&case, &format!("/members/{}", member.id))).await.is(204);
    admit(&case, &founder, None, &member).await;
    assert_eq!(items(&member.get(&at(&case, "/entries?kind=message")).await.is(200)).len(), 1);
}

#[tokio::test]
async fn an_operator_names_three_of_three_organisations_who_have_keys_and_run_nothing() {
    let region = Region::start(&[]).expect("a region");
    let refused = |handles: &[&str], why: &str| {
        let outcome = turn_on(&region, handles);
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains(why) && outcome.stderr.trim().lines().count() == 1, "{}", outcome.stderr);
    };
    refused(&HOLDERS, "has made no keys");
    for handle in HOLDERS.into_iter().chain(["admin"]) {
        sat(&region, handle).await;
    }
    refused(&HOLDERS[..2], "name 3 people");
    refused(&["ngo.mk", "helpline.rs", "helpline.rs"], "the same organisation");
    refused(&["ngo.mk", "helpline.rs", "admin"], "is an administrator");
    refused(&["ngo.mk", "helpline.rs", "pending.ro"], "isn't confirmed");
    refused(&["ngo.mk", "helpline.rs", "nobody"], "nobody signs in");
    assert_eq!(counts(&region), [0; 4]);
    assert_eq!(turn_on(&region, &HOLDERS).code, Some(0));
    let again = turn_on(&region, &HOLDERS);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stderr.contains("egida escrow --off"));
    let shown = run(region.folder(), &["escrow"], None).expect("shown");
    assert!(HOLDERS.iter().all(|handle| shown.contains(&address(handle))) && !shown.contains("useless"), "{shown}");
    // What is good for nothing any more is said.
    sat(&region, "ngo.mk").await.delete("/api/keys").await.is(204);
    let gone = sat(&region, "helpline.rs").await;
    region.person("admin").await.put(&format!("/api/accounts/{}/suspension", gone.id)).await.is(204);
    let shown = run(region.folder(), &["escrow"], None).expect("shown");
    assert!(shown.contains("has other keys now") && shown.contains("is suspended") && shown.contains("Nobody can"), "{shown}");
    assert!(run(region.folder(), &["escrow", "--off"], None).expect("off").contains("is off"));
    assert_eq!(counts(&region), [0; 4]);
    let database = Connection::open(region.folder().join("egida.db")).expect("a database");
    let acts: i64 = database
        .query_row("SELECT count(*) FROM audit WHERE act IN ('escrow.on', 'escrow.off') AND actor IS NULL", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(acts, 2);
}

#[tokio::test]
async fn two_of_three_let_a_member_back_in_and_everybody_is_told() {
    let region = Region::start(&[]).expect("a region");
    let Held { case, founder, member, holders } = held(&region).await;
    let room = founder.get(&at(&case, "")).await.is(200);
    let named: Vec<&Value> = room["escrow"]["holders"].as_array().expect("holders").iter().map(|one| &one["id"]).collect();
    assert!(named.len() == 3 && holders.iter().all(|holder| named.contains(&&json!(holder.id))), "{room}");
    assert!(room["escrow"]["holders"][0]["organisation_name"].is_string());
    // One half for each holder and partner, of one version.
    assert_eq!(counts(&region), [3, 6, 0, 0]);
    member.post(&at(&case, "/escrow"), json!({})).await.refused(409, "escrow_not_needed");
    let mut told = holders[2].live().await;
    let member = lose(&region, &member).await;
    ask(&case, &member).await;
    member.post(&at(&case, "/escrow"), json!({})).await.refused(409, "escrow_asked");
    // Without content: not which room, nor who.
    assert_eq!(told.next_of("notice").await.expect("a notice"), json!({"type": "notice", "code": "escrow"}));
    let desk = holders[0].get(ESCROW).await.is(200);
    let item = &items(&desk)[0];
    assert_eq!((&item["reference"], &item["by"]["id"]), (&room["reference"], &json!(member.id)));
    assert!(item["by"]["organisation_name"].is_string() && !desk.to_string().contains(&case), "{desk}");
    assert_eq!(holders[0].get("/api/keys").await.is(200)["escrow"], 1);
    assert_eq!(holders[0].get("/api/home").await.is(200)["escrow"], 1);
    assert_eq!(founder.get("/api/home").await.is(200)["escrow"], 0);
    // Nobody else learns that there is anything.
    let id = text(&item["id"]);
    for handle in ["social.xk", "admin", "moderator.mk", "auditor.region"] {
        let other = sat(&region, handle).await;
        other.get(ESCROW).await.refused(404, "not_found");
        for what in ["agreement", "refusal"] {
            other.post(&to(&id, what), json!({})).await.refused(404, "not_found");
        }
    }
    holders[0].get(&at(&case, "")).await.refused(404, "not_found");
    holders[0].post(&at(&case, "/escrow"), json!({})).await.refused(404, "not_found");
    holders[0].post(&to(&Uuid::now_v7().to_string(), "agreement"), json!({})).await.refused(404, "not_found");
    // By somebody in person, stepped up, with open keys.
    region.signed_in(HOLDERS[0]).await.post(&to(&id, "agreement"), json!({})).await.refused(423, "keys_locked");
    let by_token = keyed(&region, &region.person(HOLDERS[0]).await).await;
    by_token.post(&to(&id, "agreement"), json!({})).await.refused(403, "session_needed");
    // One alone can't, however often.
    assert_eq!(holders[0].post(&to(&id, "agreement"), json!({})).await.is(200), json!({"opened": false}));
    holders[0].post(&to(&id, "agreement"), json!({})).await.refused(403, "escrow_agreed");
    assert_eq!((counts(&region), holders[0].get("/api/keys").await.is(200)["escrow"].clone()), ([3, 6, 1, 2], json!(0)));
    member.get(&at(&case, "")).await.refused(409, "case_key_lost");
    assert_eq!(member.get(&at(&case, "/escrow")).await.is(200)["asked"]["first"]["id"], holders[0].id.as_str());
    assert_eq!(holders[1].post(&to(&id, "agreement"), json!({})).await.is(200), json!({"opened": true}));
    let read = member.get(&at(&case, "/entries?kind=message")).await.is(200);
    assert_eq!(items(&read)[0]["content"]["body"], "before the keys were lost");
    // Used once: what was handed over is gone, and a third agreement is none.
    assert_eq!(counts(&region), [3, 6, 1, 0]);
    holders[2].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
    assert!(items(&holders[2].get(ESCROW).await.is(200)).is_empty());
    // The member writes, with a version that nobody who had their old keys holds; the escrow holds that one, too.
    say(&case, &member, "back again").await;
    assert_eq!(items(&founder.get(&at(&case, "/entries?kind=message")).await.is(200)).len(), 2);
    assert_eq!(counts(&region)[1], 12);
    let by = |place: usize| holders[place].id.clone();
    let told = [("begun", String::new()), ("asked", member.id.clone()), ("agreed", by(0)), ("opened", by(1))];
    let told: Vec<_> = told.into_iter().map(|(code, by)| (format!("escrow_{code}"), by)).collect();
    assert_eq!(noted(&case, &founder).await, told);
}

#[tokio::test]
async fn what_changes_meanwhile_ends_it() {
    let region = Region::start(&[]).expect("a region");
    let Held { case, founder, member, holders } = held(&region).await;
    let member = lose(&region, &member).await;
    let again = async |member: &Client| {
        ask(&case, member).await;
        let id = waiting(&holders[0]).await;
        holders[0].post(&to(&id, "agreement"), json!({})).await.is(200);
        id
    };
    // A holder refuses.
    let id = again(&member).await;
    holders[2].post(&to(&id, "refusal"), json!({})).await.is(204);
    holders[1].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
    let way = member.get(&at(&case, "/escrow")).await.is(200);
    assert_eq!((&way["asked"]["state"], &way["asked"]["ended_by"]["id"]), (&json!("refused"), &json!(holders[2].id)));
    // Who asks has other keys than when they asked.
    let id = again(&member).await;
    let member = lose(&region, &member).await;
    assert!(items(&holders[1].get(ESCROW).await.is(200)).is_empty(), "it isn't shown");
    holders[1].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
    // They were put out; and were let in anew meanwhile.
    let id = again(&member).await;
    founder.delete(&at(&case, &format!("/members/{}", member.id))).await.is(204);
    holders[1].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
    member.get(&at(&case, "/escrow")).await.refused(404, "not_found");
    admit(&case, &founder, None, &member).await;
    holders[1].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
    let member = lose(&region, &member).await;
    // A version has begun since the first one agreed: two have to agree to all that there is.
    let id = again(&member).await;
    say(&case, &founder, "with a key of its own").await;
    assert_eq!(holders[1].post(&to(&id, "agreement"), json!({})).await.is(200)["opened"], false);
    assert_eq!(holders[0].post(&to(&id, "agreement"), json!({})).await.is(200)["opened"], true);
    assert_eq!(items(&member.get(&at(&case, "/entries?kind=message")).await.is(200)).len(), 2);
    // Who had agreed is suspended.
    let member = lose(&region, &member).await;
    let id = again(&member).await;
    region.person("admin").await.put(&format!("/api/accounts/{}/suspension", holders[0].id)).await.is(204);
    holders[1].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
    // The two others are enough, unless one of them has other keys.
    ask(&case, &member).await;
    let id = waiting(&holders[1]).await;
    let renewed = lose(&region, &holders[2]).await;
    renewed.post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_unable");
    holders[1].post(&to(&id, "agreement"), json!({})).await.is(200);
    // The escrow is turned off: nothing of it is left, and the room says so.
    assert!(run(region.folder(), &["escrow", "--off"], None).expect("off").contains("(rooms: 1)"));
    assert_eq!(counts(&region), [0; 4]);
    holders[1].post(&to(&id, "agreement"), json!({})).await.refused(404, "not_found");
    assert_eq!(founder.get(&at(&case, "")).await.is(200)["escrow"], json!(null));
    let told = noted(&case, &founder).await;
    assert_eq!(codes(&told).iter().filter(|code| **code == "over").count(), 3, "{told:?}");
    assert_eq!(codes(&told).last(), Some(&"ended"));
}

#[tokio::test]
async fn a_holder_who_is_a_member_does_not_let_themselves_in() {
    let region = Region::start(&[]).expect("a region");
    let Held { case, founder, member, holders } = held(&region).await;
    admit(&case, &founder, Some(&member), &holders[0]).await;
    let own = lose(&region, &holders[0]).await;
    ask(&case, &own).await;
    let id = waiting(&own).await;
    assert_eq!(items(&own.get(ESCROW).await.is(200))[0]["mine"], true);
    own.post(&to(&id, "agreement"), json!({})).await.refused(403, "escrow_own");
    holders[1].post(&to(&id, "agreement"), json!({})).await.is(200);
    own.post(&to(&id, "agreement"), json!({})).await.refused(403, "escrow_own");
    assert_eq!(holders[2].post(&to(&id, "agreement"), json!({})).await.is(200)["opened"], true);
    assert_eq!(items(&own.get(&at(&case, "/entries?kind=message")).await.is(200)).len(), 1);
}

#[tokio::test]
async fn it_lapses_within_a_day() {
    let region = Region::start_with_clock().expect("a region");
    let Held { case, member, holders, .. } = held(&region).await;
    let member = lose(&region, &member).await;
    ask(&case, &member).await;
    let id = waiting(&holders[0]).await;
    holders[0].post(&to(&id, "agreement"), json!({})).await.is(200);
    region.advance(24 * 3_600).await;
    let second = sat(&region, HOLDERS[1]).await;
    second.post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
    assert!(items(&second.get(ESCROW).await.is(200)).is_empty());
    let founder = sat(&region, "social.xk").await;
    let begun = Instant::now();
    while codes(&noted(&case, &founder).await).last() != Some(&"lapsed") {
        assert!(begun.elapsed() < WITHIN, "nobody says that it has lapsed");
        sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(counts(&region), [3, 6, 1, 0], "what was handed over is gone");
    let member = sat(&region, "guardian.gr").await;
    assert_eq!(member.get(&at(&case, "/escrow")).await.is(200)["asked"]["state"], "lapsed");
    ask(&case, &member).await;
}

#[tokio::test]
async fn rooms_from_before_come_in_when_a_member_opens_them_and_leave_when_they_are_erased() {
    let region = Region::start(&[]).expect("a region");
    let (founder, member) = (sat(&region, "social.xk").await, sat(&region, "guardian.gr").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &member).await;
    // Two versions of its key, before the escrow is on.
    founder.delete(&at(&case, &format!("/members/{}", member.id))).await.is(204);
    admit(&case, &founder, None, &member).await;
    for handle in HOLDERS {
        sat(&region, handle).await;
    }
    assert_eq!(turn_on(&region, &HOLDERS).code, Some(0));
    assert_eq!((counts(&region), noted(&case, &founder).await), ([3, 0, 0, 0], vec![]));
    let room = member.get(&at(&case, "")).await.is(200);
    assert!(room["escrow"].is_object(), "{room}");
    assert_eq!((counts(&region), codes(&noted(&case, &founder).await)), ([3, 12, 0, 0], vec!["begun"]));
    member.get(&at(&case, "")).await.is(200);
    assert_eq!(counts(&region), [3, 12, 0, 0], "once");
    // A version that somebody's removal begins comes with it.
    founder.delete(&at(&case, &format!("/members/{}", member.id))).await.is(204);
    assert_eq!(counts(&region), [3, 18, 0, 0]);
    admit(&case, &founder, None, &member).await;
    let member = lose(&region, &member).await;
    ask(&case, &member).await;
    let first = sat(&region, HOLDERS[0]).await;
    first.post(&to(&waiting(&first).await, "agreement"), json!({})).await.is(200);
    assert_eq!(counts(&region), [3, 18, 1, 6]);
    // Erased with the room, by two: the one who has no key of it can't be the second.
    let proposal = text(&founder.post(&at(&case, "/proposals"), json!({"kind": "erasure"})).await.is(201)["id"]);
    let confirmation = at(&case, &format!("/proposals/{proposal}/confirmation"));
    member.post(&confirmation, json!({})).await.refused(409, "case_key_lost");
    let second = sat(&region, HOLDERS[1]).await;
    let id = waiting(&second).await;
    second.post(&to(&id, "agreement"), json!({})).await.is(200);
    assert_eq!(counts(&region), [3, 24, 1, 8], "with the version that the proposal began");
    assert_eq!(first.post(&to(&id, "agreement"), json!({})).await.is(200)["opened"], true);
    member.post(&confirmation, json!({})).await.is(204);
    assert_eq!(counts(&region), [3, 0, 0, 0]);
}

/// When a server is killed at what somebody sends.
#[derive(Clone, Copy)]
enum Cut {
    /// While it waits to write: somebody else holds the database.
    Waiting,
    /// So long after it was sent.
    After(Duration),
    /// As soon as it is answered.
    Answered,
}

/// Before anything is written, at four moments of what takes so long, and after.
fn cuts(takes: Duration) -> [Cut; 6] {
    let [one, two, three, four] = [1, 2, 3, 4].map(|fifth| Cut::After(takes * fifth / 5));
    [Cut::Waiting, one, two, three, four, Cut::Answered]
}

/// Kills the server at what somebody sends and starts it again. Told: whether it had been answered that it is done.
async fn killed_at(region: Region, by: &Client, path: &str, cut: Cut) -> (Region, bool) {
    let lock = Connection::open(region.folder().join("egida.db")).expect("a database");
    if matches!(cut, Cut::Waiting) {
        lock.execute_batch("BEGIN IMMEDIATE").expect("held");
    }
    // A line that breaks off ends in a panic of the client: it runs in a task of its own.
    let (posting, path) = (by.clone(), path.to_owned());
    let mut posted = tokio::spawn(async move { posting.post(&path, json!({})).await.status });
    let limit = match cut {
        Cut::Waiting => Duration::from_millis(300),
        Cut::After(time) => time,
        Cut::Answered => WITHIN,
    };
    let in_time = tokio::time::timeout(limit, &mut posted).await;
    region.kill().expect("killed");
    drop(lock);
    let status = match in_time {
        Ok(status) => status,
        Err(_) => posted.await,
    };
    let answered = status.is_ok_and(|status| matches!(status, 200 | 204));
    (region.started_again().expect("started again"), answered)
}

/// What storage says of a request: its state, whether its first agreement is kept, how many halves were handed over, and how many
/// versions of the room's key who has asked holds, of how many.
fn stored(region: &Region, id: &str) -> (String, bool, i64, i64, i64) {
    let database = Connection::open(region.folder().join("egida.db")).expect("a database");
    let sql = "SELECT state, first_by IS NOT NULL, (SELECT count(*) FROM escrow_handed h WHERE h.request = r.id),
            (SELECT count(*) FROM sealed_space_key k WHERE k.space = r.space AND k.account = r.account),
            (SELECT version FROM sealed_space s WHERE s.id = r.space) FROM escrow_request r WHERE id = ?1";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
    database.query_row(sql, [id.parse::<Uuid>().expect("an id")], row).expect("what was asked for")
}

/// How often an act stands in the record.
fn recorded(region: &Region, act: &str) -> usize {
    let database = Connection::open(region.folder().join("egida.db")).expect("a database");
    let count: i64 = database.query_row("SELECT count(*) FROM audit WHERE act = ?1", [act], |row| row.get(0)).expect("a count");
    usize::try_from(count).expect("a count")
}

impl Held {
    /// The same people, at a server that was started again.
    fn at(&mut self, region: &Region) {
        for client in [&mut self.founder, &mut self.member].into_iter().chain(&mut self.holders) {
            *client = client.at(region.origin());
        }
    }

    /// The member loses their keys and asks, and one holder agrees: what was asked for, and how long agreeing took.
    async fn asked(&mut self, region: &Region) -> (String, Duration) {
        self.member = lose(region, &self.member).await;
        ask(&self.case, &self.member).await;
        let id = waiting(&self.holders[0]).await;
        let begun = Instant::now();
        assert_eq!(self.holders[0].post(&to(&id, "agreement"), json!({})).await.is(200)["opened"], false);
        (id, begun.elapsed())
    }

    /// Nothing of the room's content is lost: both read so many messages, and the timeline and the record agree about a code.
    async fn reads(&self, region: &Region, messages: usize, (code, act): (&str, &str)) {
        for reader in [&self.founder, &self.member] {
            let page = reader.get(&at(&self.case, "/entries?kind=message&limit=100")).await.is(200);
            assert_eq!(items(&page).iter().filter(|entry| entry["content"]["body"].is_string()).count(), messages, "{page}");
        }
        let told = noted(&self.case, &self.founder).await;
        assert_eq!(codes(&told).iter().filter(|each| **each == code).count(), recorded(region, act), "{told:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_killed_at_the_second_agreement_leaves_nobody_half_way_in() {
    let mut region = Region::start(&[]).expect("a region");
    let mut all = held(&region).await;
    let mut outcomes = [0, 0];
    for round in 0..6 {
        let (id, takes) = all.asked(&region).await;
        let before = recorded(&region, "escrow.open");
        let answered;
        (region, answered) = killed_at(region, &all.holders[1], &to(&id, "agreement"), cuts(takes)[round]).await;
        all.at(&region);
        let (state, first, handed, holds, versions) = stored(&region, &id);
        let opened = state == "opened";
        outcomes[usize::from(opened)] += 1;
        assert!(opened || !answered, "what was answered holds");
        assert_eq!(recorded(&region, "escrow.open"), before + usize::from(opened));
        if opened {
            // In, with every version of the key; what was handed over is used up.
            assert_eq!((first, handed, holds), (true, 0, versions));
            all.holders[2].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
        } else {
            // Still out, with the one agreement: any other holder lets them in.
            assert_eq!((state.as_str(), first, handed, holds), ("waiting", true, 2 * versions, 0));
            all.member.get(&at(&all.case, "")).await.refused(409, "case_key_lost");
            let way = all.member.get(&at(&all.case, "/escrow")).await.is(200);
            assert_eq!(way["asked"]["first"]["id"], all.holders[0].id.as_str());
            assert_eq!(all.holders[2].post(&to(&id, "agreement"), json!({})).await.is(200)["opened"], true);
        }
        all.reads(&region, round + 1, ("opened", "escrow.open")).await;
        say(&all.case, &all.member, "back again").await;
    }
    assert!(outcomes.iter().all(|times| *times > 0), "before it was written and after: {outcomes:?}");
    region.stop().expect("stopped");
    let verified = outcome(region.folder(), &["verify"]).expect("it runs");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test]
async fn a_server_that_is_killed_at_a_refusal_leaves_it_waiting_or_over() {
    let mut region = Region::start(&[]).expect("a region");
    let mut all = held(&region).await;
    let mut outcomes = [0, 0];
    for round in 0..6 {
        let (id, takes) = all.asked(&region).await;
        let answered;
        (region, answered) = killed_at(region, &all.holders[2], &to(&id, "refusal"), cuts(takes)[round]).await;
        all.at(&region);
        let (state, first, handed, holds, versions) = stored(&region, &id);
        let refused = state == "refused";
        outcomes[usize::from(refused)] += 1;
        assert!(refused || !answered, "what was answered holds");
        // Nobody is let in by it, and what the first one had handed over goes with it.
        assert_eq!((first, holds), (true, 0));
        all.member.get(&at(&all.case, "")).await.refused(409, "case_key_lost");
        let id = if refused {
            assert_eq!(handed, 0);
            all.holders[1].post(&to(&id, "agreement"), json!({})).await.refused(409, "escrow_over");
            ask(&all.case, &all.member).await;
            let again = waiting(&all.holders[0]).await;
            all.holders[0].post(&to(&again, "agreement"), json!({})).await.is(200);
            again
        } else {
            assert_eq!((state.as_str(), handed), ("waiting", 2 * versions));
            id
        };
        assert_eq!(all.holders[1].post(&to(&id, "agreement"), json!({})).await.is(200)["opened"], true);
        all.reads(&region, round + 1, ("refused", "escrow.refuse")).await;
        say(&all.case, &all.founder, "meanwhile").await;
    }
    assert!(outcomes.iter().all(|times| *times > 0), "before it was written and after: {outcomes:?}");
}
