//! Case rooms: who knows of them, who comes in, what takes two, what a step waits for, and what their clocks do.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use support::region::{Answer, Client, Region, items, text};
use tokio::time::sleep;
use uuid::Uuid;

use crate::erasing::WITHIN;

const CASES: &str = "/api/cases";
/// What the guard takes for somebody's.
const NUMBER: &str = "0101901710008";

/// Somebody whose keys are open, made now or before.
pub async fn keyed(region: &Region, client: &Client) -> Client {
    let password = json!({"password": region.password()});
    let made = client.post("/api/keys", password.clone()).await;
    let made = if made.status == 409 { client.post("/api/keys/opening", password).await } else { made };
    client.with("x-egida-unlock", &text(&made.is(201)["secret"]))
}

pub async fn person(region: &Region, handle: &str) -> Client {
    keyed(region, &region.person(handle).await).await
}

/// A day so many days from now.
pub fn day(ahead: i64) -> String {
    (Timestamp::now() + SignedDuration::from_hours(24 * ahead)).strftime("%F").to_string()
}

pub fn sheet() -> Value {
    json!({"age_band": "14-15", "company": "unaccompanied", "needs": ["shelter"], "consent": "by_guardian", "assent": true,
        "bid": "pending", "guardian": "appointed", "themes": ["forced-begging"], "countries": ["RS"]})
}

pub fn wish() -> Value {
    json!({"sheet": sheet(), "risk": "medium", "next_review": day(30)})
}

pub fn at(case: &str, part: &str) -> String {
    format!("{CASES}/{case}{part}")
}

/// Opens a room: its id.
pub async fn open(founder: &Client) -> String {
    text(&founder.post(CASES, wish()).await.is(201)["id"])
}

fn member(person: &Client) -> Value {
    json!({"account": person.id, "mandate": "lawyer", "ground": "service"})
}

/// Lets somebody in, whom a second member confirms where that is needed.
pub async fn admit(case: &str, founder: &Client, second: Option<&Client>, newcomer: &Client) {
    let invited = founder.post(&at(case, "/members"), member(newcomer)).await.is(201);
    if invited["state"] == "proposed" {
        let waiting = founder.get(&at(case, "")).await.is(200)["proposals"].clone();
        let found = waiting.as_array().expect("proposals").iter().find(|one| one["kind"] == "admission").cloned();
        let id = text(&found.expect("an admission")["id"]);
        second.expect("a second member").post(&at(case, &format!("/proposals/{id}/confirmation")), json!({})).await.is(204);
    }
    newcomer.post(&at(case, "/acceptance"), json!({"terms": terms(newcomer).await})).await.is(204);
}

async fn terms(client: &Client) -> Value {
    client.get(CASES).await.is(200)["terms"].clone()
}

pub async fn say(case: &str, author: &Client, body: &str) -> Value {
    author.post(&at(case, "/entries"), json!({"content": {"kind": "message", "body": body}})).await.is(201)
}

/// What is said in a room, the latest first.
async fn said(case: &str, reader: &Client) -> Vec<Value> {
    let page = reader.get(&at(case, "/entries?kind=message")).await.is(200);
    items(&page).iter().map(|entry| entry["content"]["body"].clone()).collect()
}

/// An answer without what differs from one to the next for everybody.
fn bare(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
    headers.sort();
    (answer.status, answer.text.clone(), headers)
}

/// Every route of a room, with a body that could be taken.
fn routes(account: &str) -> Vec<(Method, String, Option<Value>)> {
    let (nobody, content) = (Uuid::now_v7(), json!({"kind": "note", "text": "n"}));
    vec![
        (Method::GET, String::new(), None),
        (Method::PUT, "/sheet".into(), Some(json!({"sheet": sheet(), "risk": "low", "next_review": day(3), "sheet_seq": 2}))),
        (Method::PUT, "/phase".into(), Some(json!({"to": "assessment"}))),
        (Method::PUT, "/side".into(), Some(json!({"side": null}))),
        (Method::POST, "/missing".into(), None),
        (Method::POST, "/members".into(), Some(json!({"account": account, "mandate": "lawyer", "ground": "service"}))),
        (Method::PATCH, format!("/members/{account}"), Some(json!({"expires_at": day(9)}))),
        (Method::DELETE, format!("/members/{account}"), None),
        (Method::POST, "/acceptance".into(), Some(json!({"terms": "2026-11"}))),
        (Method::DELETE, "/acceptance".into(), None),
        (Method::POST, "/proposals".into(), Some(json!({"kind": "erasure"}))),
        (Method::POST, format!("/proposals/{nobody}/confirmation"), None),
        (Method::DELETE, format!("/proposals/{nobody}"), None),
        (Method::GET, "/entries".into(), None),
        (Method::POST, "/entries".into(), Some(json!({"content": content}))),
        (Method::PUT, format!("/entries/{nobody}"), Some(json!({"content": content, "seq": 1}))),
        (Method::DELETE, format!("/entries/{nobody}"), None),
        (Method::POST, "/files".into(), Some(json!({"file": nobody, "name": "n.txt"}))),
        (Method::GET, format!("/files/{nobody}/content"), None),
        (Method::POST, "/search".into(), Some(json!({"q": "word"}))),
        (Method::GET, "/minutes".into(), None),
        (Method::GET, "/record".into(), None),
        (Method::GET, "/escrow".into(), None),
        (Method::POST, "/escrow".into(), None),
    ]
}

#[tokio::test]
async fn nobody_who_is_not_in_it_learns_that_a_room_is_there() {
    let region = Region::shared();
    let founder = person(&region, "social.xk").await;
    let case = open(&founder).await;
    let nowhere = Uuid::now_v7().to_string();
    // With open keys and without; by a power, by nothing, by work of the same kind.
    let mut others = vec![person(&region, "admin").await, person(&region, "moderator.xk").await];
    for handle in ["moderator.region", "auditor.region", "member.rs", "pending.ro"] {
        others.push(region.person(handle).await);
    }
    for other in &others {
        for (method, path, body) in routes(&founder.id) {
            let there = other.send(method.clone(), &at(&case, &path), body.clone()).await;
            let not = other.send(method.clone(), &at(&nowhere, &path), body).await;
            assert_eq!((there.status, bare(&there)), (404, bare(&not)), "{method} {path}");
        }
        let board = other.get(CASES).await.is(200).to_string();
        assert!(!board.contains(&case), "{board}");
    }
    // Who is invited knows by whom, for what and what it is called; and can say yes or no.
    let (guest, reference) =
        (person(&region, "guardian.gr").await, founder.get(&at(&case, "")).await.is(200)["reference"].clone());
    say(&case, &founder, "before anybody else came").await;
    founder.post(&at(&case, "/members"), member(&guest)).await.is(201);
    let board = guest.get(CASES).await.is(200);
    let invitation = &board["invitations"][0];
    assert_eq!((&invitation["reference"], &invitation["mandate"]), (&reference, &json!("lawyer")));
    assert_eq!(invitation["invited_by"]["id"], founder.id.as_str());
    assert!(items(&board).is_empty());
    for (method, path, body) in routes(&guest.id).into_iter().filter(|(_, path, _)| path != "/acceptance") {
        let there = guest.send(method.clone(), &at(&case, &path), body.clone()).await;
        let not = guest.send(method.clone(), &at(&nowhere, &path), body).await;
        assert_eq!((there.status, bare(&there)), (404, bare(&not)), "{method} {path}");
    }
    guest.post(&at(&case, "/acceptance"), json!({"terms": "older"})).await.refused(409, "case_terms_changed");
    guest.post(&at(&case, "/acceptance"), json!({"terms": board["terms"]})).await.is(204);
    assert_eq!(said(&case, &guest).await, ["before anybody else came"], "a member reads what was said before");
    // A stolen session without the secret of its tab opens nothing, and is told so only where it may know.
    let stolen = region.person("guardian.gr").await;
    stolen.get(&at(&case, "")).await.refused(423, "keys_locked");
    stolen.post(&at(&case, "/search"), json!({"q": "before"})).await.refused(423, "keys_locked");
    let card = items(&stolen.get(CASES).await.is(200))[0].clone();
    assert_eq!((&card["reference"], &card["brief"]), (&reference, &json!(null)));
    // Members see who has looked.
    let looked = guest.get(&at(&case, "/record")).await.is(200);
    let has = |act: &str, by: &Client| items(&looked).iter().any(|row| row["act"] == act && row["by"]["id"] == by.id.as_str());
    assert!(has("case.open", &founder) && has("case.accept", &guest) && has("case.read", &guest), "{looked}");
    // The administrator learns of nothing from the list of files, either, nor from the search.
    let hits = others[0].get("/api/search?q=before+anybody+else").await.is(200);
    assert!(!hits.to_string().contains("anybody else came"), "{hits}");
}

#[tokio::test]
async fn outsiders_and_administrators_take_two_and_all_see_it() {
    let region = Region::shared();
    let (founder, second) = (person(&region, "moderator.ba").await, person(&region, "ngo.ba").await);
    let case = open(&founder).await;
    let nobody = region.person("psychologist.bg").await;
    founder.post(&at(&case, "/members"), member(&nobody)).await.refused(409, "case_no_keys");
    founder.post(&at(&case, "/members"), member(&region.person("pending.ro").await)).await.refused(422, "case_member_unknown");
    admit(&case, &founder, None, &second).await;
    let (admin, stranger) = (person(&region, "admin").await, person(&region, "lawyer.md").await);
    for newcomer in [&admin, &stranger] {
        let asked = founder.post(&at(&case, "/members"), member(newcomer)).await.is(201);
        assert_eq!(asked["state"], "proposed");
        assert!(newcomer.get(CASES).await.is(200)["invitations"].as_array().is_some_and(Vec::is_empty), "not yet");
    }
    founder.post(&at(&case, "/members"), member(&stranger)).await.refused(409, "case_member_already");
    let waiting = second.get(&at(&case, "")).await.is(200)["proposals"].clone();
    let (of_admin, of_stranger) = (text(&waiting[0]["id"]), text(&waiting[1]["id"]));
    let confirm = |id: &str| at(&case, &format!("/proposals/{id}/confirmation"));
    founder.post(&confirm(&of_admin), json!({})).await.refused(403, "case_own_proposal");
    second.delete(&at(&case, &format!("/proposals/{of_admin}"))).await.is(204);
    second.post(&confirm(&of_stranger), json!({})).await.is(204);
    stranger.post(&at(&case, "/acceptance"), json!({"terms": terms(&stranger).await})).await.is(204);
    let told = founder.get(&at(&case, "/entries?kind=event")).await.is(200);
    let codes: Vec<String> = items(&told).iter().rev().map(|entry| text(&entry["event"]["code"])).collect();
    let then = ["opened", "invited", "accepted", "proposed", "proposed", "dropped", "confirmed", "invited", "accepted"];
    assert_eq!(codes, then);
    let shown = second.get(&at(&case, "")).await.is(200);
    let of = |id: &str| shown["members"].as_array().and_then(|all| all.iter().find(|one| one["who"]["id"] == id)).cloned();
    assert_eq!(of(&admin.id).map(|one| one["state"].clone()), Some(json!("declined")));
    assert_eq!(of(&stranger.id).map(|one| one["confirmed_by"]["id"].clone()), Some(json!(second.id)));
    admin.get(&at(&case, "")).await.refused(404, "not_found");
    // Police and asylum come in when the child's side agrees, and not before.
    let police = person(&region, "police.mk").await;
    founder.post(&at(&case, "/members"), member(&police)).await.refused(409, "case_consent_missing");
    let mut agreed = json!({"sheet": sheet(), "risk": "medium", "next_review": day(30), "sheet_seq": shown["sheet_seq"]});
    agreed["sheet"]["authorities"] = true.into();
    founder.put_json(&at(&case, "/sheet"), agreed.clone()).await.is(200);
    founder.put_json(&at(&case, "/sheet"), agreed).await.refused(409, "conflict");
    assert_eq!(founder.post(&at(&case, "/members"), member(&police)).await.is(201)["state"], "proposed");
}

#[tokio::test]
async fn who_is_put_out_opens_nothing_that_comes_after() {
    let region = Region::shared();
    let (founder, partner) = (person(&region, "moderator.me").await, person(&region, "guardian.hr").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &partner).await;
    say(&case, &founder, "said to both").await;
    assert_eq!(said(&case, &partner).await, ["said to both"]);
    founder.delete(&at(&case, &format!("/members/{}", founder.id))).await.refused(409, "case_last_of_lead");
    partner.delete(&at(&case, &format!("/members/{}", founder.id))).await.refused(403, "case_not_lead");
    founder.delete(&at(&case, &format!("/members/{}", partner.id))).await.is(204);
    let after = say(&case, &founder, "said to one").await;
    partner.get(&at(&case, "/entries")).await.refused(404, "not_found");
    founder.delete(&at(&case, &format!("/members/{}", founder.id))).await.refused(409, "case_last_member");
    // In storage: nothing of the room is sealed to them any more, and what came after has a version that they never held.
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("a database");
    let id = |text: &str| text.parse::<Uuid>().expect("an id");
    let held = |account: &str| -> i64 {
        let sql = "SELECT count(*) FROM sealed_space_key WHERE space = ?1 AND account = ?2";
        database.query_row(sql, rusqlite::params![id(&case), id(account)], |row| row.get(0)).expect("a count")
    };
    assert_eq!((held(&partner.id), held(&founder.id)), (0, 2));
    let version = |seq: i64| -> Vec<u8> {
        let sql = "SELECT substr(sealed, 1, 8) FROM case_entry WHERE room = ?1 AND seq = ?2";
        database.query_row(sql, rusqlite::params![id(&case), seq], |row| row.get(0)).expect("an entry")
    };
    assert_eq!(version(after["seq"].as_i64().expect("a number")), 2_i64.to_be_bytes());
    // Invited anew they read on.
    admit(&case, &founder, None, &partner).await;
    assert_eq!(said(&case, &partner).await.len(), 2);
    // Who leaves has left; the next one who writes begins a version.
    partner.delete(&at(&case, &format!("/members/{}", partner.id))).await.is(204);
    partner.get(&at(&case, "")).await.refused(404, "not_found");
    let last = say(&case, &founder, "said alone").await;
    assert_eq!(version(last["seq"].as_i64().expect("a number")), 3_i64.to_be_bytes());
}

#[tokio::test]
async fn steps_wait_for_what_is_missing_and_closing_takes_two() {
    let region = Region::shared();
    let (founder, partner) = (person(&region, "moderator.mk").await, person(&region, "ngo.mk").await);
    for (change, code) in [
        (json!({"next_review": day(91)}), "case_review_too_far"),
        (json!({"next_review": day(-1)}), "case_review_invalid"),
        (json!({"risk": "high"}), "case_review_too_far"),
        (json!({"marking": "green"}), "marking_unknown"),
    ] {
        let mut wish = wish();
        for (name, value) in change.as_object().expect("fields") {
            wish[name] = value.clone();
        }
        founder.post(CASES, wish).await.refused(422, code);
    }
    region.person("teacher.xk").await.post(CASES, wish()).await.refused(403, "case_not_opened_by");
    let case = open(&founder).await;
    admit(&case, &founder, None, &partner).await;
    let step = async |to: &str| founder.put_json(&at(&case, "/phase"), json!({"to": to})).await;
    let shown = founder.get(&at(&case, "")).await.is(200);
    assert_eq!(shown["steps"][0], json!({"to": "assessment", "missing": []}));
    step("planning").await.refused(409, "case_step");
    step("assessment").await.is(200);
    assert_eq!(founder.get(&at(&case, "")).await.is(200)["steps"][0], json!({"to": "planning", "missing": ["bia"]}));
    let refused = step("planning").await;
    assert_eq!((refused.status, &refused.json["missing"]), (409, &json!(["bia"])));
    partner.put_json(&at(&case, "/phase"), json!({"to": "planning"})).await.refused(403, "case_not_lead");
    let mut assessed = json!({"sheet": sheet(), "risk": "high", "next_review": day(14), "sheet_seq": shown["sheet_seq"]});
    assessed["sheet"]["bia"] = true.into();
    founder.put_json(&at(&case, "/sheet"), assessed).await.is(200);
    step("planning").await.is(200);
    assert_eq!(step("implementation").await.json["missing"], json!(["tasks"]));
    let write = async |who: &Client, content: Value| who.post(&at(&case, "/entries"), json!({"content": content})).await;
    let task = json!({"kind": "task", "title": "Find a place", "owner": partner.id, "due": day(2)});
    write(&founder, task).await.is(201);
    step("implementation").await.is(200);
    // No return is decided before the formal determination.
    let decision = json!({"kind": "decision", "about": "return", "text": "Back"});
    write(&founder, decision).await.refused(409, "case_bid_missing");
    // Closing: proposed by one, done by another, and not before a lost child's checklist is worked off.
    let wish = json!({"kind": "closure", "reason": "contact_lost", "report": "The plan was carried out", "retention_days": 30});
    partner.post(&at(&case, "/proposals"), wish.clone()).await.refused(403, "case_not_lead");
    let proposal = text(&founder.post(&at(&case, "/proposals"), wish.clone()).await.is(201)["id"]);
    founder.post(&at(&case, "/proposals"), wish).await.refused(409, "case_proposed");
    let confirmation = at(&case, &format!("/proposals/{proposal}/confirmation"));
    founder.post(&confirmation, json!({})).await.refused(403, "case_own_proposal");
    assert_eq!(partner.post(&confirmation, json!({})).await.json["missing"], json!(["checklist"]));
    let tasks = partner.get(&at(&case, "/entries?kind=task")).await.is(200);
    let checklist: Vec<&Value> = items(&tasks).iter().filter(|task| !task["content"]["code"].is_null()).collect();
    assert_eq!(checklist.len(), 6);
    for task in checklist {
        let mut done = task["content"].clone();
        done["done"] = true.into();
        let change = json!({"content": done, "seq": task["seq"]});
        partner.put_json(&at(&case, &format!("/entries/{}", text(&task["item"]))), change).await.is(200);
    }
    partner.post(&confirmation, json!({})).await.is(204);
    let closed = partner.get(&at(&case, "")).await.is(200);
    assert_eq!((&closed["phase"], &closed["closing"]["report"]), (&json!("closed"), &json!("The plan was carried out")));
    assert_eq!(closed["retention_until"], day(30));
    write(&founder, json!({"kind": "note", "text": "late"})).await.refused(409, "case_closed");
}

#[tokio::test]
async fn what_is_written_is_looked_at_before_it_is_sealed() {
    let region = Region::shared();
    let (founder, partner) = (person(&region, "moderator.rs").await, person(&region, "interpreter.ro").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &partner).await;
    let entries = at(&case, "/entries");
    let message = |body: &str| json!({"content": {"kind": "message", "body": body}});
    for content in [
        json!({"kind": "message", "body": format!("JMBG {NUMBER}")}),
        json!({"kind": "task", "title": format!("Call {NUMBER}")}),
        json!({"kind": "topic", "title": format!("About {NUMBER}")}),
        json!({"kind": "meeting", "on": "2026-12-01T09:00:00Z", "how": "phone", "minutes": format!("Of {NUMBER}")}),
        json!({"kind": "decision", "about": "plan", "text": "Plan", "ground": format!("JMBG {NUMBER}")}),
    ] {
        founder.post(&entries, json!({"content": content})).await.refused(422, "personal_data");
    }
    let mut named = wish();
    named["sheet"]["name"] = "somebody".into();
    assert_eq!(founder.post(CASES, named).await.status, 400, "there is no such field");
    let long = "a long story ".repeat(200);
    founder.post(&entries, message(&long)).await.refused(422, "case_is_this_the_file");
    let mut sure = message(&long);
    sure["confirmed"] = true.into();
    founder.post(&entries, sure).await.is(201);
    // Sent again under its own id it is written once.
    let mut once = message("once");
    once["item"] = json!(Uuid::now_v7());
    let first = founder.post(&entries, once.clone()).await.is(201);
    assert_eq!(founder.post(&entries, once).await.is(201), first);
    // No laxer than its room; RED is for people in person, and is noted and not printed.
    let mut red = message("for those here alone");
    red["marking"] = "red".into();
    let red = text(&founder.post(&entries, red).await.is(201)["item"]);
    let mut lax = message("openly");
    lax["marking"] = "clear".into();
    founder.post(&entries, lax).await.is(201);
    let page = partner.get(&entries).await.is(200);
    let of = |item: &str| items(&page).iter().find(|entry| entry["item"] == item).cloned().expect("an entry");
    assert_eq!((&of(&red)["marking"], &of(&red)["content"]), (&json!("red"), &json!(null)), "a program gets nothing RED");
    assert_eq!(items(&page)[0]["marking"], "amber+strict");
    let in_person = keyed(&region, &region.signed_in("interpreter.ro").await).await;
    let seen = in_person.get(&entries).await.is(200).to_string();
    assert!(seen.contains("for those here alone"));
    let found = in_person.post(&at(&case, "/search"), json!({"q": "alone here"})).await.is(200);
    assert_eq!(items(&found)[0]["item"], red.as_str());
    let minutes = in_person.get(&at(&case, &format!("/minutes?from={}", day(-1)))).await.is(200);
    assert!(!minutes.to_string().contains("for those here alone"));
    // Only authors reword and delete what they have said; of what was deleted no wording stays.
    let own = format!("{entries}/{}", text(&first["item"]));
    let reworded = json!({"content": {"kind": "message", "body": "twice"}, "seq": first["seq"]});
    partner.put_json(&own, reworded.clone()).await.refused(403, "forbidden");
    founder.put_json(&own, reworded.clone()).await.is(200);
    founder.put_json(&own, reworded).await.refused(409, "conflict");
    partner.delete(&own).await.refused(403, "forbidden");
    founder.delete(&own).await.is(204);
    founder.delete(&own).await.refused(404, "not_found");
    let bodies = said(&case, &founder).await;
    assert!(bodies.contains(&json!(null)) && !bodies.contains(&json!("twice")));
}

#[tokio::test]
async fn a_room_is_handed_over_when_the_new_lead_takes_it() {
    let region = Region::shared();
    let (founder, taker) = (person(&region, "moderator.al").await, person(&region, "prosecutor.ba").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &taker).await;
    let shown = taker.get(&at(&case, "")).await.is(200);
    let house = |of: &Client| {
        let members = shown["members"].as_array().expect("members");
        let found = members.iter().find(|one| one["who"]["id"] == of.id.as_str());
        text(&found.expect("a member")["who"]["organisation"])
    };
    let offer = |organisation: &str| json!({"kind": "handover", "organisation": organisation});
    let other = Uuid::now_v7().to_string();
    founder.post(&at(&case, "/proposals"), offer(&other)).await.refused(409, "case_handover_nobody");
    taker.post(&at(&case, "/proposals"), offer(&house(&taker))).await.refused(403, "case_not_lead");
    let offered = text(&founder.post(&at(&case, "/proposals"), offer(&house(&taker))).await.is(201)["id"]);
    taker.put_json(&at(&case, "/phase"), json!({"to": "assessment"})).await.refused(403, "case_not_lead");
    founder.post(&at(&case, &format!("/proposals/{offered}/confirmation")), json!({})).await.refused(403, "case_own_proposal");
    taker.post(&at(&case, &format!("/proposals/{offered}/confirmation")), json!({})).await.is(204);
    founder.put_json(&at(&case, "/phase"), json!({"to": "assessment"})).await.refused(403, "case_not_lead");
    taker.put_json(&at(&case, "/phase"), json!({"to": "assessment"})).await.is(200);
    assert_eq!(taker.get(&at(&case, "")).await.is(200)["lead"]["id"], house(&taker));
}

#[tokio::test]
async fn clocks_end_mandates_and_closed_rooms_and_exercises() {
    let region = Region::start_with_clock().expect("a region");
    let (founder, partner) = (person(&region, "social.xk").await, person(&region, "ngo.ba").await);
    let case = open(&founder).await;
    let mut short = member(&partner);
    short["expires_at"] = day(1).into();
    founder.post(&at(&case, "/members"), short).await.is(201);
    partner.post(&at(&case, "/acceptance"), json!({"terms": terms(&partner).await})).await.is(204);
    assert_eq!(partner.get(&at(&case, "")).await.status, 200);
    region.advance(3 * 24 * 3_600).await;
    let begun = Instant::now();
    while region.person("ngo.ba").await.get(&at(&case, "/record")).await.status != 404 {
        assert!(begun.elapsed() < WITHIN, "a mandate that has run out");
        sleep(std::time::Duration::from_millis(200)).await;
    }
    // The founder's tab is older than a session now: opened anew.
    let founder = person(&region, "social.xk").await;
    let late = say(&case, &founder, "after they had to go").await;
    assert_eq!(founder.get(&at(&case, "")).await.is(200)["members"][1]["state"], "expired");
    assert!(late["seq"].as_i64().is_some());
    region.advance(40 * 24 * 3_600).await;
    let founder = person(&region, "social.xk").await;
    let card = items(&founder.get(CASES).await.is(200))[0].clone();
    assert_eq!(card["overdue"], true, "its review was due");
    let partner = person(&region, "ngo.ba").await;
    admit(&case, &founder, None, &partner).await;
    let wish = json!({"kind": "closure", "reason": "completed", "report": "Done", "retention_days": 30});
    let proposal = text(&founder.post(&at(&case, "/proposals"), wish).await.is(201)["id"]);
    partner.post(&at(&case, &format!("/proposals/{proposal}/confirmation")), json!({})).await.is(204);
    region.advance(31 * 24 * 3_600).await;
    let begun = Instant::now();
    while region.person("social.xk").await.get(&at(&case, "/record")).await.status != 404 {
        assert!(begun.elapsed() < WITHIN, "a closed room whose time is over");
        sleep(std::time::Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn what_is_made_up_for_an_exercise_is_for_its_people_and_goes_with_it() {
    let region = Region::start(&[]).expect("a region");
    let (leader, one) = (person(&region, "moderator.ro").await, person(&region, "social.ro").await);
    let outsider = person(&region, "ngo.mk").await;
    let ends = (Timestamp::now() + SignedDuration::from_hours(5)).to_string();
    let exercise = json!({"title": "Market day", "scenario": "Two children", "language": "en", "country": "RO",
        "people": [one.id], "ends_at": ends});
    let exercise = text(&leader.post("/api/exercises", exercise).await.is(201)["id"]);
    let mut wish = wish();
    wish["exercise"] = exercise.as_str().into();
    outsider.post(CASES, wish.clone()).await.refused(409, "case_not_in_exercise");
    let case = text(&leader.post(CASES, wish).await.is(201)["id"]);
    leader.post(&at(&case, "/members"), member(&outsider)).await.refused(409, "case_not_in_exercise");
    admit(&case, &leader, None, &one).await;
    assert_eq!(items(&one.get(CASES).await.is(200))[0]["exercise"], exercise.as_str());
    leader.put(&format!("/api/exercises/{exercise}/end")).await.is(204);
    let begun = Instant::now();
    while one.get(&at(&case, "")).await.status != 404 {
        assert!(begun.elapsed() < WITHIN, "the room of an exercise that is over");
        sleep(std::time::Duration::from_millis(200)).await;
    }
}
