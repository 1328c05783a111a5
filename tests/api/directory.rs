//! Who can help with what, where: the finder, organisations, focal points, countries, one's own entry.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::region::{Client, Region, address, items, text};
use uuid::Uuid;

/// A word that stands in no other name.
fn word() -> String {
    let letters: String = Uuid::now_v7().simple().to_string().chars().map(|c| char::from(b'a' + c as u8 % 16)).collect();
    format!("Zz{letters}")
}

/// A fresh organisation with this word in its name.
async fn organisation(by: &Client, word: &str, country: &str, wish: Value) -> Value {
    let mut whole = json!({"name": format!("Centre «{word}»"), "kind": "NGO-SERVICE", "country": country});
    whole.as_object_mut().expect("a wish").extend(wish.as_object().expect("a wish").clone());
    by.post("/api/organisations", whole).await.is(201)
}

async fn found(by: &Client, query: &str) -> Vec<String> {
    let page = by.get(&format!("/api/directory?{query}")).await.is(200);
    items(&page).iter().map(name_of).collect()
}

fn name_of(item: &Value) -> String {
    let shown = if item["kind"] == "organisation" { &item["organisation"] } else { &item["person"] };
    text(&shown["name"])
}

#[tokio::test]
async fn who_can_help_is_found_by_country_topic_and_language() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    let page = asker.get("/api/directory?country=MK&topic=interpretation").await.is(200);
    let kinds: Vec<_> = items(&page).iter().map(|item| text(&item["kind"])).collect();
    let mut sorted = kinds.clone();
    sorted.sort_by_key(|kind| ["focal_point", "organisation", "person"].iter().position(|known| known == kind));
    assert_eq!(kinds, sorted, "focal points, then organisations, then people");
    assert!(kinds.iter().any(|kind| kind == "focal_point") && kinds.iter().any(|kind| kind == "organisation"), "{kinds:?}");
    for item in items(&page) {
        let shown = if item["kind"] == "organisation" { &item["organisation"] } else { &item["person"] };
        assert!(shown["country"] == "MK" || shown["country"].is_null(), "of the country or of the region: {shown}");
    }
    assert_eq!(page["total"].as_u64(), Some(items(&page).len() as u64));
    let narrower =
        asker.get("/api/directory?country=MK&topic=interpretation&theme=unaccompanied-children&language=fa").await.is(200);
    assert!(narrower["total"].as_u64() > Some(0) && narrower["total"].as_u64() < page["total"].as_u64(), "{narrower}");
    for item in items(&narrower).iter().filter(|item| item["kind"] == "organisation") {
        let topics = item["organisation"]["topics"].as_array().expect("topics");
        assert!(["interpretation", "unaccompanied-children"].iter().all(|topic| topics.contains(&json!(topic))), "{item}");
    }
}

#[tokio::test]
async fn the_counts_say_what_another_choice_would_find() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    let page = asker.get("/api/directory?country=GR&topic=guardianship").await.is(200);
    let counted = |facet: &str, value: &str| {
        let counts = page["facets"][facet].as_array().expect("a facet");
        counts.iter().find(|count| count["value"] == value).and_then(|count| count["count"].as_u64())
    };
    assert_eq!(counted("countries", "GR"), page["total"].as_u64());
    for (facet, name, value) in [("countries", "country", "RS"), ("topics", "topic", "shelter"), ("languages", "language", "en")]
    {
        let query = match name {
            "country" => "topic=guardianship&country=RS".to_owned(),
            "topic" => format!("country=GR&topic={value}"),
            _ => format!("country=GR&topic=guardianship&language={value}"),
        };
        let other = asker.get(&format!("/api/directory?{query}")).await.is(200);
        assert_eq!(counted(facet, value).unwrap_or(0), other["total"].as_u64().unwrap_or(0), "{facet} {value}");
    }
}

#[tokio::test]
async fn addresses_that_organisations_have_published_are_known_to_everybody() {
    let region = Region::shared();
    let (keeper, reader) = (region.person("moderator.ro").await, region.person("member.gr").await);
    let (word, other) = (word().to_lowercase(), word().to_lowercase());
    let says = format!("Shelter and advice. Write to {word}@centre.example or call +40 21 000 00 01; helpline 116 111.");
    let made = organisation(&keeper, &word, "RO", json!({"description": says})).await;
    let known = async || reader.get("/api/directory/addresses").await.is(200);
    let has = |list: &Value, what: &str| list.as_array().expect("a list").iter().any(|one| one == what);
    let all = known().await;
    assert!(has(&all["emails"], &format!("{word}@centre.example")) && has(&all["phones"], "+40 21 000 00 01"), "{all}");
    assert!(!has(&all["phones"], "116 111"), "helplines pass in any case: {all}");
    let path = format!("/api/organisations/{}", text(&made["id"]));
    keeper.patch(&path, json!({"description": format!("Write to {other}@centre.example.")})).await.is(200);
    let all = known().await;
    assert!(has(&all["emails"], &format!("{other}@centre.example")), "{all}");
    assert!(!has(&all["emails"], &format!("{word}@centre.example")) && !has(&all["phones"], "+40 21 000 00 01"), "{all}");
    assert!(!has(&all["emails"], &address("member.gr")), "nobody's own address is published: {all}");
}

#[tokio::test]
async fn what_is_no_word_of_the_vocabulary_is_refused() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    for query in ["country=FR", "topic=weather", "theme=shelter", "function=KING", "language=xx"] {
        asker.get(&format!("/api/directory?{query}")).await.refused(422, "tag_unknown");
    }
    for query in ["cursor=mine", "limit=0", "limit=101"] {
        asker.get(&format!("/api/directory?{query}")).await.refused(400, "bad_request");
    }
    assert_eq!(found(&asker, "q=%25").await, Vec::<String>::new());
    region.anonymous().get("/api/directory").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_name_is_found_in_the_other_script_and_by_the_organisation() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    assert!(found(&asker, "q=drenovacki").await.iter().any(|name| name == "Слађана Дреновачки"));
    let of_lipa = found(&asker, "q=lipa").await;
    assert!(of_lipa.iter().any(|name| name == "Слађана Дреновачки"), "{of_lipa:?}");
    assert!(of_lipa.iter().any(|name| name == "Центар за заштиту жртава «Липа»"), "{of_lipa:?}");
}

#[tokio::test]
async fn pages_of_the_directory_join_without_a_gap() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    let whole = asker.get("/api/directory?country=GR&limit=100").await.is(200);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = asker.get(&format!("/api/directory?country=GR&limit=3{cursor}")).await.is(200);
        assert_eq!(page["facets"].is_null(), !cursor.is_empty(), "counts come with the first page");
        seen.extend(items(&page).iter().map(name_of));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={}", next.replace(' ', "%20"));
    }
    assert_eq!(seen, items(&whole).iter().map(name_of).collect::<Vec<_>>());
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
}

#[tokio::test]
async fn no_address_of_a_person_is_shown() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    let other = region.person("social.ro").await;
    for path in ["/api/directory?country=RO".to_owned(), format!("/api/people/{}", other.id), "/api/countries/RO".to_owned()] {
        let shown = asker.get(&path).await;
        assert!(!shown.text.contains('@'), "{path}");
        assert!(!shown.text.contains("last_seen"), "{path}");
        shown.is(200);
    }
    let profile = asker.get(&format!("/api/people/{}", other.id)).await.is(200);
    assert!(["here", "today", "week", "longer"].contains(&text(&profile["seen"]).as_str()), "{profile}");
}

#[tokio::test]
async fn who_keeps_a_country_enters_its_organisations_and_nobody_else() {
    let region = Region::shared();
    let (romanian, serbian) = (region.person("moderator.ro").await, region.person("moderator.rs").await);
    let word = word();
    let wish = json!({"name": format!("Centre {word}"), "kind": "PROSECUTION", "country": "RO"});
    for other in [&serbian, &region.person("member.ro").await, &region.person("social.ro").await] {
        other.post("/api/organisations", wish.clone()).await.refused(403, "forbidden");
    }
    let made = romanian.post("/api/organisations", wish.clone()).await.is(201);
    assert_eq!((text(&made["regime"]).as_str(), made["due"].as_bool()), ("led", Some(false)));
    assert_eq!(made["can"], json!({"keep": true, "govern": true, "invite": true}));
    // The same name by case or marks alone is the same organisation; in another country it is another one.
    let mut same = wish.clone();
    same["name"] = json!(format!("CÉNTRE «{}»", word.to_uppercase()));
    romanian.post("/api/organisations", same.clone()).await.refused(409, "organisation_exists");
    same["country"] = json!("RS");
    serbian.post("/api/organisations", same).await.is(201);
    assert_eq!(found(&serbian, &format!("q={word}")).await.len(), 2);
    assert_eq!(found(&serbian, &format!("q={word}&country=RO")).await, [format!("Centre {word}")]);
}

#[tokio::test]
async fn an_organisation_that_makes_no_sense_is_refused() {
    let region = Region::shared();
    let moderator = region.person("moderator.region").await;
    let wish = |name: &str, value: Value| {
        let mut wish = json!({"name": word(), "kind": "POLICE", "country": "RO"});
        wish[name] = value;
        wish
    };
    for (name, value, code) in [
        ("name", json!(" "), "name_invalid"),
        ("kind", json!("SOCIAL-WORKER"), "tag_unknown"),
        ("country", json!("FR"), "tag_unknown"),
        ("regime", json!("none"), "tag_unknown"),
        ("host", json!("10.0.0.1"), "host_invalid"),
        ("description", json!("x".repeat(601)), "text_invalid"),
        ("topics", json!(["weather"]), "tag_unknown"),
        ("languages", json!(["xx"]), "tag_unknown"),
    ] {
        moderator.post("/api/organisations", wish(name, value)).await.refused(422, code);
    }
    let all: Vec<String> = moderator.get("/api/region").await.is(200)["themes"]
        .as_array()
        .expect("themes")
        .iter()
        .map(|theme| text(&theme["slug"]))
        .chain(["shelter".to_owned()])
        .collect();
    let refused = moderator.post("/api/organisations", wish("topics", json!(all))).await.refused(422, "too_many_topics");
    assert_eq!(refused["limit"], 16);
}

#[tokio::test]
async fn a_focal_point_keeps_what_its_organisation_offers_and_not_who_it_is() {
    let region = Region::shared();
    let (moderator, focal) = (region.person("moderator.ba").await, region.person("ngo.ba").await);
    let own = text(&focal.get("/api/me/directory-entry").await.is(200)["organisation_id"]);
    let path = format!("/api/organisations/{own}");
    assert_eq!(focal.get(&path).await.is(200)["can"], json!({"keep": true, "govern": false, "invite": true}));
    let changed = focal.patch(&path, json!({"topics": ["outreach", "hotline"], "host": "https://step.example/x"})).await.is(200);
    assert_eq!((changed["topics"].clone(), changed["host"].clone()), (json!(["outreach", "hotline"]), json!("step.example")));
    for identity in [json!({"name": "Other"}), json!({"kind": "POLICE"}), json!({"country": "RS"}), json!({"regime": "led"})] {
        focal.patch(&path, identity.clone()).await.refused(403, "forbidden");
        region.person("prosecutor.ba").await.patch(&path, identity).await.refused(403, "forbidden");
    }
    region.person("prosecutor.ba").await.patch(&path, json!({"topics": []})).await.refused(403, "forbidden");
    region.person("moderator.rs").await.patch(&path, json!({"topics": []})).await.refused(403, "forbidden");
    // Nobody hands an organisation to a country that they don't look after.
    moderator.patch(&path, json!({"country": "RS"})).await.refused(403, "forbidden");
    // What it offers is found at once, also through its focal point.
    assert!(found(&moderator, "country=BA&topic=hotline").await.contains(&"Nedim Šaćirbegić".to_owned()));
}

#[tokio::test]
async fn a_new_name_is_the_one_its_people_show() {
    let region = Region::shared();
    let moderator = region.person("moderator.me").await;
    let person = region.person("finance.me").await;
    let own = text(&person.get("/api/me/directory-entry").await.is(200)["organisation_id"]);
    let name = word();
    moderator.patch(&format!("/api/organisations/{own}"), json!({"name": name})).await.is(200);
    assert_eq!(moderator.get(&format!("/api/people/{}", person.id)).await.is(200)["organisation"], json!(name));
    assert!(found(&moderator, &format!("q={name}")).await.contains(&"Milutin Zogradac".to_owned()));
}

#[tokio::test]
async fn an_entry_is_confirmed_by_those_who_keep_it() {
    let region = Region::shared();
    let moderator = region.person("moderator.bg").await;
    let made = organisation(&moderator, &word(), "BG", json!({})).await;
    let path = format!("/api/organisations/{}/confirmation", text(&made["id"]));
    for other in ["moderator.rs", "member.ro", "psychologist.bg"] {
        region.person(other).await.put(&path).await.refused(403, "forbidden");
    }
    moderator.put(&path).await.is(204);
    region.person("moderator.region").await.put(&path).await.is(204);
    let shown = moderator.get(&format!("/api/organisations/{}", text(&made["id"]))).await.is(200);
    assert_eq!(shown["confirmed_by"]["name"], "Odile Verranges");
    moderator.put(&format!("/api/organisations/{}/confirmation", Uuid::now_v7())).await.refused(404, "not_found");
}

#[tokio::test]
async fn of_many_with_one_foreign_none_is_confirmed() {
    let region = Region::shared();
    let (romanian, serbian) = (region.person("moderator.ro").await, region.person("moderator.rs").await);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(text(&organisation(&romanian, &word(), "RO", json!({})).await["id"]));
    }
    let before: Vec<Value> = confirmed(&romanian, &ids).await;
    let foreign = text(&organisation(&serbian, &word(), "RS", json!({})).await["id"]);
    let mixed: Vec<&String> = ids.iter().chain([&foreign]).collect();
    romanian.post("/api/organisation-confirmations", json!({"organisations": mixed})).await.refused(403, "forbidden");
    let absent: Vec<String> = ids.iter().cloned().chain([Uuid::now_v7().to_string()]).collect();
    romanian.post("/api/organisation-confirmations", json!({"organisations": absent})).await.refused(404, "not_found");
    assert_eq!(confirmed(&romanian, &ids).await, before, "nothing is done");
    romanian.post("/api/organisation-confirmations", json!({"organisations": ids})).await.is(204);
    let after = confirmed(&romanian, &ids).await;
    assert!(after.iter().zip(&before).all(|(after, before)| after != before), "all are done");
    let many: Vec<Uuid> = (0..101).map(|_| Uuid::now_v7()).collect();
    romanian.post("/api/organisation-confirmations", json!({"organisations": many})).await.refused(422, "too_many");
}

async fn confirmed(by: &Client, ids: &[String]) -> Vec<Value> {
    let mut found = Vec::new();
    for id in ids {
        found.push(by.get(&format!("/api/organisations/{id}")).await.is(200)["confirmed_at"].clone());
    }
    found
}

#[tokio::test]
async fn a_focal_point_is_named_in_the_organisation_by_who_keeps_the_country() {
    let region = Region::shared();
    let moderator = region.person("moderator.hr").await;
    let made = organisation(&moderator, &word(), "HR", json!({"topics": ["schooling"]})).await;
    let id = text(&made["id"]);
    let guardian = region.person("guardian.hr").await;
    let path = format!("/api/organisations/{id}/focal-points/{}", guardian.id);
    let everything = json!({"theme": null});
    for other in ["moderator.rs", "judge.hr", "guardian.hr"] {
        region.person(other).await.put_json(&path, everything.clone()).await.refused(403, "forbidden");
    }
    moderator.put_json(&path, everything.clone()).await.refused(422, "not_of_organisation");
    // Into the organisation first: by who keeps both its country and the person's.
    let place = format!("/api/organisations/{id}/people/{}", guardian.id);
    for other in ["moderator.rs", "guardian.hr"] {
        region.person(other).await.put(&place).await.refused(403, "forbidden");
    }
    let foreigner = region.person("forensic.rs").await;
    moderator.put(&format!("/api/organisations/{id}/people/{}", foreigner.id)).await.refused(403, "forbidden");
    let before = text(&guardian.get("/api/me/directory-entry").await.is(200)["organisation_id"]);
    moderator.put(&place).await.is(204);
    let moved = guardian.get("/api/me/directory-entry").await.is(200);
    assert_eq!(
        (text(&moved["organisation_id"]), moved["focal_for"].clone()),
        (id.clone(), json!([])),
        "what was answered for before is over"
    );
    guardian.put(&format!("/api/organisations/{before}/confirmation")).await.refused(403, "forbidden");

    moderator.put_json(&path, json!({"theme": "weather"})).await.refused(422, "tag_unknown");
    moderator.put_json(&path, json!({"theme": "care-reintegration"})).await.is(204);
    let focal = guardian.get("/api/me/directory-entry").await.is(200)["focal_for"].clone();
    assert_eq!((focal[0]["organisation"].clone(), focal[0]["theme"].clone()), (json!(id), json!("care-reintegration")));
    guardian.put(&format!("/api/organisations/{id}/confirmation")).await.is(204);
    let asked = "country=HR&theme=care-reintegration&q=lukavecki";
    assert_eq!(moderator.get(&format!("/api/directory?{asked}")).await.is(200)["items"][0]["kind"], "focal_point");
    // For everything: what the organisation helps with counts for its focal point.
    moderator.put_json(&path, everything.clone()).await.is(204);
    assert!(found(&moderator, "country=HR&topic=schooling&q=lukavecki").await.contains(&"Domagoj Lukavečki".to_owned()));

    // Stepping down, and the power is gone with it.
    guardian.delete(&path).await.is(204);
    guardian.put(&format!("/api/organisations/{id}/confirmation")).await.refused(403, "forbidden");
    guardian.delete(&path).await.refused(404, "not_found");
    moderator.put(&format!("/api/organisations/{before}/people/{}", guardian.id)).await.is(204);
}

#[tokio::test]
async fn nobody_names_themselves() {
    let region = Region::shared();
    let moderator = region.person("moderator.al").await;
    let own = text(&moderator.get("/api/me/directory-entry").await.is(200)["organisation_id"]);
    let path = format!("/api/organisations/{own}/focal-points/{}", moderator.id);
    moderator.put_json(&path, json!({"theme": null})).await.refused(403, "forbidden");
    region.person("moderator.region").await.put_json(&path, json!({"theme": null})).await.is(204);
}

#[tokio::test]
async fn one_says_what_one_can_help_with_and_nothing_private() {
    let region = Region::shared();
    let me = region.person("labour.al").await;
    let other = region.person("member.gr").await;
    let wish = |offer: &str| json!({"topics": ["health-care", "forced-labour"], "languages": ["sq", "el"], "offer": offer});
    for private in ["Write to genti@labour.example", "Call +355 69 555 0190"] {
        me.put_json("/api/me/directory-entry", wish(private)).await.refused(422, "address_in_text");
    }
    me.put_json("/api/me/directory-entry", json!({"topics": ["weather"], "languages": []})).await.refused(422, "tag_unknown");
    let saved = me.put_json("/api/me/directory-entry", wish("Seasonal work on both sides of the border")).await.is(200);
    assert_eq!((saved["topics"].clone(), saved["due"].clone()), (json!(["forced-labour", "health-care"]), json!(false)));
    let seen = other.get(&format!("/api/people/{}", me.id)).await.is(200);
    assert_eq!((seen["offer"].clone(), seen["languages"].clone()), (saved["offer"].clone(), json!(["sq", "el"])));
    assert!(found(&other, "country=AL&topic=health-care&language=el").await.contains(&"Genti Shkallari".to_owned()));
}

#[tokio::test]
async fn who_is_suspended_is_in_no_directory() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let gone = region.person("loi.sofia").await;
    let asked = "country=BG&q=kervignac";
    assert_eq!(found(&admin, asked).await.len(), 1);
    admin.put(&format!("/api/accounts/{}/suspension", gone.id)).await.is(204);
    assert_eq!(found(&admin, asked).await, Vec::<String>::new());
    let own = admin.get("/api/organisations?country=BG&kind=EMBASSY").await.is(200);
    assert_eq!(items(&own)[0]["focal_points"], json!([]));
    admin.delete(&format!("/api/accounts/{}/suspension", gone.id)).await.is(204);
    assert_eq!(found(&admin, asked).await.len(), 1);
}

#[tokio::test]
async fn the_card_of_a_country_says_whom_to_call_and_whom_to_ask() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    let card = asker.get("/api/countries/RO").await.is(200);
    assert_eq!((card["native"].as_str(), card["child_helpline"]["number"].as_str()), (Some("România"), Some("116 111")));
    assert_eq!((card["eu_member"].clone(), card["siena"].clone()), (json!(true), json!("member_state")));
    assert_eq!(card["moderators"][0]["name"], "Ilinca Măgureanu-Stoian");
    assert_eq!(card["can"], json!({"confirm": false, "govern": false}));
    let channel = asker.get(&format!("/api/channels/{}", text(&card["channel"]))).await.is(200);
    assert_eq!((channel["purpose"].clone(), channel["country"].clone()), (json!("country"), json!("RO")));
    let kinds: Vec<_> = card["organisations"].as_array().expect("organisations").iter().map(|each| text(&each["kind"])).collect();
    let mut together = kinds.clone();
    together.dedup();
    assert_eq!(together.iter().collect::<BTreeSet<_>>().len(), together.len(), "by kind: {kinds:?}");
    let kosovo = asker.get("/api/countries/XK").await.is(200);
    assert!(text(&kosovo["footnote"]["fr"]).contains("1244/1999") && kosovo["child_helpline"].is_null(), "{kosovo}");
    for absent in ["FR", "ro", "XX", "%20"] {
        asker.get(&format!("/api/countries/{absent}")).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn the_numbers_of_a_country_are_confirmed_there() {
    let region = Region::shared();
    let path = "/api/countries/BA/confirmation";
    for other in ["moderator.rs", "member.ro", "guardian.hr", "prosecutor.ba"] {
        let client = region.person(other).await;
        // The prosecutor answers for an organisation of the country; the others don't.
        if other == "prosecutor.ba" {
            client.put(path).await.is(204);
        } else {
            client.put(path).await.refused(403, "forbidden");
        }
    }
    region.person("moderator.ba").await.put(path).await.is(204);
    let card = region.person("member.gr").await.get("/api/countries/BA").await.is(200);
    assert_eq!((card["confirmed_by"]["name"].clone(), card["due"].clone()), (json!("Emina Halkadić"), json!(false)));
    region.person("moderator.ba").await.put("/api/countries/FR/confirmation").await.refused(404, "not_found");
}

#[tokio::test]
async fn who_comes_in_lands_in_the_organisation_they_were_invited_for() {
    let region = Region::shared();
    let moderator = region.person("moderator.md").await;
    let known = moderator.get("/api/organisations?country=MD&q=temei").await.is(200);
    let known = text(&items(&known)[0]["id"]);
    for (organisation, is_known) in [("CABINETUL de asistenta juridica Temei", true), ("Atelier nou", false)] {
        let email = format!("{}@new.egida.example", Uuid::now_v7());
        let wish =
            json!({"email": email, "name": "Nona Noua", "country": "MD", "function": "LAWYER", "organisation": organisation});
        let made = moderator.post("/api/invitations", wish).await.is(201);
        let mut visitor = region.anonymous().with("x-forwarded-for", "192.0.2.66");
        let wish = json!({"token": made["token"], "email": email, "name": "Nona Noua", "password": "seven quiet lighthouses"});
        let entered = visitor.post("/api/invitation-acceptances", wish).await;
        visitor.keep_cookie(&entered);
        entered.is(201);
        let entry = visitor.get("/api/me/directory-entry").await.is(200);
        assert_eq!(text(&entry["organisation_id"]) == known, is_known, "{entry}");
        assert!(entry["confirmed_at"].is_null() && entry["due"] == true, "{entry}");
    }
    let made = moderator.get("/api/organisations?country=MD&q=atelier").await.is(200);
    assert_eq!((items(&made)[0]["name"].clone(), items(&made)[0]["due"].clone()), (json!("Atelier nou"), json!(true)));
}

#[tokio::test]
async fn everybody_of_the_demo_works_somewhere() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    let mut cursor = String::new();
    loop {
        let page = asker.get(&format!("/api/people?limit=100{cursor}")).await.is(200);
        for person in items(&page).iter().filter(|person| !text(&person["name"]).starts_with('N')) {
            assert!(person["organisation_id"].is_string(), "{person}");
        }
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={}", next.replace(' ', "%20"));
    }
}

#[tokio::test]
async fn the_words_of_the_directory_are_kept_by_the_browser() {
    let region = Region::shared();
    let asked = region.person("member.gr").await.get("/api/vocabulary").await;
    assert_eq!(asked.header("cache-control"), Some("private, max-age=3600"));
    let words = asked.is(200);
    let rarc = words["abbreviations"].as_array().expect("abbreviations").iter().find(|each| each["forms"][0] == "RARC");
    assert_eq!(rarc.expect("RARC")["term"]["en"], "Regional attaché for the rights of children");
    assert!(words["services"].as_array().is_some_and(|services| services.len() > 10), "{words}");
    region.anonymous().get("/api/vocabulary").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn one_field_takes_what_is_needed_and_where() {
    let region = Region::shared();
    let asker = region.person("member.gr").await;
    for (asked, words) in [
        ("guardianship Greece", "country=GR&topic=guardianship"),
        ("who can help with guardianship in Greece", "country=GR&topic=guardianship"),
        ("tutelle Grèce", "country=GR&topic=guardianship"),
        ("επιτροπεία Ελλάδα", "country=GR&topic=guardianship"),
        ("сигурна кућа Србија", "country=RS&topic=shelter"),
    ] {
        let typed = found(&asker, &format!("q={}&limit=100", asked.replace(' ', "%20"))).await;
        let chosen = found(&asker, &format!("{words}&limit=100")).await;
        assert!(!chosen.is_empty() && chosen.iter().all(|name| typed.contains(name)), "{asked}: {typed:?} / {chosen:?}");
    }
    let desk = found(&asker, "q=SA%20THB").await;
    assert_eq!(desk.first().map(String::as_str), Some("Odile Verranges"), "{desk:?}");
    assert!(found(&asker, "q=arabic%20interpretation%20macedonia").await.len() < found(&asker, "q=arabic").await.len());
}
