//! Coordination requests: who knows of one, its steps, its clock, its end; and that nothing of it is anywhere else.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::region::{Answer, Client, Region, items, text};
use tokio::time::sleep;

const REQUESTS: &str = "/api/requests";
/// What the guard takes for somebody's.
const NUMBER: &str = "0101901710008";
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";
const CANARY: &str = "zebrafinchcanary";
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// By then it was looked what is due.
const WITHIN: Duration = Duration::from_secs(12);

fn path(id: &str) -> String {
    format!("{REQUESTS}/{id}")
}

/// The organisation that somebody works for.
async fn house(client: &Client) -> String {
    text(&client.get(&format!("/api/people/{}", client.id)).await.is(200)["organisation_id"])
}

async fn wish(from: &Client, to: &Client) -> Value {
    json!({"kind": "open_file", "asker": house(from).await, "asked": house(to).await, "title": "Along the coast",
        "body": "Is there an open file?", "urgency": "d3", "marking": "green"})
}

fn with(mut wish: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("fields") };
    for (name, value) in more {
        wish[name] = value;
    }
    wish
}

async fn write(client: &Client, wish: Value) -> String {
    text(&client.post(REQUESTS, wish).await.is(201)["id"])
}

async fn step(client: &Client, id: &str, what: &str, body: Value) -> Answer {
    client.post(&format!("{}/{what}", path(id)), body).await
}

/// Writes and sends a request.
async fn sent(from: &Client, to: &Client, more: Value) -> String {
    let id = write(from, with(wish(from, to).await, more)).await;
    step(from, &id, "sending", json!({})).await.is(204);
    id
}

async fn shown(client: &Client, id: &str) -> Value {
    client.get(&path(id)).await.is(200)
}

/// The ids of a list.
async fn listed(client: &Client, which: &str) -> Vec<String> {
    let list = client.get(&format!("{REQUESTS}?box={which}&limit=100")).await.is(200);
    items(&list).iter().map(|card| text(&card["id"])).collect()
}

/// What has become of a request, as somebody sees it.
fn steps(shown: &Value) -> Vec<String> {
    shown["steps"].as_array().expect("steps").iter().map(|step| text(&step["what"])).collect()
}

#[tokio::test]
async fn a_request_goes_from_one_to_the_other_and_closes_itself_when_both_have_noted_where_it_goes_on() {
    let region = Region::shared();
    let (asker, asked) = (region.person("moderator.hr").await, region.person("prosecutor.ba").await);
    let id = write(&asker, wish(&asker, &asked).await).await;
    asked.get(&path(&id)).await.refused(404, "not_found");
    step(&asked, &id, "acknowledgement", json!({})).await.refused(404, "not_found");
    assert_eq!(shown(&asker, &id).await["next"], "send");
    step(&asker, &id, "sending", json!({})).await.is(204);
    step(&asker, &id, "sending", json!({})).await.refused(409, "not_now");
    assert!(listed(&asked, "inbox").await.contains(&id) && listed(&asker, "sent").await.contains(&id));
    let seen = shown(&asked, &id).await;
    assert_eq!((&seen["next"], &seen["side"], &seen["waits"]), (&json!("acknowledge"), &json!("asked"), &json!(true)));
    assert_eq!(seen["clock"]["zone"], "Europe/Sarajevo");
    assert_eq!(steps(&seen), ["sent"], "what went on inside the asking organisation is its own affair");
    step(&asked, &id, "acknowledgement", json!({})).await.is(204);
    step(&asked, &id, "question", json!({"text": "Which harbours?"})).await.is(204);
    let still = shown(&asker, &id).await;
    assert_eq!((&still["state"], &still["next"]), (&json!("clarifying"), &json!("explain")));
    assert!(still["clock"]["stands_since"].is_string() && listed(&asker, "inbox").await.contains(&id));
    sleep(Duration::from_millis(1_100)).await;
    step(&asker, &id, "explanation", json!({"text": "The three in the north"})).await.is(204);
    let on = shown(&asked, &id).await;
    assert_eq!((&on["state"], &on["clock"]["stands_since"]), (&json!("acknowledged"), &Value::Null));
    assert!(on["clock"]["stood"].as_i64().is_some_and(|stood| (1..60).contains(&stood)), "{on}");
    assert!(text(&on["clock"]["due"]) > text(&on["clock"]["due_first"]), "the end moves by as much");
    step(&asked, &id, "answer", json!({"outcome": "hit"})).await.is(204);
    let answered = shown(&asker, &id).await;
    assert_eq!(
        (&answered["next"], &answered["reply"]["outcome"], &answered["clock"]["ended"]),
        (&json!("note"), &json!("hit"), &json!(true))
    );
    let readers = answered["readers"].as_array().expect("readers");
    assert_eq!((readers.len(), &readers[0]["person"]["id"]), (1, &json!(asked.id)));
    assert_eq!(answered["acknowledged_by"]["id"], asked.id.as_str());
    let note = |kind: &str, reference: &str| json!({"kind": kind, "reference": reference});
    asker.put_json(&format!("{}/channel", path(&id)), note("siena", "HR 2026/17")).await.is(204);
    assert_eq!(shown(&asked, &id).await["state"], "formal_channel_opened");
    asked.put_json(&format!("{}/channel", path(&id)), note("mla_letter", "BA 88")).await.is(204);
    let closed = shown(&asker, &id).await;
    assert_eq!((&closed["state"], &closed["closing"]), (&json!("closed"), &json!("done")));
    let told: Vec<_> = closed["references"].as_array().expect("references").iter().map(|one| text(&one["reference"])).collect();
    assert_eq!(told, ["HR 2026/17", "BA 88"]);
    assert!(!listed(&asker, "sent").await.contains(&id) && listed(&asker, "closed").await.contains(&id));
}

#[tokio::test]
async fn nobody_outside_the_two_organisations_learns_that_there_is_one() {
    let region = Region::shared();
    let (asker, asked) = (region.person("prosecutor.ba").await, region.person("moderator.hr").await);
    let id = sent(&asker, &asked, json!({})).await;
    step(&asked, &id, "acknowledgement", json!({})).await.is(204);
    let outsiders = [
        "admin",
        "moderator.region",
        "moderator.ba",
        "auditor.region",
        "dpo.region",
        "editor.region",
        "ngo.ba",
        "asylum.gr",
        "aris",
    ];
    for who in outsiders {
        let outsider = region.person(who).await;
        let absent = outsider.get(&path(NOBODY)).await;
        for hidden in [
            outsider.get(&path(&id)).await,
            outsider.put_json(&path(&id), with(wish(&asker, &asked).await, json!({"revision": 0}))).await,
            outsider.delete(&path(&id)).await,
            step(&outsider, &id, "sending", json!({})).await,
            step(&outsider, &id, "screening", json!({"approve": true, "revision": 0})).await,
            step(&outsider, &id, "answer", json!({"outcome": "hit"})).await,
            step(&outsider, &id, "question", json!({"text": "What?"})).await,
            step(&outsider, &id, "closing", json!({})).await,
            step(&outsider, &id, "forward", json!({})).await,
            outsider.put_json(&format!("{}/handler", path(&id)), json!({"person": outsider.id})).await,
            outsider.put_json(&format!("{}/channel", path(&id)), json!({"kind": "jit", "reference": "r"})).await,
        ] {
            assert_eq!((hidden.status, &hidden.text), (404, &absent.text), "{who}");
        }
        for which in ["inbox", "sent", "closed"] {
            assert!(!listed(&outsider, which).await.contains(&id), "{who}: {which}");
        }
        let found = outsider.get("/api/search?q=coast").await;
        assert!(!found.text.contains(&id), "{who}");
    }
    let record = region.person("auditor.region").await.get("/api/record?limit=100").await.is(200);
    assert!(!record.to_string().contains(&id) && !record.to_string().contains("request.acknowledge"), "{record}");
    for who in ["pending.ro", "expired.gr"] {
        let outsider = region.person(who).await;
        for path in [REQUESTS, "/api/requests/desk", "/api/requests/statistics"] {
            outsider.get(path).await.refused(403, "not_confirmed");
        }
        outsider.get(&path(&id)).await.refused(404, "not_found");
        outsider.post(REQUESTS, wish(&asker, &asked).await).await.refused(403, "not_confirmed");
    }
}

#[tokio::test]
async fn what_is_amber_is_looked_through_by_a_second_person_of_the_asking_organisation() {
    let region = Region::shared();
    let (author, second) = (region.person("auditor.region").await, region.person("dpo.region").await);
    let asked = region.person("igo.region").await;
    let amber = with(wish(&author, &asked).await, json!({"marking": "amber"}));
    let id = write(&author, amber.clone()).await;
    second.get(&path(&id)).await.refused(404, "not_found");
    step(&author, &id, "sending", json!({})).await.refused(409, "four_eyes_missing");
    let name = format!("{}/screener", path(&id));
    author.put_json(&name, json!({"person": asked.id})).await.refused(422, "not_a_colleague");
    author.put_json(&name, json!({"person": author.id})).await.refused(422, "not_a_colleague");
    author.put_json(&name, json!({"person": second.id})).await.is(204);
    let own = shown(&author, &id).await;
    let screening = |approve: bool, note: &str, of: &Value| json!({"approve": approve, "note": note, "revision": of["revision"]});
    step(&author, &id, "screening", screening(true, "", &own)).await.refused(403, "own_item");
    let seen = shown(&second, &id).await;
    assert_eq!((&seen["next"], &seen["can"]), (&json!("screen"), &json!(["screen"])));
    step(&second, &id, "screening", screening(false, " ", &seen)).await.refused(422, "reason_missing");
    step(&second, &id, "screening", screening(false, "Leave the harbours out", &seen)).await.is(204);
    let back = shown(&author, &id).await;
    assert_eq!(back["steps"].as_array().expect("steps").last().expect("a step")["text"], "Leave the harbours out");
    second.get(&path(&id)).await.refused(404, "not_found");
    let changed = with(amber.clone(), json!({"body": "Is there a file?", "revision": back["revision"]}));
    author.put_json(&path(&id), changed.clone()).await.is(204);
    author.put_json(&path(&id), changed).await.refused(409, "conflict");
    author.put_json(&name, json!({"person": second.id})).await.is(204);
    // What was changed after it was read isn't what was looked through.
    step(&second, &id, "screening", screening(true, "", &seen)).await.refused(409, "conflict");
    step(&second, &id, "screening", screening(true, "", &shown(&second, &id).await)).await.is(204);
    let ready = shown(&author, &id).await;
    assert_eq!((&ready["state"], &ready["screened_by"]["id"]), (&json!("screened"), &json!(second.id)));
    // Changed again, it must be looked through again.
    author.put_json(&path(&id), with(amber, json!({"revision": ready["revision"]}))).await.is(204);
    step(&author, &id, "sending", json!({})).await.refused(409, "four_eyes_missing");
    step(&second, &id, "screening", screening(true, "", &shown(&second, &id).await)).await.is(204);
    step(&author, &id, "sending", json!({})).await.is(204);
    assert!(listed(&asked, "inbox").await.contains(&id));
    // Where there is nobody else, it says so.
    let alone = region.person("prosecutor.ba").await;
    let id = write(&alone, with(wish(&alone, &asked).await, json!({"marking": "amber+strict"}))).await;
    step(&alone, &id, "sending", json!({})).await.refused(409, "second_person_missing");
    alone.delete(&path(&id)).await.is(204);
    alone.get(&path(&id)).await.refused(404, "not_found");
}

#[tokio::test]
async fn who_is_not_competent_names_who_is_and_it_goes_on_there_within_the_walls() {
    let region = Region::shared();
    let (asker, asked) = (region.person("moderator.rs").await, region.person("moderator.mk").await);
    let next = region.person("ngo.mk").await;
    let id = sent(&asker, &asked, json!({"kind": "competence"})).await;
    step(&asked, &id, "acknowledgement", json!({})).await.is(204);
    let reply = |competent: Value| json!({"outcome": "not_competent", "competent": competent});
    step(&asked, &id, "answer", reply(Value::Null)).await.refused(422, "competent_missing");
    step(&asked, &id, "answer", reply(json!(NOBODY))).await.refused(422, "organisation_unknown");
    step(&asked, &id, "answer", reply(json!(house(&asker).await))).await.refused(422, "same_organisation");
    let court = house(&region.person("judge.hr").await).await;
    step(&asked, &id, "answer", reply(json!(court))).await.refused(422, "organisation_takes_none");
    step(&asked, &id, "answer", reply(json!(house(&next).await))).await.is(204);
    asker.put_json(&format!("{}/channel", path(&id)), json!({"kind": "jit", "reference": "r"})).await.refused(409, "not_now");
    let before = listed(&next, "inbox").await;
    assert_eq!(shown(&asker, &id).await["next"], "forward");
    let draft = text(&step(&asker, &id, "forward", json!({})).await.is(201)["id"]);
    let new = shown(&asker, &draft).await;
    assert_eq!(
        (&new["state"], &new["body"], &new["forwarded_from"]),
        (&json!("draft"), &json!("Is there an open file?"), &json!(id))
    );
    assert_eq!(listed(&next, "inbox").await, before, "it learns nothing of it before it is sent");
    step(&asker, &id, "forward", json!({})).await.refused(409, "not_now");
    step(&asker, &draft, "sending", json!({})).await.is(204);
    assert_eq!(shown(&next, &draft).await["forwarded_from"], Value::Null);
    // What was said between law enforcement stays there.
    let (police, prosecution) = (region.person("moderator.hr").await, region.person("prosecutor.ba").await);
    let id = sent(&police, &prosecution, json!({"kind": "competence"})).await;
    step(&prosecution, &id, "acknowledgement", json!({})).await.is(204);
    step(&prosecution, &id, "answer", reply(json!(house(&next).await))).await.is(204);
    step(&police, &id, "forward", json!({})).await.refused(409, "beyond_wall");
}

#[tokio::test]
async fn what_can_not_be_kept_is_refused_with_why_and_nothing_personal_is_stored() {
    let region = Region::shared();
    let (asker, asked) = (region.person("fiu.bg").await, region.person("moderator.hr").await);
    let good = wish(&asker, &asked).await;
    let personal = format!("JMBG {NUMBER}");
    for (change, code) in [
        (json!({"title": " "}), "title_invalid"),
        (json!({"body": ""}), "text_invalid"),
        (json!({"marking": "pink"}), "marking_unknown"),
        (json!({"handling": ["h3"]}), "restriction_missing"),
        (json!({"asked": NOBODY}), "organisation_unknown"),
        (json!({"asked": good["asker"]}), "same_organisation"),
        (json!({"asked": house(&region.person("judge.hr").await).await}), "organisation_takes_none"),
        (json!({"asked": house(&region.person("forensic.rs").await).await}), "no_focal_point"),
        (json!({"title": personal}), "personal_data"),
        (json!({"body": personal}), "personal_data"),
        (json!({"handling": ["h3"], "restriction": personal}), "personal_data"),
        (json!({"exercise": NOBODY}), "exercise_elsewhere"),
    ] {
        asker.post(REQUESTS, with(good.clone(), change)).await.refused(422, code);
    }
    asker.post(REQUESTS, with(good.clone(), json!({"kind": "weather"}))).await.refused(400, "bad_json");
    asker
        .post(REQUESTS, with(good.clone(), json!({"asker": house(&region.person("aris").await).await})))
        .await
        .refused(403, "forbidden");
    let court = region.person("judge.hr").await;
    court.post(REQUESTS, wish(&court, &asked).await).await.refused(403, "organisation_asks_none");
    let id = sent(&asker, &asked, json!({})).await;
    step(&asked, &id, "acknowledgement", json!({})).await.is(204);
    step(&asked, &id, "question", json!({"text": personal})).await.refused(422, "personal_data");
    step(&asked, &id, "question", json!({"text": " "})).await.refused(422, "text_invalid");
    step(&asked, &id, "question", json!({"text": "Which?"})).await.is(204);
    step(&asker, &id, "explanation", json!({"text": personal})).await.refused(422, "personal_data");
    for (reply, code) in [
        (json!({"outcome": "hit", "text": personal}), "personal_data"),
        (json!({"outcome": "no_hit", "text": "none at all"}), "outcome_unfit"),
        (json!({"outcome": "refused"}), "ground_missing"),
        (json!({"outcome": "refused", "ground": "other"}), "text_invalid"),
    ] {
        step(&asked, &id, "answer", reply).await.refused(422, code);
    }
    step(&asked, &id, "answer", json!({"outcome": "no_hit"})).await.is(204);
    let channel = format!("{}/channel", path(&id));
    asked.put_json(&channel, json!({"kind": "siena", "reference": personal})).await.refused(422, "personal_data");
    asked.put_json(&channel, json!({"kind": "siena", "reference": " "})).await.refused(422, "reference_invalid");
    step(&asked, &id, "closing", json!({})).await.refused(403, "forbidden");
    step(&asker, &id, "closing", json!({})).await.is(204);
    step(&asked, &id, "question", json!({"text": "Late?"})).await.refused(409, "not_now");
}

#[tokio::test]
async fn when_nobody_answers_the_two_organisations_are_told_and_nobody_else() {
    let region = Region::start_with_clock().expect("a region");
    let (asker, colleague) = (region.person("prosecutor.ba").await, region.person("dpo.region").await);
    let focal = region.person("auditor.region").await;
    let moderator = region.person("moderator.region").await;
    let theirs = house(&focal).await;
    moderator.put_json(&format!("/api/organisations/{theirs}/focal-points/{}", focal.id), json!({"theme": null})).await.is(204);
    let id = sent(&asker, &focal, json!({"urgency": "h8"})).await;
    let late = async |count: usize| {
        let begun = Instant::now();
        loop {
            let shown = shown(&focal, &id).await;
            if shown["escalation"] == count {
                return shown;
            }
            assert!(begun.elapsed() < WITHIN, "{shown}");
            sleep(Duration::from_millis(200)).await;
        }
    };
    let overdue = async |client: &Client| {
        let desk = client.get("/api/requests/desk").await.is(200);
        desk["overdue"].as_array().expect("a list").len()
    };
    region.advance(7 * HOUR).await;
    sleep(Duration::from_secs(6)).await;
    assert_eq!(shown(&asker, &id).await["escalation"], 0, "an hour is left");
    let mut window = asker.live().await;
    region.advance(8 * HOUR + 60).await;
    assert_eq!(steps(&late(1).await), ["sent", "overdue"]);
    let notice = loop {
        let notice = window.next_of("notice").await.expect("a notice");
        // The demo's own are due, too.
        if notice["code"] == "requests" && notice["id"] == id.as_str() {
            break notice;
        }
    };
    assert_eq!(notice, json!({"type": "notice", "code": "requests", "id": id, "about": "waits"}));
    assert_eq!((overdue(&colleague).await, overdue(&moderator).await), (0, 0));
    region.advance(12 * HOUR + 120).await;
    assert_eq!(steps(&late(2).await), ["sent", "overdue", "overdue_house"]);
    // Whoever works there learns that something waits, and whom to ask; not what.
    assert_eq!((overdue(&colleague).await, overdue(&focal).await, overdue(&moderator).await), (1, 0, 0));
    let desk = colleague.get("/api/requests/desk").await.is(200);
    assert_eq!(desk["overdue"][0]["focal_points"][0]["id"], focal.id.as_str());
    assert!(!desk.to_string().contains(&id));
    colleague.get(&path(&id)).await.refused(404, "not_found");
    // Handed over, they know it; answered, nothing waits any more.
    focal.put_json(&format!("{}/handler", path(&id)), json!({"person": colleague.id})).await.is(204);
    step(&colleague, &id, "acknowledgement", json!({})).await.is(204);
    step(&colleague, &id, "answer", json!({"outcome": "no_hit"})).await.is(204);
    assert_eq!(overdue(&colleague).await, 0);
    region.advance(3 * DAY).await;
    sleep(Duration::from_secs(6)).await;
    assert_eq!(shown(&asker, &id).await["escalation"], 2);
}

#[tokio::test]
async fn an_organisation_sends_so_many_a_day_and_an_exercise_is_no_part_of_them() {
    let region = Region::shared();
    let (asker, asked) = (region.person("aris").await, region.person("ais.tirana").await);
    for _ in 0..20 {
        sent(&asker, &asked, json!({})).await;
    }
    let id = write(&asker, wish(&asker, &asked).await).await;
    step(&asker, &id, "sending", json!({})).await.refused(429, "too_many_attempts");
    assert_eq!(shown(&asker, &id).await["state"], "draft");
}

/// The files of a data folder, with those beside it, in which this stands.
fn holding(folder: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(word.len()).any(|part| part == word.as_bytes())) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test]
async fn a_stolen_database_shows_nothing_of_what_was_said() {
    let region = Region::start(&[]).expect("a region");
    let (asker, asked) = (region.person("moderator.hr").await, region.person("prosecutor.ba").await);
    let words = json!({"title": format!("{CANARY} title"), "body": format!("{CANARY} body")});
    let id = sent(&asker, &asked, words).await;
    step(&asked, &id, "acknowledgement", json!({})).await.is(204);
    step(&asked, &id, "question", json!({"text": format!("{CANARY} question")})).await.is(204);
    step(&asker, &id, "explanation", json!({"text": format!("{CANARY} explained")})).await.is(204);
    step(&asked, &id, "answer", json!({"outcome": "hit", "text": format!("{CANARY} answer")})).await.is(204);
    let note = json!({"kind": "siena", "reference": format!("{CANARY} 17")});
    asker.put_json(&format!("{}/channel", path(&id)), note).await.is(204);
    assert_eq!(shown(&asked, &id).await["reply"]["text"], format!("{CANARY} answer"));
    let found = asker.get(&format!("/api/search?q={CANARY}")).await.is(200);
    assert_eq!((items(&found).len(), found["things"].as_array().map(Vec::len)), (0, Some(0)), "it is in no index");
    assert_eq!(holding(region.folder(), CANARY), Vec::<String>::new());
    assert!(!region.said().contains(CANARY));
}

#[tokio::test]
async fn a_request_of_an_exercise_is_marked_counted_nowhere_and_gone_with_it() {
    let region = Region::shared();
    let leader = region.person("moderator.ba").await;
    let (asker, asked) = (region.person("ngo.ba").await, region.person("guardian.gr").await);
    let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(5);
    let start = json!({"title": "Made up", "scenario": "s", "language": "en", "country": "BA", "people": [asker.id, asked.id],
        "ends_at": ends.to_string()});
    let exercise = text(&leader.post("/api/exercises", start).await.is(201)["id"]);
    let outsider = region.person("moderator.gr").await;
    let elsewhere = with(wish(&asker, &outsider).await, json!({"exercise": exercise}));
    asker.post(REQUESTS, elsewhere).await.refused(422, "exercise_elsewhere");
    let other = region.person("moderator.rs").await;
    other
        .post(REQUESTS, with(wish(&other, &asked).await, json!({"exercise": exercise})))
        .await
        .refused(422, "exercise_elsewhere");
    let id = sent(&asker, &asked, json!({"exercise": exercise})).await;
    assert_eq!(shown(&asked, &id).await["exercise"], exercise.as_str());
    // Who has it before them is told when it goes.
    let mut window = asked.live().await;
    leader.put(&format!("/api/exercises/{exercise}/end")).await.is(204);
    let gone = async {
        loop {
            let told = window.next_of("notice").await.expect("a notice");
            if told["about"] == "gone" {
                return told;
            }
        }
    };
    let told = tokio::time::timeout(WITHIN, gone).await.expect("told that it is gone");
    assert_eq!((&told["code"], &told["id"]), (&json!("requests"), &json!(id)));
    asker.get(&path(&id)).await.refused(404, "not_found");
    asked.get(&path(&id)).await.refused(404, "not_found");
}

/// Requests of two people as if they had been sent forty days ago: figures are of months that are over.
async fn sent_then(region: &Region, from: &Client, to: &Client, more: Value) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..6 {
        all.push(sent(from, to, more.clone()).await);
    }
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("a database");
    for id in &all {
        let id: uuid::Uuid = id.parse().expect("an id");
        let sql = "UPDATE coordination_request SET sent_at = sent_at - 40 * 86400000000 WHERE id = ?1";
        assert_eq!(database.execute(sql, [id]).expect("moved"), 1);
    }
    all
}

#[tokio::test]
async fn no_figure_counts_what_is_made_up() {
    let region = Region::start(&[]).expect("a region");
    let leader = region.person("moderator.ba").await;
    let (asker, asked) = (region.person("ngo.ba").await, region.person("guardian.gr").await);
    let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(5);
    let start = json!({"title": "Made up", "scenario": "s", "language": "en", "country": "BA", "people": [asker.id, asked.id],
        "ends_at": ends.to_string()});
    let exercise = text(&leader.post("/api/exercises", start).await.is(201)["id"]);
    let figures = async || asker.get(&format!("{REQUESTS}/statistics")).await.is(200);
    let before = figures().await;
    sent_then(&region, &asker, &asked, json!({"exercise": exercise})).await;
    assert_eq!(figures().await, before);
    sent_then(&region, &asker, &asked, json!({})).await;
    assert_ne!(figures().await, before, "what is real counts");
}

#[tokio::test]
async fn a_closed_request_is_kept_for_as_long_as_the_operator_says_and_then_gone_with_its_words() {
    let region = Region::start_with_clock_and(&[("EGIDA_REQUEST_DAYS", "30")]).expect("a region");
    let (asker, asked) = (region.person("moderator.hr").await, region.person("prosecutor.ba").await);
    let (closed, open) = (sent(&asker, &asked, json!({})).await, sent(&asker, &asked, json!({})).await);
    step(&asker, &closed, "closing", json!({})).await.is(204);
    region.advance(29 * DAY).await;
    sleep(WITHIN / 2).await;
    assert_eq!(shown(&asker, &closed).await["state"], "closed", "a day is left");
    region.advance(DAY + 1).await;
    let begun = Instant::now();
    while asker.get(&path(&closed)).await.status != 404 {
        assert!(begun.elapsed() < WITHIN, "it is still there");
        sleep(Duration::from_millis(200)).await;
    }
    assert!(!listed(&asked, "closed").await.contains(&closed));
    assert_eq!(shown(&asked, &open).await["state"], "sent", "what nobody closed stays");
}

#[tokio::test]
async fn the_demo_has_requests_in_all_states_with_what_is_due_first() {
    let region = Region::shared();
    let inbox = async |who: &str| {
        let list = region.person(who).await.get(REQUESTS).await.is(200);
        items(&list)
            .iter()
            .map(|card| (text(&card["state"]), card["clock"]["left"].as_i64().unwrap_or(i64::MAX)))
            .collect::<Vec<_>>()
    };
    let waiting = inbox("moderator.hr").await;
    assert!(waiting.iter().any(|(state, left)| state == "acknowledged" && (0..8 * HOUR).contains(left)), "{waiting:?}");
    let late = inbox("social.ro").await;
    assert!(late.first().is_some_and(|(_, left)| *left < 0), "{late:?}");
    assert!(late.iter().any(|(state, _)| state == "clarifying"), "{late:?}");
    assert!(inbox("dpo.region").await.iter().any(|(state, _)| state == "draft"));
    let figures = region.person("moderator.ba").await.get("/api/requests/statistics").await.is(200);
    for table in ["kinds", "outcomes", "pairs"] {
        let counts = figures[table].as_array().expect("a table");
        assert!(counts.iter().all(|row| row["count"].as_u64().is_none_or(|count| count >= 5)), "{figures}");
    }
}
