//! Newcomers wait for a second person, and access ends with accreditation and with the job.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::ws_client::{Incoming, PATIENCE};
use uuid::Uuid;

const PASSWORD: &str = "seven quiet lighthouses";

/// Somebody whom `sponsor` has invited and who has come in, signed in as by a browser.
async fn newcomer(region: &Region, sponsor: &Client, country: &str) -> Client {
    newcomer_named(region, sponsor, country, "Neva Nova").await
}

async fn newcomer_named(region: &Region, sponsor: &Client, country: &str, name: &str) -> Client {
    let email = format!("{}@new.egida.example", Uuid::now_v7());
    let wish = json!({"email": email, "name": name, "country": country, "function": "SOCIAL-WORKER",
        "organisation": "Centre"});
    let invited = sponsor.post("/api/invitations", wish).await.is(201);
    let mut visitor = region.anonymous().with("x-forwarded-for", "192.0.2.77");
    let wish = json!({"token": invited["token"], "email": email, "name": name, "password": PASSWORD});
    let entered = visitor.post("/api/invitation-acceptances", wish).await;
    visitor.keep_cookie(&entered);
    assert_eq!(entered.is(201)["accredited_until"], Value::Null);
    visitor
}

fn confirmation(of: &Client) -> String {
    format!("/api/people/{}/confirmation", of.id)
}

async fn purposes(of: &Client) -> Vec<String> {
    let list = of.get("/api/channels").await.is(200);
    let mut purposes: Vec<_> =
        items(&list).iter().filter(|channel| channel["member"] == true).map(|channel| text(&channel["purpose"])).collect();
    purposes.sort();
    purposes
}

async fn by_slug(of: &Client, slug: &str) -> String {
    let list = of.get("/api/channels").await.is(200);
    text(&items(&list).iter().find(|channel| channel["slug"] == slug).expect("the channel")["id"])
}

#[tokio::test]
async fn a_newcomer_sees_the_newcomers_room_and_nothing_else() {
    let region = Region::shared();
    let (sponsor, member) = (region.person("moderator.ro").await, region.person("member.ro").await);
    let new = newcomer(&region, &sponsor, "RO").await;
    assert_eq!(items(&new.get("/api/channels").await.is(200)).len(), 1);
    assert_eq!(purposes(&new).await, ["newcomers"]);
    let (room, lobby) = (by_slug(&new, "newcomers").await, by_slug(&member, "lobby").await);
    new.say(&room, "Good morning").await;
    new.get(&format!("/api/channels/{lobby}")).await.refused(404, "not_found");
    new.get(&format!("/api/channels/{lobby}/messages")).await.refused(404, "not_found");
    new.post(&format!("/api/channels/{lobby}/messages"), draft("in")).await.refused(404, "not_found");
    new.put(&format!("/api/channels/{lobby}/members/me")).await.refused(404, "not_found");
    new.delete(&format!("/api/channels/{room}/members/me")).await.refused(403, "forbidden");
    for path in ["/api/people", "/api/grid", "/api/confirmations", "/api/invitations", &format!("/api/people/{}", member.id)] {
        new.get(path).await.refused(403, "not_confirmed");
    }
    new.get(&format!("/api/people/{}", new.id)).await.is(200);
    let opening = json!({"kind": "direct", "people": [member.id]});
    new.post("/api/channels", opening).await.refused(403, "not_confirmed");
    // Nor can others bring a newcomer in.
    let opening = json!({"kind": "direct", "people": [new.id]});
    member.post("/api/channels", opening).await.refused(422, "person_not_confirmed");
    let ro = by_slug(&sponsor, "ro").await;
    sponsor.put(&format!("/api/channels/{ro}/members/{}", new.id)).await.refused(422, "person_not_confirmed");
    let found = member.get("/api/people?q=neva").await.is(200);
    assert!(items(&found).iter().all(|person| person["id"] != new.id), "nobody finds who isn't confirmed");
    let own = new.get("/api/me/accreditation").await.is(200);
    assert_eq!((own["state"].as_str(), own["sponsor"]["id"].as_str()), (Some("pending"), Some(sponsor.id.as_str())));
    assert!(own["helpers"].as_array().is_some_and(|helpers| helpers.len() >= 2), "{own}");
}

#[tokio::test]
async fn who_confirms_is_told_of_a_name_that_looks_like_another() {
    let region = Region::shared();
    let (sponsor, second) = (region.person("moderator.ro").await, region.person("moderator.region").await);
    let known = region.person("interpreter.ro").await;
    let name = text(&known.get("/api/session").await.is(200)["name"]);
    // A Latin letter gives way to the Cyrillic or Greek one of the same look.
    let (position, letter) = name.char_indices().find(|(_, c)| "aeo".contains(*c)).expect("a vowel");
    let other = match letter {
        'a' => "а",
        'e' => "е",
        _ => "ο",
    };
    let (before, after) = (&name[..position], &name[position + 1..]);
    let (posing, honest) = (format!("{before}{other}{after}"), "Zorana Quill");
    let (posing, honest) =
        (newcomer_named(&region, &sponsor, "RO", &posing).await, newcomer_named(&region, &sponsor, "RO", honest).await);
    let queue = second.get("/api/confirmations").await.is(200);
    let alike = |id: &str| items(&queue).iter().find(|person| person["id"] == id).expect("waits")["looks_like"].clone();
    assert_eq!(alike(&posing.id), json!([{"id": known.id, "name": name}]));
    assert_eq!(alike(&honest.id), json!([]));
    let dossier = second.get(&confirmation(&posing)).await.is(200);
    assert_eq!(dossier["person"]["looks_like"][0]["id"], known.id.as_str());
}

#[tokio::test]
async fn a_second_person_confirms_and_says_how() {
    let region = Region::shared();
    let (sponsor, second) = (region.person("moderator.ro").await, region.person("moderator.region").await);
    let new = newcomer(&region, &sponsor, "RO").await;
    let waiting = |list: &Value, id: &str| items(list).iter().find(|person| person["id"] == id).cloned();
    let queue = sponsor.get("/api/confirmations").await.is(200);
    assert_eq!(waiting(&queue, &new.id).expect("waits")["may_confirm"], false, "its sponsor may not");
    let queue = second.get("/api/confirmations").await.is(200);
    assert_eq!(waiting(&queue, &new.id).expect("waits")["may_confirm"], true);
    let foreign = region.person("moderator.rs").await;
    assert!(waiting(&foreign.get("/api/confirmations").await.is(200), &new.id).is_none());

    let how = json!({"how": "called_official_number", "note": "Asked the duty desk"});
    let path = confirmation(&new);
    sponsor.put_json(&path, how.clone()).await.refused(403, "second_person_needed");
    foreign.put_json(&path, how.clone()).await.refused(404, "not_found");
    region.person("member.ro").await.put_json(&path, how.clone()).await.refused(404, "not_found");
    region.person("admin").await.put_json(&path, how.clone()).await.refused(403, "second_person_needed");
    new.put_json(&path, how.clone()).await.refused(404, "not_found");
    second.put_json(&path, json!({"how": "operator"})).await.refused(400, "bad_json");

    let mut socket = new.live().await;
    let (first, again) = tokio::join!(second.put_json(&path, how.clone()), second.put_json(&path, how.clone()));
    let mut statuses = [first.status, again.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409], "confirmed once");
    socket.next_of("membership").await.expect("the house opens without a reload");
    assert_eq!(purposes(&new).await, ["country", "lobby", "newcomers"]);
    assert!(new.get("/api/session").await.is(200)["accredited_until"].is_string());
    let dossier = second.get(&path).await.is(200);
    let given = &dossier["confirmations"][0];
    assert_eq!((given["how"].as_str(), given["by"]["id"].as_str()), (Some("called_official_number"), Some(second.id.as_str())));
}

#[tokio::test]
async fn an_accreditation_lasts_as_long_as_the_region_says() {
    const DAY: i64 = 24 * 60 * 60;
    let brief = [("EGIDA_ACCREDITATION_DAYS", "10"), ("EGIDA_REMINDER_DAYS", "4, 1")];
    let region = Region::start_with_clock_and(&brief).expect("a region");
    let (sponsor, second) = (region.person("moderator.ro").await, region.person("moderator.region").await);
    let mut new = newcomer(&region, &sponsor, "RO").await;
    let says = new.get("/api/region").await.is(200);
    assert_eq!(says["accreditation"], json!({"days": 10, "reminder_days": [4, 1]}), "what the page reminds by");
    let confirm = async || second.put_json(&confirmation(&new), json!({"how": "vouched"})).await;
    confirm().await.is(204);
    confirm().await.refused(409, "already_confirmed");
    let email = text(&new.get("/api/session").await.is(200)["email"]);
    let waits = async || items(&second.get("/api/confirmations").await.is(200)).iter().any(|row| row["email"] == email.as_str());
    region.advance(6 * DAY - 60).await;
    new.sign_in(&email, PASSWORD).await.is(200);
    assert_eq!((new.get("/api/me/accreditation").await.is(200)["state"].as_str(), waits().await), (Some("accredited"), false));
    region.advance(120).await;
    let own = new.get("/api/me/accreditation").await.is(200);
    assert_eq!((own["state"].as_str(), waits().await), (Some("expiring"), true));
    second.put_json(&format!("/api/people/{}/confirmation", new.id), json!({"how": "vouched"})).await.is(204);
    region.advance(10 * DAY - 120).await;
    new.sign_in(&email, PASSWORD).await.is(200);
    let mut socket = new.live().await;
    new.get("/api/grid").await.is(200);
    region.advance(120).await;
    let closed = loop {
        match socket.next_within(PATIENCE).await.expect("an end") {
            Incoming::Closed { code, .. } => break code,
            Incoming::Frame(_) => {}
        }
    };
    assert_eq!(closed, 4403, "ten days after the renewal");
    assert_eq!(new.get("/api/me/accreditation").await.is(200)["state"], "expired");
    new.get("/api/grid").await.refused(403, "not_confirmed");
    assert!(items(&new.get("/api/channels").await.is(200)).is_empty());
}

#[tokio::test]
async fn who_cannot_be_confirmed_is_refused() {
    let region = Region::shared();
    let (sponsor, second) = (region.person("moderator.ro").await, region.person("moderator.region").await);
    let new = newcomer(&region, &sponsor, "RO").await;
    sponsor.put(&format!("/api/people/{}/refusal", new.id)).await.refused(403, "second_person_needed");
    second.put(&format!("/api/people/{}/refusal", new.id)).await.is(204);
    new.get("/api/session").await.refused(401, "not_signed_in");
    second.put_json(&confirmation(&new), json!({"how": "vouched"})).await.refused(404, "not_found");
}

#[tokio::test]
async fn an_account_ends_with_the_job() {
    let region = Region::shared();
    let (sponsor, second) = (region.person("moderator.gr").await, region.person("moderator.region").await);
    let new = newcomer(&region, &sponsor, "GR").await;
    second.put_json(&confirmation(&new), json!({"how": "official_mailbox"})).await.is(204);
    let lobby = by_slug(&new, "lobby").await;
    let said = new.say(&lobby, "I leave on Friday").await;
    region.person("moderator.rs").await.put(&format!("/api/people/{}/departure", new.id)).await.refused(404, "not_found");
    new.put("/api/people/me/departure").await.is(204);
    new.get("/api/session").await.refused(401, "not_signed_in");
    let message = second.get(&format!("/api/messages/{}", text(&said["id"]))).await.is(200);
    assert_eq!(message["author_name"], "Neva Nova", "the name stays on what was said");
}

#[tokio::test]
async fn the_expired_are_told_why_and_nothing_else() {
    let region = Region::shared();
    let expired = region.signed_in("expired.gr").await;
    assert!(items(&expired.get("/api/channels").await.is(200)).is_empty());
    expired.get("/api/grid").await.refused(403, "not_confirmed");
    let own = expired.get("/api/me/accreditation").await.is(200);
    assert_eq!(own["state"], "expired");
    assert!(own["helpers"].as_array().is_some_and(|helpers| !helpers.is_empty()));
}

#[tokio::test]
async fn one_foreign_grant_in_fifty_and_nothing_is_given() {
    let region = Region::shared();
    let moderator = region.person("moderator.ro").await;
    let people = [region.person("teacher.xk").await, region.person("lawyer.md").await];
    let own = region.room_of("moderator.ro", &json!({"kind": "open", "country": "RO"}), &[]).await;
    let foreign = region.room_of("moderator.rs", &json!({"kind": "open", "country": "RS"}), &[]).await;
    let grant = |account: &Client, channel: &str| json!({"account": account.id, "role": "moderator", "scope": format!("channel:{channel}")});
    let mut grants: Vec<_> = (0..49).map(|n| grant(&people[n % 2], &own)).collect();
    grants.push(grant(&people[0], &foreign));
    moderator.post("/api/grants", json!({"grants": grants})).await.refused(403, "forbidden");
    let powers = |client: &Client| {
        let client = client.clone();
        async move { client.get("/api/session").await.is(200)["roles"].as_array().map_or(0, Vec::len) }
    };
    assert_eq!((powers(&people[0]).await, powers(&people[1]).await), (0, 0), "nothing was done");
    grants.pop();
    let given = moderator.post("/api/grants", json!({"grants": grants})).await.is(201);
    assert_eq!(given["grants"].as_array().map(Vec::len), Some(49));
    assert_eq!((powers(&people[0]).await, powers(&people[1]).await), (1, 1));
    let own_raise = json!({"grants": [grant(&moderator, &own)]});
    moderator.post("/api/grants", own_raise).await.refused(403, "forbidden");
    for person in &people {
        let id = text(&person.get("/api/session").await.is(200)["roles"][0]["id"]);
        moderator.delete(&format!("/api/accounts/{}/roles/{id}", person.id)).await.is(204);
    }
}

#[tokio::test]
async fn an_auditor_reads_the_record_and_no_content() {
    let region = Region::shared();
    let (auditor, moderator) = (region.person("auditor.region").await, region.person("moderator.ro").await);
    let room = region.room_of("moderator.ro", &json!({"kind": "closed", "country": "RO"}), &[]).await;
    moderator.say(&room, "a canary of the aviary").await;
    let first = auditor.get("/api/record?limit=2").await.is(200);
    let numbers: Vec<_> = items(&first).iter().map(|act| act["n"].as_i64().expect("a number")).collect();
    assert_eq!(numbers[0], numbers[1] + 1, "the latest first, without a gap");
    let next = auditor.get(&format!("/api/record?limit=2&cursor={}", text(&first["next"]))).await.is(200);
    assert_eq!(items(&next)[0]["n"], numbers[1] - 1);
    let whole = auditor.get("/api/record?limit=100").await;
    assert!(!whole.text.contains("canary"), "{}", whole.text);
    // Others write into the record meanwhile: the row is asked for by what it is about.
    let of_room = auditor.get(&format!("/api/record?limit=100&target=channel:{room}")).await;
    assert!(!of_room.text.contains("canary"), "{}", of_room.text);
    let opened = items(&of_room.is(200))
        .iter()
        .any(|row| row["act"] == "channel.open" && row["target"]["kind"] == "channel" && row["target"]["id"] == room.as_str());
    assert!(opened, "opening the room is in it");
    auditor.get(&format!("/api/channels/{room}/messages")).await.refused(404, "not_found");
    for handle in ["member.ro", "moderator.region", "admin"] {
        region.person(handle).await.get("/api/record").await.refused(403, "forbidden");
    }
}
