//! File cards, files that meet, and comparing values that nobody shows: who is told, and who must never be.

use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};
use support::server_process::{Launch, run};

use crate::erasing::{journalled, restore};

const CARDS: &str = "/api/cards";
const OVERLAPS: &str = "/api/overlaps";
const MATCHING: &str = "/api/matching";
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";
/// Points of the group, for a server that only looks whether they are some.
const VECTORS: &str = include_str!("../contract/matching-vectors.json");

/// Quarters of this year, so that a card has begun whenever this runs.
fn this_year() -> String {
    jiff::Timestamp::now().strftime("%Y").to_string()
}

fn card(change: &Value) -> Value {
    let year = this_year();
    let mut card = json!({"visibility": "sealed", "stage": "open_investigation", "exploitation": ["forced_begging"],
        "from": format!("{}-Q1", year.parse::<u32>().unwrap_or(2026) - 1), "to": format!("{year}-Q1"), "marking": "amber", "grading": "B2"});
    for (name, value) in change.as_object().expect("fields") {
        card[name] = value.clone();
    }
    card
}

async fn make(client: &Client, change: &Value) -> String {
    text(&client.post(CARDS, card(change)).await.is(201)["id"])
}

async fn overlaps(client: &Client) -> Vec<Value> {
    items(&client.get(OVERLAPS).await.is(200)).clone()
}

/// The overlaps of one's own card.
async fn of(client: &Client, card: &str) -> Vec<Value> {
    overlaps(client).await.into_iter().filter(|overlap| overlap["card"] == card).collect()
}

async fn ids(client: &Client, query: &str) -> Vec<String> {
    items(&client.get(&format!("{CARDS}?limit=100{query}")).await.is(200)).iter().map(|card| text(&card["id"])).collect()
}

async fn house(client: &Client) -> String {
    text(&client.get(&format!("/api/people/{}", client.id)).await.is(200)["organisation_id"])
}

#[tokio::test]
async fn two_sealed_files_meet_and_only_the_two_focal_points_are_told() {
    let region = Region::start(&[]).expect("a region");
    let (ro, gr) = (region.person("prosecutor.ro").await, region.person("prosecutor.gr").await);
    let outsiders = [
        "admin",
        "moderator.region",
        "moderator.ro",
        "moderator.gr",
        "auditor.region",
        "ngo.mk",
        "asylum.gr",
        "member.ro",
        "member.gr",
    ];
    let mut others = Vec::new();
    for handle in outsiders {
        let person = region.person(handle).await;
        let socket = person.live().await;
        let before = person.get(&format!("{CARDS}?others=true")).await.text;
        others.push((person, socket, before));
    }
    let (mut hears_ro, mut hears_gr) = (ro.live().await, gr.live().await);
    let route = json!({"origin": ["AL"], "destination": ["GR"], "children": "yes", "ages": ["10-13", "14-15"], "control": ["threats", "isolation"]});
    let theirs = make(&gr, &route).await;
    assert!(of(&gr, &theirs).await.is_empty());
    let ours = make(&ro, &route).await;
    for (socket, person, own, other) in [(&mut hears_ro, &ro, &ours, &gr), (&mut hears_gr, &gr, &theirs, &ro)] {
        let told = socket.next_of("notice").await.expect("a notice");
        assert_eq!((&told["code"], &told["about"]), (&json!("deconfliction"), &json!("overlap")));
        assert_eq!(told.as_object().expect("a frame").len(), 4, "a notice says nothing else: {told}");
        let found = of(person, own).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["organisation"]["id"], house(other).await.as_str());
        assert_eq!(found[0]["people"][0]["id"], other.id.as_str());
        assert_eq!(found[0]["state"], "new");
        let said = found[0].to_string();
        assert!(!said.contains(if own == &ours { &theirs } else { &ours }), "not even which card: {said}");
    }
    let overlap = text(&of(&ro, &ours).await[0]["id"]);
    for (person, socket, before) in &mut others {
        let nothing = person.get(&format!("{CARDS}/{NOBODY}")).await;
        for id in [&ours, &theirs] {
            for answer in [
                person.get(&format!("{CARDS}/{id}")).await,
                person.delete(&format!("{CARDS}/{id}")).await,
                person.put_json(&format!("{CARDS}/{id}"), json!({"card": card(&json!({})), "revision": 1})).await,
            ] {
                assert_eq!((answer.status, &answer.text), (404, &nothing.text), "{}", person.id);
            }
        }
        person.put_json(&format!("{OVERLAPS}/{overlap}"), json!({"state": "dismissed"})).await.refused(404, "not_found");
        assert!(overlaps(person).await.is_empty());
        assert_eq!(&person.get(&format!("{CARDS}?others=true")).await.text, before, "not in a list");
        assert!(!ids(person, "").await.contains(&ours));
        while let Some(frame) = socket.next_within(Duration::from_millis(50)).await {
            assert!(!format!("{frame:?}").contains("deconfliction"), "{frame:?}");
        }
    }
    let record = region.person("auditor.region").await.get("/api/record?limit=100").await.is(200).to_string();
    assert!(!record.contains(&ours) && !record.contains(&overlap), "nothing of it stands in the record");
}

#[tokio::test]
async fn what_was_dismissed_is_not_told_again_and_what_is_withdrawn_is_gone() {
    let region = Region::start(&[]).expect("a region");
    let (ba, hr) = (region.person("prosecutor.ba").await, region.person("moderator.hr").await);
    let facets = json!({"exploitation": ["forced_marriage"], "origin": ["XK"], "destination": ["ME"], "children": "yes",
        "recruitment": ["family"], "control": ["isolation", "threats"]});
    let (theirs, ours) = (make(&hr, &facets).await, make(&ba, &facets).await);
    let overlap = text(&of(&ba, &ours).await[0]["id"]);
    let mut socket = ba.live().await;
    ba.put_json(&format!("{OVERLAPS}/{overlap}"), json!({"state": "dismissed"})).await.is(204);
    assert_eq!(of(&hr, &theirs).await[0]["state"], "new", "the other side doesn't learn it");
    let path = format!("{CARDS}/{ours}");
    let mut wish = card(&facets);
    assert_eq!(ba.put_json(&path, json!({"card": wish.clone(), "revision": 1})).await.is(200)["revision"], 2);
    wish["money"] = json!("yes");
    ba.put_json(&path, json!({"card": wish.clone(), "revision": 2})).await.is(200);
    ba.put_json(&path, json!({"card": wish, "revision": 2})).await.refused(409, "conflict");
    // Nor for a second card, even after the first is gone: nobody feels their way to what a sealed card says.
    let second = make(&ba, &facets).await;
    assert!(of(&ba, &second).await.is_empty());
    assert_eq!(of(&ba, &ours).await[0]["state"], "dismissed");
    ba.delete(&path).await.is(204);
    ba.get(&path).await.refused(404, "not_found");
    assert!(of(&hr, &theirs).await.is_empty(), "its overlaps go with it");
    let third = make(&ba, &facets).await;
    assert!(of(&ba, &third).await.is_empty());
    while let Some(frame) = socket.next_within(Duration::from_millis(100)).await {
        assert!(!format!("{frame:?}").contains("overlap"), "{frame:?}");
    }
}

/// How often a folder holds a card, an overlap of it, and points of a comparison.
fn held(folder: &Path, card: &str, session: &str) -> (i64, i64, i64) {
    let database = rusqlite::Connection::open(folder.join("egida.db")).expect("a database");
    let count = |sql: &str, id: &str| -> i64 {
        database.query_row(sql, [id.parse::<uuid::Uuid>().expect("an id")], |row| row.get(0)).expect("a count")
    };
    (
        count("SELECT count(*) FROM file_card WHERE id = ?1", card),
        count("SELECT count(*) FROM card_overlap WHERE ?1 IN (one, other)", card),
        count(
            "SELECT count(*) FROM matching WHERE id = ?1 AND coalesce(asked_points, doubled_points, own_points) IS NOT NULL",
            session,
        ),
    )
}

#[tokio::test]
async fn what_was_withdrawn_or_ended_does_not_come_back_with_a_backup() {
    let region = Region::start(&[]).expect("a region");
    let (ro, gr) = (region.person("prosecutor.ro").await, region.person("prosecutor.gr").await);
    let facets = json!({"origin": ["AL"], "destination": ["GR"], "children": "yes", "ages": ["10-13", "14-15"],
        "control": ["threats", "isolation"]});
    let (theirs, ours) = (make(&gr, &facets).await, make(&ro, &facets).await);
    assert_eq!(of(&ro, &ours).await.len(), 1);
    let ask = async || text(&ro.post(MATCHING, wish(&ro, &gr, &points(0, 6)).await).await.is(201)["id"]);
    let (stopped, waiting) = (ask().await, ask().await);
    let place = tempfile::tempdir().expect("a folder");
    let (backup, restored) = (place.path().join("region.db"), place.path().join("restored"));
    run(region.folder(), &["backup", backup.to_str().expect("text")], None).expect("a backup");
    ro.delete(&format!("{CARDS}/{ours}")).await.is(204);
    gr.delete(&format!("{MATCHING}/{stopped}")).await.is(204);
    assert_eq!(held(region.folder(), &ours, &stopped), (0, 0, 0));
    journalled(&region, &[&ours, &stopped]).await;
    let journal = std::fs::read_to_string(region.folder().with_extension("erasures")).expect("text");
    let named: Vec<&str> = journal.lines().map(str::trim_end).collect();
    assert!(named.ends_with(&[&ours, "card", &stopped, "card"]), "ids and nothing else: {named:?}");
    region.stop().expect("stopped");

    restore(&region, &backup, &restored);
    assert_eq!(held(&restored, &ours, &stopped), (1, 1, 1), "the backup holds it");
    let server = Launch::egida(&restored).expect("built").start().expect("it serves");
    assert_eq!(held(&restored, &ours, &stopped), (0, 0, 0), "gone before anybody is let in");
    let there = format!("http://{}", server.address());
    let (ro, gr) = (ro.at(&there), gr.at(&there));
    ro.get(&format!("{CARDS}/{ours}")).await.refused(404, "not_found");
    assert!(of(&gr, &theirs).await.is_empty());
    assert!(ids(&gr, "").await.contains(&theirs), "what was not withdrawn stays");
    for (session, state) in [(&stopped, "expired"), (&waiting, "asked")] {
        assert_eq!(gr.get(&format!("{MATCHING}/{session}")).await.is(200)["state"], state);
    }
    let points = json!({"doubled": points(6, 12), "own": points(12, 30)});
    gr.put_json(&format!("{MATCHING}/{stopped}/answer"), points.clone()).await.refused(409, "conflict");
    gr.put_json(&format!("{MATCHING}/{waiting}/answer"), points).await.is(204);
}

/// What the first page says of cards and comparisons: whether an overlap waits, and whether a comparison does.
async fn at_home(client: &Client) -> (bool, bool) {
    let home = client.get("/api/home").await.is(200);
    let cards = home["cards"].as_object().expect("cards");
    assert_eq!(cards.len(), 2, "that something waits, and nothing else: {cards:?}");
    (cards["overlap"].as_bool().expect("yes or no"), cards["matching"].as_bool().expect("yes or no"))
}

#[tokio::test]
async fn the_first_page_tells_who_hears_of_it_that_something_waits_and_nobody_else() {
    let region = Region::start(&[]).expect("a region");
    let (ro, gr) = (region.person("prosecutor.ro").await, region.person("prosecutor.gr").await);
    // A colleague who doesn't answer for the organisation.
    let colleague = region.person("member.ro").await.id;
    let place = format!("/api/organisations/{}/people/{colleague}", house(&ro).await);
    region.person("moderator.ro").await.put(&place).await.is(204);
    // What the demo's cards meet is found when the server starts: out of the way.
    let database = rusqlite::Connection::open(region.folder().join("egida.db")).expect("a database");
    let left = || database.query_row("SELECT count(*) FROM file_card WHERE compared <> revision", [], |row| row.get::<_, i64>(0));
    let compared = async {
        while left().expect("a count") > 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), compared).await.expect("compared");
    for side in [&ro, &gr] {
        for overlap in overlaps(side).await {
            side.put_json(&format!("{OVERLAPS}/{}", text(&overlap["id"])), json!({"state": "dismissed"})).await.is(204);
        }
        assert_eq!(at_home(side).await, (false, false));
    }
    let mut others = Vec::new();
    let outsiders = [
        "member.ro",
        "admin",
        "moderator.region",
        "moderator.ro",
        "moderator.gr",
        "auditor.region",
        "prosecutor.ba",
        "member.gr",
    ];
    for handle in outsiders {
        let person = region.person(handle).await;
        let before = person.get("/api/home").await.text;
        others.push((person, before));
    }
    let unmoved = async || {
        for (person, before) in &others {
            assert_eq!(&person.get("/api/home").await.text, before, "{}", person.id);
        }
    };
    let facets = json!({"origin": ["AL"], "destination": ["GR"], "children": "yes", "ages": ["10-13", "14-15"],
        "control": ["threats", "isolation"]});
    let (theirs, ours) = (make(&gr, &facets).await, make(&ro, &facets).await);
    assert_eq!((at_home(&ro).await, at_home(&gr).await), ((true, false), (true, false)));
    unmoved().await;
    let session = text(&ro.post(MATCHING, wish(&ro, &gr, &points(0, 6)).await).await.is(201)["id"]);
    assert_eq!((at_home(&ro).await, at_home(&gr).await), ((true, false), (true, true)), "it waits for who is asked");
    unmoved().await;

    let settle = async |side: &Client, card: &str, state: &str| {
        let overlap = text(&of(side, card).await[0]["id"]);
        side.put_json(&format!("{OVERLAPS}/{overlap}"), json!({"state": state})).await.is(204);
    };
    let before = gr.get("/api/home").await.text;
    settle(&ro, &ours, "dismissed").await;
    assert_eq!(at_home(&ro).await, (false, false), "dealt with");
    assert_eq!(gr.get("/api/home").await.text, before, "the other side doesn't learn it");
    settle(&gr, &theirs, "asked").await;
    assert_eq!(at_home(&gr).await, (false, true));
    let answer = json!({"doubled": points(6, 12), "own": points(12, 30)});
    gr.put_json(&format!("{MATCHING}/{session}/answer"), answer).await.is(204);
    assert_eq!((at_home(&ro).await, at_home(&gr).await), ((false, false), (false, false)), "approved");
    unmoved().await;
}

#[tokio::test]
async fn a_card_that_would_single_out_one_case_is_refused_until_it_is_wider() {
    let region = Region::shared();
    let maker = region.person("police.mk").await;
    let narrow = json!({"origin": ["ME"], "children": "yes", "ages": ["0-5"], "victims": "5-9"});
    let refused = maker.post(CARDS, card(&narrow)).await.refused(422, "card_narrow");
    assert_eq!(refused["widen"][0], "victims");
    assert_eq!(refused["keep_back"], json!([]));
    let shown = json!({"visibility": "shown", "origin": ["ME"], "destination": ["HR"], "exploitation": ["forced_marriage"]});
    let refused = maker.post(CARDS, card(&shown)).await.refused(422, "card_narrow");
    assert!(refused["keep_back"].to_string().contains("origin"));
    let mut held = shown;
    held["kept_back"] = json!(["origin", "destination"]);
    let id = make(&maker, &held).await;
    let own = maker.get(&format!("{CARDS}/{id}")).await.is(200);
    assert_eq!((&own["facts"]["origin"], &own["keeps"]), (&json!(["ME"]), &json!(true)));
    let seen = region.person("prosecutor.ba").await.get(&format!("{CARDS}/{id}")).await.is(200);
    assert_eq!((&seen["facts"]["origin"], &seen["keeps"], &seen["author"]), (&json!([]), &json!(false), &Value::Null));
    for (change, code) in [
        (json!({"victims": "1", "origin": ["RO"]}), "card_origin_of_one"),
        (json!({"ages": ["6-9"]}), "card_ages_of_whom"),
        (json!({"handling": ["h3"]}), "card_words_none"),
        (json!({"marking": "red"}), "marking_unknown"),
        (json!({"corridor": "Subotica"}), "card_code_unknown"),
    ] {
        maker.post(CARDS, card(&change)).await.refused(422, code);
    }
    assert_eq!(maker.post(CARDS, card(&json!({"note": "a boy"}))).await.status, 400, "there is no field for words");
}

#[tokio::test]
async fn cards_are_made_by_organisations_that_send_requests_and_not_many_a_day() {
    let region = Region::shared();
    for (who, code) in [("academia", "card_organisation"), ("pending.ro", "not_confirmed")] {
        region.person(who).await.post(CARDS, card(&json!({}))).await.refused(403, code);
    }
    let maker = region.person("ais.tirana").await;
    let others = json!({"organisation": house(&region.person("prosecutor.ba").await).await});
    maker.post(CARDS, card(&others)).await.refused(403, "card_organisation");
    let first = make(&maker, &json!({})).await;
    for _ in 1..20 {
        make(&maker, &json!({})).await;
    }
    let desk = maker.get("/api/card-desk").await.is(200);
    assert_eq!(desk["holders"][0]["left_today"], 0);
    maker.post(CARDS, card(&json!({}))).await.refused(429, "too_many_attempts");
    let path = format!("{CARDS}/{first}");
    let changed = |change: &Value| json!({"card": card(change), "revision": 1});
    maker.put_json(&path, changed(&json!({"money": "yes"}))).await.refused(429, "too_many_attempts");
    maker.put_json(&path, changed(&json!({}))).await.is(200);
}

/// Points one after the other, as they are sent.
fn points(from: usize, to: usize) -> String {
    let vectors: Value = serde_json::from_str(VECTORS).expect("vectors");
    let bytes: Vec<u8> = vectors["points"].as_array().expect("points")[from..to]
        .iter()
        .flat_map(|point| {
            let digits = text(point);
            (0..64).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("a byte")).collect::<Vec<_>>()
        })
        .collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn wish(from: &Client, to: &Client, points: &str) -> Value {
    json!({"asking": house(from).await, "answering": house(to).await, "file_number": "1234/P/2026", "basis": "criminal_procedure",
        "points": points})
}

#[tokio::test]
async fn values_are_compared_by_two_focal_points_and_the_server_keeps_none_of_it() {
    let region = Region::start(&[]).expect("a region");
    let (ro, gr, ba) =
        (region.person("prosecutor.ro").await, region.person("prosecutor.gr").await, region.person("prosecutor.ba").await);
    for (points, code) in [
        (points(0, 4), "matching_points_count"),
        (points(0, 21), "matching_points_count"),
        (points(0, 5) + &points(0, 1), "matching_points_invalid"),
        (String::new(), "matching_points_count"),
    ] {
        ro.post(MATCHING, wish(&ro, &gr, &points).await).await.refused(422, code);
    }
    for (name, value, code) in [
        ("file_number", "", "matching_file_number"),
        ("basis", "curiosity", "matching_basis"),
        ("answering", NOBODY, "matching_partner"),
    ] {
        let mut wish = wish(&ro, &gr, &points(0, 6)).await;
        wish[name] = json!(value);
        ro.post(MATCHING, wish).await.refused(422, code);
    }
    let ngo = wish(&ro, &region.person("ngo.mk").await, &points(0, 6)).await;
    ro.post(MATCHING, ngo).await.refused(422, "matching_partner");
    let mut hears = gr.live().await;
    let id = text(&ro.post(MATCHING, wish(&ro, &gr, &points(0, 6)).await).await.is(201)["id"]);
    let path = format!("{MATCHING}/{id}");
    assert_eq!(hears.next_of("notice").await.expect("a notice")["about"], "asked");
    for who in ["admin", "moderator.region", "auditor.region", "ngo.mk", "member.ro", "member.gr", "moderator.ro"] {
        let outsider = region.person(who).await;
        outsider.get(&path).await.refused(404, "not_found");
        outsider.delete(&path).await.refused(404, "not_found");
        assert!(items(&outsider.get(MATCHING).await.is(200)).is_empty(), "{who}");
        outsider.post(MATCHING, wish(&ro, &gr, &points(0, 6)).await).await.refused(404, "not_found");
    }
    ba.get(&path).await.refused(404, "not_found");
    let asked = gr.get(&path).await.is(200);
    assert_eq!((&asked["points"]["asked"], &asked["asks"]), (&json!(points(0, 6)), &json!(false)));
    assert_eq!(asked["grounds"], json!({"file_number": "1234/P/2026", "basis": "criminal_procedure"}));
    assert_eq!(ro.get(&path).await.is(200)["points"], json!({"asked": null, "doubled": null, "own": null}));
    let answer = |doubled: String, own: String| json!({"doubled": doubled, "own": own});
    let to = format!("{path}/answer");
    ro.put_json(&to, answer(points(6, 12), points(12, 30))).await.refused(403, "forbidden");
    gr.put_json(&to, answer(points(6, 11), points(12, 30))).await.refused(422, "matching_points_count");
    gr.put_json(&to, answer(points(0, 6), points(12, 30))).await.refused(422, "matching_points_bare");
    gr.put_json(&to, answer(points(6, 12), points(12, 30))).await.is(204);
    gr.put_json(&to, answer(points(6, 12), points(12, 30))).await.refused(409, "conflict");
    let answered = ro.get(&path).await.is(200);
    assert_eq!(answered["points"], json!({"asked": null, "doubled": points(6, 12), "own": points(12, 30)}));
    gr.put_json(&format!("{path}/result"), json!({"band": 2})).await.refused(403, "forbidden");
    ro.put_json(&format!("{path}/result"), json!({"band": 3})).await.refused(422, "matching_band");
    ro.put_json(&format!("{path}/result"), json!({"band": 2})).await.is(204);
    for side in [&ro, &gr] {
        let done = side.get(&path).await.is(200);
        assert_eq!((&done["state"], &done["band"]), (&json!("done"), &json!(2)));
        assert_eq!(done["points"], json!({"asked": null, "doubled": null, "own": null}), "nothing blinded is left");
    }
    let record = region.person("auditor.region").await.get("/api/record?act=matching.&limit=100").await.is(200);
    let acts: Vec<String> = items(&record).iter().map(|row| text(&row["act"])).collect();
    assert_eq!(acts, ["matching.end", "matching.answer", "matching.ask"]);
    assert!(!record.to_string().contains("1234/P/2026") && record.to_string().contains("basis=criminal_procedure"));
    // Five a month for the two of them, whichever asks and whatever becomes of it.
    for _ in 1..5 {
        let id = text(&gr.post(MATCHING, wish(&gr, &ro, &points(0, 5)).await).await.is(201)["id"]);
        ro.delete(&format!("{MATCHING}/{id}")).await.is(204);
        assert_eq!(gr.get(&format!("{MATCHING}/{id}")).await.is(200)["state"], "stopped");
    }
    ro.post(MATCHING, wish(&ro, &gr, &points(0, 5)).await).await.refused(429, "too_many_attempts");
    ro.post(MATCHING, wish(&ro, &ba, &points(0, 5)).await).await.is(201);
}

#[tokio::test]
async fn invented_cards_of_an_exercise_meet_each_other_alone_and_go_with_it() {
    let region = Region::start(&[]).expect("a region");
    let (keeper, ba, gr) =
        (region.person("moderator.region").await, region.person("prosecutor.ba").await, region.person("prosecutor.gr").await);
    let colleague = region.person("ngo.ba").await;
    let (moderator, own) = (region.person("moderator.ba").await, house(&ba).await);
    moderator.put(&format!("/api/organisations/{own}/people/{}", colleague.id)).await.is(204);
    moderator.put_json(&format!("/api/organisations/{own}/focal-points/{}", colleague.id), json!({"theme": null})).await.is(204);
    let mut hears = colleague.live().await;
    let ends_at = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(9)).to_string();
    let start = json!({"title": "Two files", "scenario": "s", "language": "en", "people": [ba.id, gr.id], "ends_at": ends_at});
    let exercise = text(&keeper.post("/api/exercises", start).await.is(201)["id"]);
    let facets = |exercise: &Value| {
        json!({"exploitation": ["organ_removal"], "origin": ["MD"], "destination": ["TR"], "control": ["threats", "confinement"],
            "exercise": exercise})
    };
    let invented = json!(exercise);
    region.person("prosecutor.ro").await.post(CARDS, card(&facets(&invented))).await.refused(404, "not_found");
    let real = make(&gr, &facets(&Value::Null)).await;
    let ours = make(&ba, &facets(&invented)).await;
    assert!(of(&ba, &ours).await.is_empty() && of(&gr, &real).await.is_empty(), "a real card meets no invented one");
    let theirs = make(&gr, &facets(&invented)).await;
    let met = of(&ba, &ours).await;
    assert_eq!((met.len(), of(&gr, &theirs).await.len()), (1, 1));
    // Somebody who answers for the same organisation, and takes no part.
    let overlap = format!("{OVERLAPS}/{}", text(&met[0]["id"]));
    colleague.put_json(&overlap, json!({"state": "dismissed"})).await.refused(404, "not_found");
    assert!(overlaps(&colleague).await.iter().all(|overlap| overlap["exercise"].is_null()));
    assert!(!met[0]["people"].as_array().expect("people").iter().any(|person| person["id"] == colleague.id.as_str()));
    while let Some(frame) = hears.next_within(Duration::from_millis(100)).await {
        assert!(!format!("{frame:?}").contains("deconfliction"), "{frame:?}");
    }
    let mut window = ba.live().await;
    keeper.put(&format!("/api/exercises/{exercise}/end")).await.is(204);
    let told = async {
        loop {
            let told = window.next_of("notice").await.expect("a notice");
            if told["about"] == "gone" {
                return told;
            }
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(20), told).await.expect("a page that shows it is told");
    assert_eq!((&told["code"], &told["id"]), (&json!("deconfliction"), &json!(ours)));
    let gone = async {
        while ba.get(&format!("{CARDS}/{ours}")).await.status != 404 || !of(&gr, &theirs).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("it goes with its exercise");
    assert!(ids(&gr, "").await.contains(&real) && !ids(&gr, "").await.contains(&theirs));
}

#[tokio::test]
async fn a_card_that_nobody_looks_at_again_is_told_of_and_goes() {
    const DAY: i64 = 86_400;
    let region = Region::start_with_clock().expect("a region");
    let maker = region.person("prosecutor.ba").await;
    let due = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48)).strftime("%F").to_string();
    let id = make(&maker, &json!({"review_due": due})).await;
    let mut socket = maker.live().await;
    region.advance(3 * DAY).await;
    // Days have passed: others tell of their things, too.
    let reminded = async {
        loop {
            let told = socket.next_of("notice").await.expect("a notice");
            if told["code"] == "deconfliction" {
                return told;
            }
        }
    };
    let reminded = tokio::time::timeout(Duration::from_secs(20), reminded).await.expect("in time");
    assert_eq!((&reminded["about"], &reminded["id"]), (&json!("review"), &json!(id)));
    let maker = region.person("prosecutor.ba").await;
    assert_eq!(maker.get(&format!("{CARDS}/{id}")).await.is(200)["overdue"], true);
    region.advance(31 * DAY).await;
    let gone = async {
        while region.person("prosecutor.ba").await.get(&format!("{CARDS}/{id}")).await.status != 404 {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.expect("it goes");
    journalled(&region, &[&id]).await;
}
