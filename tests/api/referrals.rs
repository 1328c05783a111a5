//! Referrals: from a case room to somebody who has arrived safely, and what must never happen on the way.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::region::{Answer, Client, Region, items, text};
use support::ws_client::Incoming;
use tokio::time::sleep;

use crate::cases;
use crate::erasing::holding;

const REFERRALS: &str = "/api/referrals";
/// What the guard takes for somebody's.
const NUMBER: &str = "0101901710008";
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";
/// A word that stands in no file.
const CANARY: &str = "schwarzkanariqua";
const HOUR: i64 = 3_600;
/// The clocks are looked at every five seconds.
const WITHIN: Duration = Duration::from_secs(20);

/// Who plays: a worker of an organisation in Serbia and a colleague, somebody who answers for one in Greece, an outsider.
struct Play {
    region: Region,
    ngo: Client,
    colleague: Client,
    partner: Client,
    case: String,
    to: String,
}

async fn house(client: &Client) -> String {
    text(&client.get(&format!("/api/people/{}", client.id)).await.is(200)["organisation_id"])
}

/// Lets somebody answer for the organisation where they work.
async fn answers(region: &Region, moderator: &str, who: &Client) -> String {
    let to = house(who).await;
    let path = format!("/api/organisations/{to}/focal-points/{}", who.id);
    region.person(moderator).await.put_json(&path, json!({"theme": null})).await.is(204);
    to
}

/// A case whose child wants to go to a relative in another country, assessed.
fn sheet() -> Value {
    let mut sheet = cases::sheet();
    (sheet["bia"], sheet["bid"], sheet["needs"]) = (json!(true), json!("not_needed"), json!(["guardianship"]));
    sheet
}

async fn open_case(by: &Client, sheet: Value) -> String {
    let mut wish = cases::wish();
    wish["sheet"] = sheet;
    text(&by.post("/api/cases", wish).await.is(201)["id"])
}

/// The same people in a region; `sheet` is the case's.
async fn play(region: Region, sheet: Value) -> Play {
    let keeper = region.person("moderator.rs").await;
    let ngo = cases::person(&region, "member.rs").await;
    let colleague = cases::person(&region, "helpline.rs").await;
    let own = house(&ngo).await;
    keeper.put(&format!("/api/organisations/{own}/people/{}", colleague.id)).await.is(204);
    let partner = cases::person(&region, "guardian.gr").await;
    let to = answers(&region, "moderator.gr", &partner).await;
    let case = open_case(&ngo, sheet).await;
    cases::admit(&case, &ngo, None, &colleague).await;
    Play { region, ngo, colleague, partner, case, to }
}

impl Play {
    fn content(&self) -> Value {
        json!({"purpose": format!("A guardian there {CANARY}"), "services": ["guardianship"], "language": "fa",
            "legal_basis": "public_task", "consent": "by_guardian", "assent": "given", "child_view": "Wants to go there",
            "not_tell": "Nothing to the consulate", "channel": "primero", "contact_from": self.ngo.id, "contact_to": self.partner.id})
    }

    fn wish(&self, changes: &Value) -> Value {
        let mut content = self.content();
        for (name, value) in changes.as_object().expect("fields") {
            content[name] = value.clone();
        }
        json!({"case": self.case, "to_country": "GR", "to": self.to, "content": content})
    }

    async fn draft(&self, changes: Value) -> String {
        text(&self.ngo.post(REFERRALS, self.wish(&changes)).await.is(201)["id"])
    }

    async fn sent(&self) -> String {
        let id = self.draft(json!({})).await;
        step(&self.ngo, &id, "send", json!({})).await.is(204);
        id
    }

    async fn accepted(&self) -> String {
        let id = self.sent().await;
        step(&self.partner, &id, "acknowledge", json!({})).await.is(204);
        step(&self.partner, &id, "accept", json!({})).await.is(204);
        id
    }
}

fn path(id: &str) -> String {
    format!("{REFERRALS}/{id}")
}

async fn shown(by: &Client, id: &str) -> Value {
    by.get(&path(id)).await.is(200)
}

/// What a room's timeline tells of referrals, the latest first.
async fn told(member: &Client, case: &str) -> Vec<Value> {
    let page = member.get(&format!("/api/cases/{case}/entries?kind=event")).await.is(200);
    let of_referrals = |entry: &&Value| entry["event"]["code"].as_str().is_some_and(|code| code.starts_with("referral_"));
    items(&page).iter().filter(of_referrals).cloned().collect()
}

async fn step(by: &Client, id: &str, act: &str, more: Value) -> Answer {
    let seen = by.get(&path(id)).await;
    let mut wish = json!({"act": act, "revision": seen.json["revision"].as_i64().unwrap_or_default()});
    for (name, value) in more.as_object().expect("fields") {
        wish[name] = value.clone();
    }
    by.post(&format!("{}/steps", path(id)), wish).await
}

async fn references(by: &Client) -> Vec<String> {
    items(&by.get(REFERRALS).await.is(200)).iter().map(|each| text(&each["id"])).collect()
}

/// Waits until a referral looks so.
async fn until(by: &Client, id: &str, is: impl Fn(&Answer) -> bool) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = by.get(&path(id)).await;
        if is(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < WITHIN, "{}", answer.text);
        sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn who_has_made_new_keys_is_let_in_anew_by_the_next_step_of_the_others() {
    let play = play(Region::start(&[]).expect("a region"), sheet()).await;
    let id = play.sent().await;
    step(&play.partner, &id, "acknowledge", json!({})).await.is(204);
    step(&play.partner, &id, "ask", json!({"text": "Which script does the child read?"})).await.is(204);
    play.region.signed_in("guardian.gr").await.delete("/api/keys").await.is(204);
    let partner = cases::person(&play.region, "guardian.gr").await;
    partner.get(&path(&id)).await.refused(404, "not_found");
    step(&play.ngo, &id, "answer", json!({"text": "The Persian one"})).await.is(204);
    assert!(shown(&partner, &id).await.to_string().contains("Which script"), "what was said before, too");
    step(&partner, &id, "accept", json!({})).await.is(204);
}

#[tokio::test]
async fn a_child_is_referred_across_a_border_and_nobody_else_learns_of_it() {
    let play = play(Region::start(&[]).expect("a region"), sheet()).await;
    let (ngo, partner) = (&play.ngo, &play.partner);
    let mut others = Vec::new();
    for who in ["admin", "moderator.region", "moderator.rs", "moderator.gr", "auditor.region", "asylum.gr", "member.gr"] {
        others.push(cases::person(&play.region, who).await);
    }
    let keyless = play.region.person("forensic.rs").await;
    let mut outside = others[0].live().await;

    let id = play.draft(json!({})).await;
    partner.get(&path(&id)).await.refused(404, "not_found");
    assert!(references(partner).await.is_empty(), "a draft is for its own people");
    assert!(references(&play.colleague).await.contains(&id));
    step(ngo, &id, "send", json!({})).await.is(204);
    let seen = shown(partner, &id).await;
    assert_eq!((&seen["direction"], &seen["state"], &seen["case"]), (&json!("in"), &json!("sent"), &Value::Null));
    assert!(!seen.to_string().contains(&play.case), "the room is not theirs to know");
    assert_eq!(seen["child"], json!({"age_band": "14-15", "guardian": "appointed", "bia_done": true, "bid": "not_needed"}));
    partner.get(&format!("/api/cases/{}", play.case)).await.refused(404, "not_found");

    for (by, act, more, state) in [
        (partner, "acknowledge", json!({}), "acknowledged"),
        (partner, "ask", json!({"text": "Which script does the child read?"}), "info_requested"),
        (ngo, "answer", json!({"text": "The Persian one"}), "info_given"),
        (partner, "accept", json!({}), "accepted"),
        (ngo, "hand_over", json!({}), "handed_over"),
        (partner, "arrive", json!({}), "in_service"),
        (partner, "complete", json!({"text": "It went well"}), "completed"),
    ] {
        // No step is anybody else's, or taken twice.
        let other = if by.id == ngo.id { partner } else { ngo };
        step(other, &id, act, more.clone()).await.refused(403, "forbidden");
        step(by, &id, act, json!({"revision": 0, "text": "x"})).await.refused(409, "conflict");
        step(by, &id, act, more.clone()).await.is(204);
        step(by, &id, act, json!({"text": "again"})).await.refused(409, "referral_step");
        let seen = shown(by, &id).await;
        assert_eq!(seen["state"], state);
        if state == "handed_over" {
            assert!(seen["arrival_due"].is_string() && seen["due"] == seen["arrival_due"] && seen["overdue"] == false, "{seen}");
        }
        for who in others.iter().chain([&keyless]) {
            let (hidden, absent) = (who.get(&path(&id)).await, who.get(&path(NOBODY)).await);
            assert_eq!((hidden.status, &hidden.text), (404, &absent.text));
            let (hidden, absent) =
                (step(who, &id, "revoke", json!({"text": "t"})).await, step(who, NOBODY, "revoke", json!({})).await);
            assert_eq!((hidden.status, &hidden.text), (404, &absent.text));
        }
    }
    let events: Vec<String> =
        shown(partner, &id).await["events"].as_array().expect("events").iter().map(|each| text(&each["act"])).collect();
    assert_eq!(events, ["send", "acknowledge", "ask", "answer", "accept", "hand_over", "arrive", "complete"]);
    for who in &others {
        assert!(!references(who).await.contains(&id));
    }
    keyless.get(REFERRALS).await.refused(409, "keys_missing");
    while let Some(Incoming::Frame(frame)) = outside.next_within(Duration::from_millis(300)).await {
        assert!(!frame.to_string().contains("referral"), "{frame}");
    }
    // The room's people see in its timeline how it went on, and nobody's name who isn't in the room.
    let lines = told(ngo, &play.case).await;
    let codes: Vec<String> = lines.iter().rev().map(|entry| text(&entry["event"]["code"])).collect();
    assert_eq!(codes, events.iter().map(|act| format!("referral_{act}")).collect::<Vec<_>>());
    let named = lines.iter().filter(|entry| !entry["author"].is_null());
    assert!(named.clone().all(|entry| entry["author"]["id"] == ngo.id.as_str()) && named.count() == 3, "{lines:?}");
    // What is recorded tells nothing of what was said; nor does any file.
    let record = play.region.person("auditor.region").await.get("/api/record?act=referral.&limit=100").await.is(200);
    assert!(
        items(&record).iter().any(|row| row["act"] == "referral.hand_over" && row["detail"] == "from=accepted to=handed_over")
    );
    assert!(!record.to_string().contains(CANARY));
    play.region.stop().expect("stopped");
    assert_eq!(holding(play.region.home(), &[CANARY.as_bytes().to_vec()]), Vec::<String>::new(), "with its keys beside it");
}

#[tokio::test]
async fn nothing_leaves_without_the_childs_view_consent_and_best_interests() {
    let mut unassessed = sheet();
    unassessed["bia"] = json!(false);
    let play = play(Region::start(&[]).expect("a region"), unassessed).await;
    let (ngo, colleague) = (&play.ngo, &play.colleague);
    for (change, code) in [
        (json!({"services": ["weather"]}), "tag_unknown"),
        (json!({"language": "xx"}), "language_unknown"),
        (json!({"purpose": format!("JMBG {NUMBER}")}), "personal_data"),
        (json!({"child_view": format!("JMBG {NUMBER}")}), "personal_data"),
        (json!({"not_tell": format!("JMBG {NUMBER}")}), "personal_data"),
        (json!({"told_to": [NOBODY]}), "organisation_unknown"),
    ] {
        ngo.post(REFERRALS, play.wish(&change)).await.refused(422, code);
    }
    play.partner.post(REFERRALS, play.wish(&json!({}))).await.refused(404, "not_found");
    let send = async |changes: Value| {
        let id = play.draft(changes).await;
        let answer = step(ngo, &id, "send", json!({})).await;
        (id, answer)
    };
    let (_, silent) = send(json!({"child_view": " ", "channel": null})).await;
    assert_eq!(silent.refused(409, "referral_incomplete")["missing"], json!(["child_view", "channel"]));
    send(json!({})).await.1.refused(409, "bia_missing");
    send(json!({"consent": "refused", "legal_basis": "consent"})).await.1.refused(409, "basis_without_consent");
    send(json!({"assent": "refused"})).await.1.refused(409, "consent_missing");
    send(json!({"contact_to": ngo.id})).await.1.refused(409, "partner_unreachable");
    send(json!({"contact_from": play.partner.id})).await.1.refused(409, "contact_unreachable");

    // A second person of the sender approves what they have read, and nobody approves their own asking.
    let (id, unapproved) = send(json!({"consent": "not_asked", "override_reason": "The way is dangerous today"})).await;
    unapproved.refused(409, "override_unapproved");
    let approval = format!("{}/approval", path(&id));
    let read = json!({"revision": shown(colleague, &id).await["revision"]});
    ngo.post(&approval, read.clone()).await.refused(403, "own_request");
    play.partner.post(&approval, read.clone()).await.refused(404, "not_found");
    colleague.post(&approval, json!({"revision": 7})).await.refused(409, "conflict");
    colleague.post(&approval, read).await.is(204);
    step(ngo, &id, "send", json!({})).await.refused(409, "bia_missing");
    // What was approved is what was read: a change asks anew.
    let mut changed = play.wish(&json!({"consent": "not_asked", "override_reason": "Another reason"}));
    changed["revision"] = shown(ngo, &id).await["revision"].clone();
    ngo.put_json(&path(&id), changed.clone()).await.is(204);
    ngo.put_json(&path(&id), changed).await.refused(409, "conflict");
    step(ngo, &id, "send", json!({})).await.refused(409, "override_unapproved");

    // Once assessed it leaves; to asylum and police only as the child's side has agreed by name, and back home only determined.
    let mut room = ngo.get(&format!("/api/cases/{}", play.case)).await.is(200);
    room["sheet"]["bia"] = json!(true);
    let sheet =
        json!({"sheet": room["sheet"], "risk": "medium", "next_review": room["next_review"], "sheet_seq": room["sheet_seq"]});
    ngo.put_json(&format!("/api/cases/{}/sheet", play.case), sheet).await.is(200);
    send(json!({"services": ["return-reunification"]})).await.1.refused(409, "bid_missing");
    send(json!({})).await.1.is(204);
    let asylum = cases::person(&play.region, "asylum.gr").await;
    let walled = answers(&play.region, "moderator.gr", &asylum).await;
    let to_wall = async |changes: Value| {
        let mut wish = play.wish(&changes);
        (wish["to"], wish["content"]["contact_to"]) = (json!(walled), json!(asylum.id));
        let id = text(&ngo.post(REFERRALS, wish).await.is(201)["id"]);
        let answer = step(ngo, &id, "send", json!({})).await;
        (id, answer)
    };
    to_wall(json!({})).await.1.refused(409, "wall_consent_missing");
    let (id, answer) = to_wall(json!({"told_to": [walled], "told_by": "both"})).await;
    answer.is(204);
    assert_eq!(shown(&asylum, &id).await["walled"], true);
    asylum.get(&format!("/api/cases/{}", play.case)).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_no_names_who_is_competent_and_what_is_taken_back_is_gone() {
    let play = play(Region::start(&[]).expect("a region"), sheet()).await;
    let (ngo, partner) = (&play.ngo, &play.partner);
    let id = play.sent().await;
    step(partner, &id, "acknowledge", json!({})).await.is(204);
    step(partner, &id, "decline", json!({})).await.refused(422, "reason_missing");
    step(partner, &id, "decline", json!({"reason": "not_competent"})).await.refused(422, "reason_missing");
    step(partner, &id, "decline", json!({"reason": "not_competent", "next": play.to})).await.refused(422, "organisation_unknown");
    let other = house(&play.region.person("moderator.gr").await).await;
    step(partner, &id, "decline", json!({"reason": "not_competent", "next": other})).await.is(204);
    let seen = shown(ngo, &id).await;
    assert_eq!((&seen["state"], &seen["events"][2]["next"]["id"]), (&json!("declined"), &json!(other)));

    let id = play.accepted().await;
    step(ngo, &id, "hand_over", json!({"text": format!("JMBG {NUMBER}")})).await.refused(422, "personal_data");
    step(ngo, &id, "hand_over", json!({})).await.is(204);
    step(ngo, &id, "revoke", json!({"text": "Not today"})).await.refused(409, "child_not_accounted_for");
    step(ngo, &id, "revoke", json!({"text": "Not today", "child_is_safe": true})).await.is(204);
    partner.get(&path(&id)).await.refused(404, "not_found");
    assert!(!references(partner).await.contains(&id));
    assert_eq!(shown(ngo, &id).await["state"], "revoked");

    // Who leaves the room, or no longer answers for the other side, reads nothing more.
    let id = play.sent().await;
    assert_eq!(shown(&play.colleague, &id).await["direction"], "out");
    ngo.delete(&format!("/api/cases/{}/members/{}", play.case, play.colleague.id)).await.is(204);
    play.colleague.get(&path(&id)).await.refused(404, "not_found");
    let focal = format!("/api/organisations/{}/focal-points/{}", play.to, partner.id);
    play.region.person("moderator.gr").await.delete(&focal).await.is(204);
    partner.get(&path(&id)).await.refused(404, "not_found");
    assert!(references(partner).await.is_empty());
}

#[tokio::test]
async fn partners_are_found_by_service_places_and_language_and_why_not_is_said() {
    let play = play(Region::start(&[]).expect("a region"), sheet()).await;
    let (ngo, partner) = (&play.ngo, &play.partner);
    let find = async |query: &str| items(&ngo.get(&format!("{REFERRALS}/partners?country=GR&{query}")).await.is(200)).clone();
    let found = find("services=guardianship,legal-aid&language=fa").await;
    assert_eq!(
        (&found[0]["organisation"]["id"], &found[0]["why_not"], &found[0]["lacks"]),
        (&json!(play.to), &Value::Null, &json!([]))
    );
    assert!(found[1..].iter().any(|each| each["why_not"] == "no_focal_point"), "{found:?}");
    let capacity = |word: &str| json!({"organisation": play.to, "capacity": word});
    ngo.put_json(&format!("{REFERRALS}/capacities"), capacity("open")).await.refused(403, "forbidden");
    partner.put_json(&format!("{REFERRALS}/capacities"), capacity("full")).await.is(204);
    assert_eq!(items(&partner.get(&format!("{REFERRALS}/capacities")).await.is(200))[0]["capacity"], "full");
    let full = find("services=guardianship").await;
    assert!(full.iter().any(|each| each["organisation"]["id"] == play.to.as_str() && each["why_not"] == "full"), "{full:?}");
    ngo.get(&format!("{REFERRALS}/partners?country=FR")).await.refused(422, "tag_unknown");
    let police = find("services=police-judicial-cooperation").await;
    assert!(police.iter().any(|each| each["walled"] == true), "{police:?}");
}

#[tokio::test]
async fn silence_after_a_hand_over_opens_the_checklist_and_what_nobody_answers_expires() {
    let play = play(Region::start_with_clock().expect("a region"), sheet()).await;
    let waiting = play.sent().await;
    let id = play.accepted().await;
    step(&play.ngo, &id, "hand_over", json!({})).await.is(204);
    assert_eq!(shown(&play.ngo, &id).await["alarm"], Value::Null);
    play.ngo.put(&format!("{}/checklist/call_116000", path(&id))).await.refused(409, "referral_step");
    play.region.advance(48 * HOUR + 60).await;
    let (ngo, partner) = (cases::person(&play.region, "member.rs").await, cases::person(&play.region, "guardian.gr").await);
    let late = until(&ngo, &id, |answer| answer.json["alarm"].is_object()).await.json;
    assert_eq!((&late["state"], &late["overdue"]), (&json!("handed_over"), &json!(true)));
    assert_eq!(late["alarm"]["numbers"][1]["missing_children"]["number"], "116 000");
    assert_eq!(late["alarm"]["steps"].as_array().map(Vec::len), Some(9));
    assert_eq!(items(&partner.get(REFERRALS).await.is(200))[0]["id"], json!(id), "a missing child comes first, on both sides");
    partner.put(&format!("{}/checklist/call_116000", path(&id))).await.is(204);
    partner.put(&format!("{}/checklist/wait", path(&id))).await.refused(404, "not_found");
    let ticked = shown(&ngo, &id).await["alarm"]["steps"][3].clone();
    assert_eq!((&ticked["step"], &ticked["done_by"]["id"]), (&json!("call_116000"), &json!(partner.id)));
    ngo.delete(&format!("{}/checklist/call_116000", path(&id))).await.is(204);
    step(&partner, &id, "arrive", json!({})).await.is(204);
    let arrived = shown(&ngo, &id).await;
    assert_eq!(
        (&arrived["state"], &arrived["alarm"]["ended"], &arrived["arrival_due"]),
        (&json!("in_service"), &json!(true), &Value::Null)
    );
    let acts: Vec<String> = arrived["events"].as_array().expect("events").iter().map(|each| text(&each["act"])).collect();
    assert!(acts.ends_with(&["hand_over".into(), "alarm".into(), "arrive".into()]), "{acts:?}");

    play.region.advance(13 * 24 * HOUR).await;
    let (ngo, partner) = (cases::person(&play.region, "member.rs").await, cases::person(&play.region, "guardian.gr").await);
    until(&ngo, &waiting, |answer| answer.json["state"] == "expired").await;
    partner.get(&path(&waiting)).await.refused(404, "not_found");
    assert_eq!(shown(&ngo, &id).await["state"], "in_service", "no child expires");
    let lines = told(&ngo, &play.case).await;
    let by_itself =
        lines.iter().filter(|entry| entry["event"]["code"] == "referral_alarm" || entry["event"]["code"] == "referral_expire");
    let by_itself: Vec<_> = by_itself.map(|entry| (text(&entry["event"]["to"]), entry["author"].is_null())).collect();
    let reference = async |id: &str| text(&shown(&ngo, id).await["reference"]);
    assert_eq!(by_itself, [(reference(&waiting).await, true), (reference(&id).await, true)]);
    step(&partner, &id, "complete", json!({})).await.is(204);
    // Kept to answer for it, then erased for good.
    play.region.advance(91 * 24 * HOUR).await;
    let ngo = cases::person(&play.region, "member.rs").await;
    until(&ngo, &id, |answer| answer.status == 404).await;
    assert!(!references(&ngo).await.contains(&id));
}

#[tokio::test]
async fn a_referral_of_an_exercise_reaches_its_people_alone_and_is_gone_with_it() {
    let mut play = play(Region::start(&[]).expect("a region"), sheet()).await;
    let leader = play.region.person("moderator.rs").await;
    let start = async |people: Value| {
        let ends = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(5)).to_string();
        let wish =
            json!({"title": "Made up", "scenario": "s", "language": "en", "country": "RS", "people": people, "ends_at": ends});
        text(&leader.post("/api/exercises", wish).await.is(201)["id"])
    };
    let earnest = play.sent().await;
    let exercise = start(json!([play.ngo.id, play.colleague.id, play.partner.id])).await;
    let without = start(json!([play.ngo.id, play.colleague.id])).await;
    let mut wish = cases::wish();
    (wish["sheet"], wish["exercise"]) = (sheet(), without.as_str().into());
    play.case = text(&play.ngo.post("/api/cases", wish.clone()).await.is(201)["id"]);
    cases::admit(&play.case, &play.ngo, None, &play.colleague).await;
    let nowhere = play.draft(json!({})).await;
    step(&play.ngo, &nowhere, "send", json!({})).await.refused(409, "partner_unreachable");
    play.partner.get(&path(&nowhere)).await.refused(404, "not_found");
    wish["exercise"] = exercise.as_str().into();
    play.case = text(&play.ngo.post("/api/cases", wish).await.is(201)["id"]);
    cases::admit(&play.case, &play.ngo, None, &play.colleague).await;
    let id = play.sent().await;
    assert_eq!(shown(&play.partner, &id).await["exercise"], exercise.as_str());
    leader.put(&format!("/api/exercises/{exercise}/end")).await.is(204);
    until(&play.partner, &id, |answer| answer.status == 404).await;
    play.ngo.get(&path(&id)).await.refused(404, "not_found");
    assert_eq!(shown(&play.partner, &earnest).await["state"], "sent", "what is earnest stays");
}

#[tokio::test]
async fn a_server_that_is_killed_at_the_hand_over_leaves_no_state_in_between() {
    let mut play = play(Region::start(&[]).expect("a region"), sheet()).await;
    for round in 0..4_u64 {
        let id = play.accepted().await;
        let wish = json!({"act": "hand_over", "revision": shown(&play.ngo, &id).await["revision"]});
        let posting = play.ngo.clone();
        let steps = format!("{}/steps", path(&id));
        let posted = tokio::spawn(async move { posting.post(&steps, wish).await.status });
        sleep(Duration::from_micros(400 * round)).await;
        play.region.kill().expect("killed");
        // A line that breaks off is no answer.
        let answered = posted.await.is_ok_and(|status| status == 204);
        play.region = play.region.started_again().expect("served again");
        play.ngo = cases::person(&play.region, "member.rs").await;
        play.partner = cases::person(&play.region, "guardian.gr").await;
        let seen = shown(&play.ngo, &id).await;
        let handed = seen["state"] == "handed_over";
        assert!(handed || seen["state"] == "accepted", "{seen}");
        assert!(handed || !answered, "what was acknowledged is there");
        let said = seen["events"].as_array().expect("events").iter().filter(|each| each["act"] == "hand_over").count();
        let lines = told(&play.ngo, &play.case).await;
        let lines = lines.iter().filter(|each| each["event"]["to"] == seen["reference"]);
        let lines = lines.filter(|each| each["event"]["code"] == "referral_hand_over");
        assert_eq!((said, lines.count(), seen["arrival_due"].is_string()), (usize::from(handed), usize::from(handed), handed));
        let step_again = step(&play.ngo, &id, "hand_over", json!({})).await;
        assert_eq!(step_again.status, if handed { 409 } else { 204 });
        assert_eq!(shown(&play.partner, &id).await["state"], "handed_over");
    }
}
