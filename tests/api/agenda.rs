//! The agenda: who sees what, when it begins by the clocks there, who comes, who is reminded, and calendars elsewhere.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};
use support::ws_client::Socket;

const EVENTS: &str = "/api/agenda/events";
const NOTICES: &str = "/api/agenda/notices";
const FEED: &str = "/api/me/agenda-feed";
/// What the guard takes for somebody's.
const NUMBER: &str = "0101901710008";
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// By then it was looked who is to be reminded.
const SETTLED: Duration = Duration::from_secs(5);

/// An event of this title, in so many seconds, for an hour.
fn wish(title: &str, begins_in: i64) -> Value {
    let at = |seconds| (Timestamp::now() + SignedDuration::from_secs(seconds)).strftime("%Y-%m-%dT%H:%M").to_string();
    json!({"title": title, "language": "en", "kind": "meeting", "start": at(begins_in), "end": at(begins_in + HOUR), "zone": "UTC",
        "place": "Iași"})
}

fn with(mut wish: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("fields") };
    for (name, value) in more {
        wish[name] = value;
    }
    wish
}

async fn make(client: &Client, wish: Value) -> String {
    text(&client.post(EVENTS, wish).await.is(201)["id"])
}

fn path(id: &str) -> String {
    format!("{EVENTS}/{id}")
}

async fn answer(client: &Client, id: &str, answer: &str) {
    client.put_json(&format!("{}/answer", path(id)), json!({"answer": answer})).await.is(204);
}

/// The titles of a list.
async fn titles(client: &Client, query: &str) -> Vec<String> {
    items(&client.get(&format!("{EVENTS}{query}")).await.is(200)).iter().map(|event| text(&event["title"])).collect()
}

/// What somebody is told of an event, and hasn't looked at.
async fn told(client: &Client, event: &str) -> Vec<String> {
    let all = client.get(NOTICES).await.is(200);
    items(&all).iter().filter(|notice| notice["event"] == event).map(|notice| text(&notice["what"])).collect()
}

#[tokio::test]
async fn an_event_is_shown_by_the_clocks_there_and_as_a_moment() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("ngo.mk").await);
    let times = json!({"start": "2027-03-29T09:30", "end": "2027-03-29T17:00", "zone": "Europe/Bucharest", "countries": ["RO", "MK"],
        "themes": ["forced-begging"], "link": "https://meet.example/room", "about": "One line\nand another"});
    let id = make(&author, with(wish("After the clocks have changed", 0), times)).await;
    let shown = reader.get(&path(&id)).await.is(200);
    assert_eq!((&shown["starts_at"], &shown["start"]), (&json!("2027-03-29T06:30:00Z"), &json!("2027-03-29T09:30")));
    assert_eq!((&shown["end"], &shown["zone"]), (&json!("2027-03-29T17:00"), &json!("Europe/Bucharest")));
    assert_eq!((&shown["marking"], &shown["countries"]), (&json!("green"), &json!(["MK", "RO"])));
    assert_eq!(
        (&shown["author"]["id"], &shown["organisation"]["name"]),
        (&json!(author.id), &json!("Serviciul Teritorial de Parchet «Vest»"))
    );
    assert_eq!(shown["can"], json!({"change": false, "lower": false, "cancel": false, "take_out": true}));
    // The same hour a week before is another moment: the clocks there have changed between.
    let earlier = json!({"start": "2027-03-22T09:30", "end": "2027-03-22T17:00", "zone": "Europe/Bucharest"});
    let before = make(&author, with(wish("Before the clocks change", 0), earlier)).await;
    assert_eq!(reader.get(&path(&before)).await.is(200)["starts_at"], "2027-03-22T07:30:00Z");
    let found = titles(&reader, "?country=MK&theme=forced-begging&from=2027-03-28T00:00:00Z&to=2027-03-30T00:00:00Z").await;
    assert_eq!(found, ["After the clocks have changed"]);
    // In autumn it is the other way round, and an hour that is left out is no time.
    let autumn = json!({"start": "2027-10-31T10:00", "end": "2027-10-31T11:00", "zone": "Europe/Bucharest"});
    let after = make(&author, with(wish("Autumn", 0), autumn)).await;
    assert_eq!(reader.get(&path(&after)).await.is(200)["starts_at"], "2027-10-31T08:00:00Z");
    let missing = json!({"start": "2027-03-28T03:30", "end": "2027-03-28T05:00", "zone": "Europe/Bucharest"});
    author.post(EVENTS, with(wish("Nowhere", 0), missing)).await.refused(422, "time_missing");
}

#[tokio::test]
async fn what_can_not_be_kept_is_refused_with_why() {
    let region = Region::shared();
    let author = region.person("labour.al").await;
    for (change, code) in [
        (json!({"title": " "}), "title_invalid"),
        (json!({"zone": "Europe/Atlantis"}), "zone_unknown"),
        (json!({"start": "soon"}), "time_invalid"),
        (json!({"end": "2020-01-01T10:00"}), "event_ends_wrongly"),
        (json!({"countries": ["FR"]}), "tag_unknown"),
        (json!({"link": "http://plain.example"}), "link_invalid"),
        (json!({"marking": "red"}), "marking_unknown"),
        (json!({"title": format!("About {NUMBER}")}), "personal_data"),
        (json!({"about": format!("JMBG {NUMBER}")}), "personal_data"),
        (json!({"place": format!("JMBG {NUMBER}")}), "personal_data"),
    ] {
        author.post(EVENTS, with(wish("An event", DAY), change)).await.refused(422, code);
    }
    author.get(&format!("{EVENTS}?from=yesterday")).await.refused(400, "bad_request");
    author.get(&format!("{EVENTS}?cursor=x")).await.refused(400, "bad_request");
    author.get(&format!("{EVENTS}?kind=party")).await.refused(400, "bad_request");
}

#[tokio::test]
async fn whom_a_marking_leaves_sees_it_and_nobody_else_knows_of_it() {
    let region = Region::shared();
    // Of one organisation, of another, and those who look after the country and after another one.
    let (author, colleague) = (region.person("auditor.region").await, region.person("dpo.region").await);
    let (stranger, keeper, elsewhere) =
        (region.person("member.gr").await, region.person("moderator.ba").await, region.person("moderator.hr").await);
    let editor = region.person("editor.region").await;
    for (marking, seen) in [("clear", true), ("green", true), ("amber", false), ("amber+strict", false)] {
        let id =
            make(&author, with(wish(&format!("Marked {marking}"), 30 * DAY), json!({"marking": marking, "countries": ["BA"]})))
                .await;
        let absent = stranger.get(&path("01900000-0000-7000-8000-000000000000")).await;
        for (who, reads) in
            [(&author, true), (&colleague, true), (&keeper, true), (&editor, true), (&stranger, seen), (&elsewhere, seen)]
        {
            let answer = who.get(&path(&id)).await;
            assert_eq!(answer.status, if reads { 200 } else { 404 }, "{marking}");
            assert!(reads || answer.text == absent.text, "{marking}");
            let listed = titles(who, "?country=BA&limit=100").await.contains(&format!("Marked {marking}"));
            assert_eq!(listed, reads, "{marking}");
            let out = who.get(&format!("{}/calendar", path(&id))).await;
            assert_eq!(
                out.status,
                if seen {
                    200
                } else if reads {
                    403
                } else {
                    404
                },
                "{marking}"
            );
        }
        if !seen {
            for hidden in [
                stranger.put_json(&format!("{}/answer", path(&id)), json!({"answer": "coming"})).await,
                stranger.put_json(&format!("{}/cancellation", path(&id)), json!({"because": "b"})).await,
                stranger.put_json(&path(&id), with(wish("Mine", DAY), json!({"revision": 0}))).await,
            ] {
                assert_eq!((hidden.status, &hidden.text), (404, &absent.text));
            }
        }
    }
    for who in ["pending.ro", "expired.gr"] {
        let outsider = region.person(who).await;
        outsider.get(EVENTS).await.refused(403, "not_confirmed");
        outsider.post(EVENTS, wish("No", DAY)).await.refused(403, "not_confirmed");
        outsider.post(FEED, json!({})).await.refused(403, "not_confirmed");
    }
    region.anonymous().get(EVENTS).await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn an_event_is_changed_by_its_own_people_and_cancelled_by_those_who_look_after_it() {
    let region = Region::shared();
    let (author, guest, other) =
        (region.person("helpline.al").await, region.person("guardian.hr").await, region.person("teacher.xk").await);
    let id = make(&author, with(wish("To be moved", 20 * DAY), json!({"countries": ["AL"], "marking": "green"}))).await;
    answer(&guest, &id, "coming").await;
    answer(&other, &id, "no").await;
    let mut window = guest.live().await;
    let change = with(wish("Moved", 21 * DAY), json!({"countries": ["AL"], "marking": "clear", "revision": 0}));
    other.put_json(&path(&id), change.clone()).await.refused(403, "forbidden");
    let changed = author.put_json(&path(&id), change.clone()).await.is(200);
    assert_eq!((&changed["title"], &changed["revision"]), (&json!("Moved"), &json!(1)));
    author.put_json(&path(&id), change).await.refused(409, "conflict");
    assert_eq!(heard(&mut window).await, json!({"type": "notice", "code": "agenda", "id": id, "about": "changed"}));
    assert_eq!((told(&guest, &id).await, told(&other, &id).await), (vec!["changed".to_owned()], vec![]));
    guest.delete(&format!("{NOTICES}?event={id}")).await.is(204);
    assert_eq!(told(&guest, &id).await, Vec::<String>::new());
    let lowered = region.person("auditor.region").await.get("/api/record?act=event.&limit=100").await.is(200);
    let row = items(&lowered).iter().find(|row| row["target"]["id"] == id.as_str()).expect("a row");
    assert_eq!((&row["act"], &row["detail"]), (&json!("event.lower"), &json!("from=green to=clear")));
    let cancellation = format!("{}/cancellation", path(&id));
    region.person("moderator.hr").await.put_json(&cancellation, json!({"because": "b"})).await.refused(403, "forbidden");
    let keeper = region.person("moderator.al").await;
    keeper.put_json(&cancellation, json!({"because": " "})).await.refused(422, "reason_missing");
    keeper.put_json(&cancellation, json!({"because": format!("JMBG {NUMBER}")})).await.refused(422, "personal_data");
    keeper.put_json(&cancellation, json!({"because": "The room is flooded"})).await.is(204);
    keeper.put_json(&cancellation, json!({"because": "again"})).await.refused(409, "event_cancelled");
    let shown = other.get(&path(&id)).await.is(200);
    assert_eq!(shown["cancelled"]["because"], "The room is flooded");
    assert_eq!(told(&guest, &id).await, ["cancelled"]);
    guest.put_json(&format!("{}/answer", path(&id)), json!({"answer": "no"})).await.refused(409, "event_cancelled");
    let change = with(wish("Back", 21 * DAY), json!({"revision": 2}));
    author.put_json(&path(&id), change).await.refused(409, "conflict");
}

#[tokio::test]
async fn one_answer_a_person_and_everybody_sees_who_comes() {
    let region = Region::shared();
    let (author, one, other) =
        (region.person("forensic.rs").await, region.person("judge.hr").await, region.person("police.mk").await);
    let id = make(&author, wish("Who comes", 40 * DAY)).await;
    answer(&one, &id, "maybe").await;
    answer(&one, &id, "coming").await;
    answer(&other, &id, "no").await;
    let shown = author.get(&path(&id)).await.is(200);
    assert_eq!(shown["answers"], json!({"coming": 1, "maybe": 0, "no": 1}));
    let guests: Vec<_> = shown["guests"]
        .as_array()
        .expect("guests")
        .iter()
        .map(|guest| (text(&guest["person"]["id"]), text(&guest["answer"])))
        .collect();
    assert!(
        guests.contains(&(one.id.clone(), "coming".into())) && guests.contains(&(other.id.clone(), "no".into())),
        "{guests:?}"
    );
    assert_eq!(one.get(&path(&id)).await.is(200)["my_answer"], "coming");
    one.delete(&format!("{}/answer", path(&id))).await.is(204);
    assert_eq!(one.get(&path(&id)).await.is(200)["my_answer"], Value::Null);
    one.put_json(&format!("{}/answer", path(&id)), json!({"answer": "perhaps"})).await.refused(400, "bad_json");
    let past = with(wish("Long ago", 0), json!({"start": "2026-01-10T10:00", "end": "2026-01-10T11:00"}));
    let gone = make(&author, past).await;
    one.put_json(&format!("{}/answer", path(&gone)), json!({"answer": "coming"})).await.refused(409, "event_over");
}

#[tokio::test]
async fn events_are_listed_page_by_page_onwards_and_backwards() {
    let region = Region::shared();
    let author = region.person("finance.me").await;
    for n in 1..=5 {
        let times = json!({"start": format!("2031-05-0{n}T10:00"), "end": format!("2031-05-0{n}T11:00"), "kind": "training"});
        make(&author, with(wish(&format!("Day {n}"), 0), times)).await;
    }
    let span = "from=2031-05-01T00:00:00Z&to=2031-06-01T00:00:00Z";
    let first = author.get(&format!("{EVENTS}?{span}&limit=3")).await.is(200);
    let next = text(&first["next"]);
    assert_eq!(titles(&author, &format!("?{span}&limit=3")).await, ["Day 1", "Day 2", "Day 3"]);
    assert_eq!(titles(&author, &format!("?{span}&limit=3&cursor={next}")).await, ["Day 4", "Day 5"]);
    assert_eq!(titles(&author, &format!("?{span}&latest=true&limit=2")).await, ["Day 5", "Day 4"]);
    assert_eq!(titles(&author, &format!("?{span}&kind=meeting")).await, Vec::<String>::new());
    assert_eq!(
        titles(&author, &format!("?{span}&country=RO&kind=training")).await.len(),
        5,
        "of the whole region: of each country"
    );
}

/// The next frame about the agenda.
async fn heard(socket: &mut Socket) -> Value {
    loop {
        let notice = socket.next_of("notice").await.expect("a notice");
        if notice["code"] == "agenda" {
            return notice;
        }
    }
}

/// Lets so many seconds pass, and whoever is to be reminded be reminded.
async fn pass(region: &Region, seconds: i64) {
    region.advance(seconds).await;
    tokio::time::sleep(SETTLED).await;
}

#[tokio::test]
async fn who_comes_is_reminded_a_day_and_an_hour_before_once_and_over_a_restart() {
    let region = Region::start_with_clock().expect("a region");
    let author = region.person("member.ro").await;
    let (comes, may_come, stays) =
        (region.person("member.gr").await, region.person("judge.hr").await, region.person("ngo.mk").await);
    let late = region.person("police.mk").await;
    let id = make(&author, wish("Soon", 2 * DAY)).await;
    for (client, word) in [(&comes, "coming"), (&may_come, "maybe"), (&stays, "no")] {
        answer(client, &id, word).await;
    }
    let mut window = comes.live().await;
    pass(&region, HOUR).await;
    assert_eq!(told(&comes, &id).await, Vec::<String>::new(), "it is too early");
    pass(&region, DAY).await;
    assert_eq!(heard(&mut window).await, json!({"type": "notice", "code": "agenda", "id": id, "about": "day"}));
    for (client, expected) in [(&comes, vec!["day"]), (&may_come, vec!["day"]), (&stays, vec![]), (&author, vec![])] {
        assert_eq!(told(client, &id).await, expected);
    }
    comes.delete(NOTICES).await.is(204);
    answer(&late, &id, "coming").await;
    drop(window);
    region.stop().expect("stopped");
    let region = region.started_again().expect("served again");
    let [comes, may_come, late] =
        [region.person("member.gr").await, region.person("judge.hr").await, region.person("police.mk").await];
    tokio::time::sleep(SETTLED).await;
    assert_eq!(told(&comes, &id).await, Vec::<String>::new(), "nobody is reminded twice");
    assert_eq!(told(&may_come, &id).await, ["day"]);
    assert_eq!(told(&late, &id).await, Vec::<String>::new(), "who has just answered knows that it is soon");
    pass(&region, 22 * HOUR + HOUR / 2).await;
    assert_eq!((told(&comes, &id).await, told(&late, &id).await), (vec!["hour".to_owned()], vec!["hour".to_owned()]));
    comes.delete(NOTICES).await.is(204);
    pass(&region, HOUR / 4).await;
    assert_eq!(told(&comes, &id).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_is_told_of_what_they_may_no_longer_read() {
    let region = Region::start_with_clock().expect("a region");
    let (author, guest) = (region.person("member.ro").await, region.person("member.gr").await);
    let id = make(&author, wish("Closed later", 3 * DAY)).await;
    answer(&guest, &id, "coming").await;
    let stricter = with(wish("Closed later", 3 * DAY), json!({"marking": "amber", "revision": 0}));
    author.put_json(&path(&id), stricter).await.is(200);
    assert_eq!(told(&guest, &id).await, Vec::<String>::new());
    pass(&region, 2 * DAY + HOUR).await;
    assert_eq!(told(&guest, &id).await, Vec::<String>::new());
    guest.get(&path(&id)).await.refused(404, "not_found");
}

/// A line of a calendar: its name with parameters, and its value.
type Line = (String, String);

/// The entries of a calendar, read as RFC 5545 says and by none of the code that writes it.
fn read(calendar: &str) -> Vec<Vec<Line>> {
    assert!(calendar.ends_with("END:VCALENDAR\r\n"), "{calendar}");
    assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']), "lines end with CRLF");
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "no line has more than 75 octets");
    let unfolded = calendar.replace("\r\n ", "").replace("\r\n\t", "");
    let mut lines = unfolded.split_terminator("\r\n");
    assert_eq!(lines.next(), Some("BEGIN:VCALENDAR"));
    let (mut entries, mut entry) = (Vec::new(), None::<Vec<Line>>);
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no value in {line}"));
        match (name, value) {
            ("BEGIN", "VEVENT") => entry = Some(Vec::new()),
            ("END", "VEVENT") => entries.push(entry.take().expect("a begin before an end")),
            _ => {
                if let Some(entry) = &mut entry {
                    entry.push((name.to_owned(), unescaped(value)));
                }
            }
        }
    }
    for entry in &entries {
        for needed in ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"] {
            assert_eq!(entry.iter().filter(|(name, _)| name == needed).count(), 1, "{needed} in {entry:?}");
        }
    }
    entries
}

fn unescaped(value: &str) -> String {
    let (mut out, mut signs) = (String::new(), value.chars());
    while let Some(sign) = signs.next() {
        match (sign, if sign == '\\' { signs.next() } else { None }) {
            ('\\', Some('n' | 'N')) => out.push('\n'),
            ('\\', Some(escaped)) => out.push(escaped),
            (sign, _) => out.push(sign),
        }
    }
    out
}

fn value(entry: &[Line], name: &str) -> String {
    entry.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name} in {entry:?}")).1.clone()
}

async fn feed(client: &Client, choice: Value) -> String {
    text(&client.post(FEED, choice).await.is(201)["path"])
}

#[tokio::test]
async fn a_feed_shows_what_may_leave_and_nothing_else() {
    let region = Region::shared();
    let (owner, author) = (region.person("moderator.me").await, region.person("ngo.me").await);
    let long = format!("Ćirilica; и латиница, {}", "дуги наслов ".repeat(7));
    let kept = json!({"start": "2027-03-29T09:30", "end": "2027-03-29T17:00", "zone": "Europe/Podgorica", "countries": ["ME"],
        "about": "First line\nsecond; with, signs \\ of all kinds", "link": "https://meet.example/room"});
    let shown = make(&author, with(wish(long.trim(), 0), kept)).await;
    let mut strict = Vec::new();
    for marking in ["amber", "amber+strict"] {
        strict
            .push(make(&owner, with(wish("Of our own house", 9 * DAY), json!({"marking": marking, "countries": ["ME"]}))).await);
    }
    let elsewhere = make(&author, with(wish("In Greece", 9 * DAY), json!({"countries": ["GR"]}))).await;
    let everywhere = make(&author, with(wish("In the whole region", 9 * DAY), json!({"marking": "clear"}))).await;
    let cancelled = make(&author, with(wish("Not at all", 9 * DAY), json!({"countries": ["ME"]}))).await;
    author.put_json(&format!("{}/cancellation", path(&cancelled)), json!({"because": "No money"})).await.is(204);
    let address = feed(&owner, json!({"countries": ["ME"]})).await;
    let answer = region.anonymous().get(&address).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let entries = read(&answer.text);
    let entry = |id: &str| entries.iter().find(|entry| value(entry, "UID").starts_with(id));
    let found = entry(&shown).expect("the event");
    assert_eq!((value(found, "DTSTART"), value(found, "DTEND")), ("20270329T073000Z".into(), "20270329T150000Z".into()));
    assert_eq!(value(found, "SUMMARY"), long.trim());
    let about = value(found, "DESCRIPTION");
    assert!(about.contains("First line\nsecond; with, signs \\ of all kinds") && about.starts_with("TLP:GREEN · "), "{about}");
    assert!(about.contains("https://meet.example/room"), "{about}");
    assert_eq!(value(entry(&cancelled).expect("the event"), "STATUS"), "CANCELLED");
    assert!(entry(&everywhere).is_some() && entry(&elsewhere).is_none());
    assert!(strict.iter().all(|id| entry(id).is_none()), "{}", answer.text);
    // Another choice, at the same address.
    owner.patch(FEED, json!({"countries": ["GR"], "themes": []})).await.is(204);
    let entries = read(&region.anonymous().get(&address).await.text);
    assert!(entries.iter().any(|entry| value(entry, "UID").starts_with(&elsewhere)));
    let own = owner.get(FEED).await.is(200);
    assert_eq!((&own["made"], &own["countries"]), (&json!(true), &json!(["GR"])));
    assert!(own["fetched_at"].is_string() && !own.to_string().contains(address.split('/').next_back().expect("a secret")));
}

#[tokio::test]
async fn a_feed_that_was_ended_is_answered_as_none() {
    let region = Region::shared();
    let (owner, anonymous) = (region.person("psychologist.bg").await, region.anonymous());
    let none = anonymous.get("/api/agenda/feeds/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics").await;
    none.clone().refused(404, "not_found");
    let first = feed(&owner, json!({})).await;
    assert!(first.len() > "/api/agenda/feeds/.ics".len() + 40, "256 bits: {first}");
    assert_eq!(anonymous.get(&first).await.status, 200);
    anonymous.get(first.trim_end_matches(".ics")).await.refused(404, "not_found");
    let second = feed(&owner, json!({})).await;
    assert_eq!(anonymous.get(&first).await.text, none.text, "made anew, the old address leads nowhere");
    assert_eq!(anonymous.get(&second).await.status, 200);
    owner.delete(FEED).await.is(204);
    assert_eq!(anonymous.get(&second).await.text, none.text);
    owner.delete(FEED).await.refused(404, "not_found");
    owner.patch(FEED, json!({})).await.refused(404, "not_found");
    assert_eq!(owner.get(FEED).await.is(200)["made"], false);
    owner.post(FEED, json!({"countries": ["FR"]})).await.refused(422, "tag_unknown");
    // The secret stands nowhere in the data folder.
    let third = feed(&owner, json!({})).await;
    let secret = third.trim_start_matches("/api/agenda/feeds/").trim_end_matches(".ics").to_owned();
    for file in std::fs::read_dir(region.folder()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
}

#[tokio::test]
async fn a_feed_ends_with_who_may_come_in() {
    let region = Region::start_with_clock().expect("a region");
    let (admin, owner, expires) =
        (region.person("admin").await, region.person("member.ro").await, region.person("expiring.bg").await);
    let (address, other) = (feed(&owner, json!({})).await, feed(&expires, json!({})).await);
    let anonymous = region.anonymous();
    assert_eq!((anonymous.get(&address).await.status, anonymous.get(&other).await.status), (200, 200));
    admin.put(&format!("/api/accounts/{}/suspension", owner.id)).await.is(204);
    anonymous.get(&address).await.refused(404, "not_found");
    region.advance(13 * DAY).await;
    anonymous.get(&other).await.refused(404, "not_found");
    region.person("admin").await.delete(&format!("/api/accounts/{}/suspension", owner.id)).await.is(204);
    assert_eq!(anonymous.get(&address).await.status, 200);
}

#[tokio::test]
async fn a_feed_is_fetched_so_often_and_guessed_at_no_more() {
    let region = Region::shared();
    let owner = region.person("fiu.bg").await;
    let address = feed(&owner, json!({})).await;
    let from = |address: &str| region.anonymous().with("x-forwarded-for", address);
    let calendar = from("198.51.100.7");
    let mut statuses = Vec::new();
    for _ in 0..14 {
        statuses.push(calendar.get(&address).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 12, "{statuses:?}");
    assert_eq!(calendar.get(&address).await.refused(429, "too_many_attempts")["retry_after"], 60);
    let guesser = from("198.51.100.9");
    let mut refused = 0;
    for n in 0..64 {
        let answer = guesser.get(&format!("/api/agenda/feeds/guess{n}.ics")).await;
        refused += usize::from(answer.status == 429);
    }
    assert!(refused >= 3, "{refused}");
}

#[tokio::test]
async fn events_are_found_by_their_words_and_by_nobody_who_may_not_read_them() {
    let region = Region::shared();
    let (author, stranger) = (region.person("lawyer.md").await, region.person("asylum.gr").await);
    let open =
        make(&author, with(wish("Kormoran workshop", 12 * DAY), json!({"about": "On cormorants", "countries": ["MD"]}))).await;
    let closed = json!({"about": "On cormorants", "marking": "amber", "countries": ["MD"]});
    let hidden = make(&author, with(wish("Kormoran council", 13 * DAY), closed)).await;
    assert_eq!(titles(&author, "?q=cormorants").await, ["Kormoran workshop", "Kormoran council"]);
    assert_eq!(titles(&stranger, "?q=kormoran").await, ["Kormoran workshop"]);
    assert_eq!(titles(&stranger, "?q=kormoran&country=GR").await, Vec::<String>::new());
    stranger.get(&format!("{EVENTS}?q={NUMBER}")).await.refused(422, "personal_data");
    let found = async |client: &Client| {
        let answer = client.get("/api/search?q=kormoran").await.is(200);
        let things = answer["things"].as_array().cloned().unwrap_or_default();
        things.iter().map(|thing| text(&thing["id"])).collect::<Vec<_>>()
    };
    assert_eq!(found(&stranger).await, [open.as_str()]);
    let seen = found(&author).await;
    assert!(seen.contains(&open) && seen.contains(&hidden), "{seen:?}");
    // What was changed is found as it is now.
    let change = with(wish("Pelican workshop", 12 * DAY), json!({"countries": ["MD"], "revision": 0}));
    author.put_json(&path(&open), change).await.is(200);
    assert_eq!(titles(&stranger, "?q=kormoran").await, Vec::<String>::new());
    assert_eq!(titles(&stranger, "?q=pelicans").await, ["Pelican workshop"]);
}

#[tokio::test]
async fn the_demo_has_events_of_every_country_around_today() {
    let region = Region::shared();
    let reader = region.person("rarc").await;
    let now = Timestamp::now();
    let past = reader.get(&format!("{EVENTS}?to={now}&latest=true&limit=100")).await.is(200);
    let coming = reader.get(&format!("{EVENTS}?from={now}&limit=100")).await.is(200);
    assert!(items(&past).len() >= 5 && items(&coming).len() >= 5, "{} {}", items(&past).len(), items(&coming).len());
    for country in ["AL", "BA", "BG", "GR", "HR", "MD", "ME", "MK", "RO", "RS", "XK"] {
        assert!(!titles(&reader, &format!("?country={country}&limit=100")).await.is_empty(), "{country}");
    }
}
