//! Letting people in.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::region::{Answer, Client, Region, items, text};
use uuid::Uuid;

/// An address of this test's own: invitations are limited by address.
fn visitor(region: &Region, address: &str) -> Client {
    region.anonymous().with("x-forwarded-for", address)
}

async fn invite(by: &Client, country: Option<&str>) -> (String, Value) {
    let email = format!("{}@new.egida.example", Uuid::now_v7());
    let wish =
        json!({"email": email, "name": "Neva Nova", "country": country, "function": "SOCIAL-WORKER", "organisation": "Centre"});
    (email, by.post("/api/invitations", wish).await.is(201))
}

async fn accept(visitor: &Client, token: &Value, email: &str, password: &str) -> Answer {
    let wish = json!({"token": token, "email": email, "name": "Neva Nova", "password": password});
    visitor.post("/api/invitation-acceptances", wish).await
}

const PASSWORD: &str = "seven quiet lighthouses";

#[tokio::test]
async fn an_invitation_lets_one_person_in_once() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let mut visitor = visitor(&region, "192.0.2.1");
    let (email, made) = invite(&admin, Some("RO")).await;
    let preview = visitor.post("/api/invitation-previews", json!({"token": made["token"]})).await.is(200);
    assert_eq!((preview["email"].as_str(), preview["country"].as_str()), (Some(email.as_str()), Some("RO")));
    assert_eq!(preview["country_name"], json!({"en": "Romania", "fr": "Roumanie"}));
    assert_eq!(preview["country_footnote"], Value::Null);
    assert!(preview["function_name"]["fr"].is_string(), "{preview}");
    accept(&visitor, &made["token"], "other@new.egida.example", PASSWORD).await.refused(404, "invitation_invalid");
    accept(&visitor, &made["token"], &email, "short").await.refused(422, "password_too_short");
    accept(&visitor, &made["token"], &email, "password1234").await.refused(422, "password_too_common");
    let entered = accept(&visitor, &made["token"], &email, PASSWORD).await;
    visitor.keep_cookie(&entered);
    let me = entered.is(201);
    assert_eq!(
        (me["country"].as_str(), me["function"].as_str(), me["roles"].as_array().map(Vec::len)),
        (Some("RO"), Some("SOCIAL-WORKER"), Some(0))
    );
    let channels = visitor.get("/api/channels").await.is(200);
    let own: Vec<_> = items(&channels).iter().map(|channel| channel["purpose"].clone()).collect();
    assert_eq!(own, ["newcomers"], "until a second person confirms");
    let again = self::visitor(&region, "192.0.2.1");
    accept(&again, &made["token"], &email, PASSWORD).await.refused(404, "invitation_invalid");
    again.post("/api/invitation-previews", json!({"token": made["token"]})).await.refused(404, "invitation_invalid");
}

#[tokio::test]
async fn used_twenty_times_at_once_it_lets_one_in() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let visitor = visitor(&region, "192.0.2.2");
    let (email, made) = invite(&admin, None).await;
    let answers = join_all((0..20).map(|_| accept(&visitor, &made["token"], &email, PASSWORD))).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 201 | 404)), "{statuses:?}");
    let found = admin.get(&format!("/api/accounts?q={email}")).await.is(200);
    assert_eq!(items(&found).len(), 1);
}

#[tokio::test]
async fn a_revoked_or_invented_invitation_is_none() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let visitor = visitor(&region, "192.0.2.3");
    let (email, made) = invite(&admin, Some("GR")).await;
    let id = text(&made["invitation"]["id"]);
    region.person("moderator.ro").await.delete(&format!("/api/invitations/{id}")).await.refused(404, "not_found");
    region.person("member.gr").await.delete(&format!("/api/invitations/{id}")).await.refused(404, "not_found");
    admin.delete(&format!("/api/invitations/{id}")).await.is(204);
    accept(&visitor, &made["token"], &email, PASSWORD).await.refused(404, "invitation_invalid");
    accept(&visitor, &json!("invented"), &email, PASSWORD).await.refused(404, "invitation_invalid");
    let list = admin.get("/api/invitations").await.is(200);
    let row = items(&list).iter().find(|row| row["id"] == id.as_str()).expect("listed");
    assert!(row["revoked_at"].is_string() && row.get("token").is_none(), "{row}");
}

#[tokio::test]
async fn moderators_invite_for_their_own_country() {
    let region = Region::shared();
    let moderator = region.person("moderator.ro").await;
    let (_, made) = invite(&moderator, Some("RO")).await;
    assert_eq!(made["invitation"]["invited_by"]["id"], moderator.id.as_str());
    let wish =
        |country: Value| json!({"email": format!("{}@new.egida.example", Uuid::now_v7()), "name": "N", "country": country});
    for country in [json!("RS"), Value::Null] {
        moderator.post("/api/invitations", wish(country)).await.refused(403, "forbidden");
    }
    region.person("member.ro").await.post("/api/invitations", wish(json!("RO"))).await.refused(403, "forbidden");
    let admin = region.person("admin").await;
    let (email, _) = invite(&admin, Some("RS")).await;
    let list = moderator.get("/api/invitations").await.is(200);
    assert!(!items(&list).is_empty() && items(&list).iter().all(|row| row["country"] == "RO"), "{list}");
    assert!(!list.to_string().contains(&email));
    region.person("member.ro").await.get("/api/invitations").await.refused(403, "forbidden");
}

#[tokio::test]
async fn an_invitation_that_makes_no_sense_is_refused() {
    let region = Region::shared();
    let admin = region.person("admin").await;
    let wish = |email: &str, name: &str, country: &str| {
        json!({"email": email, "name": name, "country": country,
        "function": "SOCIAL-WORKER", "organisation": "Centre"})
    };
    admin.post("/api/invitations", wish("no address", "N", "RO")).await.refused(422, "email_invalid");
    admin.post("/api/invitations", wish("a@b.example", " ", "RO")).await.refused(422, "name_invalid");
    admin.post("/api/invitations", wish("a@b.example", "N", "FR")).await.refused(422, "tag_unknown");
    admin.post("/api/invitations", wish("member.ro@demo.egida.example", "N", "RO")).await.refused(409, "conflict");
    for (member, code) in [("function", "function_needed"), ("organisation", "organisation_needed")] {
        let mut without = wish("a@b.example", "N", "RO");
        without[member] = Value::Null;
        admin.post("/api/invitations", without).await.refused(422, code);
    }
}

#[tokio::test]
async fn invitations_are_read_page_by_page_to_the_last() {
    let region = Region::start(&[]).expect("a region");
    let (admin, moderator) = (region.person("admin").await, region.person("moderator.ro").await);
    let mut of_romania = Vec::new();
    for n in 0..24 {
        let (email, _) = invite(&admin, Some(if n % 3 == 0 { "RO" } else { "RS" })).await;
        if n % 3 == 0 {
            of_romania.insert(0, email);
        }
    }
    for (client, limit, expected) in [(&admin, 5, 24), (&moderator, 3, 8)] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = client.get(&format!("/api/invitations?limit={limit}{cursor}")).await.is(200);
            assert!(items(&page).len() <= limit);
            seen.extend(items(&page).iter().map(|row| text(&row["email"])));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), expected);
        if expected == of_romania.len() {
            assert_eq!(seen, of_romania, "latest first");
        }
    }
}

async fn prosecution(by: &Client) -> Value {
    items(&by.get("/api/organisations?country=BA&kind=PROSECUTION").await.is(200))[0].clone()
}

fn into(organisation: &Value, country: &str) -> Value {
    let email = format!("{}@new.egida.example", Uuid::now_v7());
    json!({"email": email, "name": "Neva Nova", "country": country, "function": "PROSECUTOR", "organisation_id": organisation["id"]})
}

#[tokio::test]
async fn an_invitation_names_the_organisation_and_with_it_the_legal_regime() {
    let region = Region::shared();
    let moderator = region.person("moderator.ba").await;
    let office = prosecution(&moderator).await;
    assert_eq!(office["regime"], "led");
    let wish = into(&office, "BA");
    let made = moderator.post("/api/invitations", wish.clone()).await.is(201);
    let shown = &made["invitation"];
    assert_eq!((&shown["organisation_id"], &shown["organisation"]), (&office["id"], &office["name"]));
    assert_eq!((&shown["regime"], &shown["function"]), (&json!("led"), &json!("PROSECUTOR")));
    let mut visitor = visitor(&region, "192.0.2.8");
    let preview = visitor.post("/api/invitation-previews", json!({"token": made["token"]})).await.is(200);
    assert_eq!((&preview["organisation"], &preview["regime"]), (&office["name"], &json!("led")));
    let entered = accept(&visitor, &made["token"], &text(&wish["email"]), PASSWORD).await;
    visitor.keep_cookie(&entered);
    assert_eq!(entered.is(201)["organisation"], office["name"]);
    // Their own profile shows it, before anybody has confirmed who they are.
    let own = visitor.get("/api/me/directory-entry").await.is(200);
    assert_eq!((&own["organisation_id"], &own["regime"]), (&office["id"], &json!("led")));
    // An organisation of another country is none; one of the whole region is one.
    let elsewhere = into(&office, "RS");
    let admin = region.person("admin").await;
    admin.post("/api/invitations", elsewhere).await.refused(422, "organisation_elsewhere");
    admin.post("/api/invitations", into(&json!({"id": Uuid::now_v7()}), "BA")).await.refused(422, "organisation_elsewhere");
    let regional = admin.get("/api/organisations?q=regional%20programme").await.is(200);
    let made = admin.post("/api/invitations", into(&items(&regional)[0], "BA")).await.is(201);
    assert_eq!(made["invitation"]["regime"], "io");
}

#[tokio::test]
async fn a_new_organisation_is_made_under_the_regime_it_was_invited_with() {
    let region = Region::shared();
    let moderator = region.person("moderator.ba").await;
    let name = format!("Ured «{}»", Uuid::now_v7().simple());
    let wish = |regime: &str| {
        json!({"email": format!("{}@new.egida.example", Uuid::now_v7()), "name": "Neva Nova", "country": "BA",
            "function": "SOCIAL-WORKER", "organisation": name, "regime": regime})
    };
    moderator.post("/api/invitations", wish("none")).await.refused(422, "tag_unknown");
    let (first, second) = (wish("led"), wish("gdpr"));
    let made = moderator.post("/api/invitations", first.clone()).await.is(201);
    assert_eq!((&made["invitation"]["regime"], &made["invitation"]["organisation_id"]), (&json!("led"), &Value::Null));
    let sought = format!("/api/organisations?q={}", name.split('«').nth(1).expect("a word").trim_end_matches('»'));
    assert!(items(&moderator.get(&sought).await.is(200)).is_empty(), "not before somebody comes in");
    let other = moderator.post("/api/invitations", second.clone()).await.is(201);
    let visitor = visitor(&region, "192.0.2.9");
    accept(&visitor, &made["token"], &text(&first["email"]), PASSWORD).await.is(201);
    accept(&visitor, &other["token"], &text(&second["email"]), PASSWORD).await.is(201);
    let there = moderator.get(&sought).await.is(200);
    assert_eq!(items(&there).len(), 1, "{there}");
    assert_eq!(items(&there)[0]["regime"], "led", "of the organisation, whatever a later invitation says");
}

#[tokio::test]
async fn who_answers_for_an_organisation_invites_into_it_and_no_further() {
    let region = Region::shared();
    let focal = region.person("prosecutor.ba").await;
    let office = prosecution(&focal).await;
    let id = text(&office["id"]);
    assert_eq!(focal.get(&format!("/api/organisations/{id}")).await.is(200)["can"]["invite"], true);
    let made = focal.post("/api/invitations", into(&office, "BA")).await.is(201);
    assert_eq!(made["invitation"]["invited_by"]["id"], focal.id.as_str());
    let others = focal.get("/api/organisations?country=BA&kind=CPA").await.is(200);
    let other = &items(&others)[0];
    assert_eq!(focal.get(&format!("/api/organisations/{}", text(&other["id"]))).await.is(200)["can"]["invite"], false);
    focal.post("/api/invitations", into(other, "BA")).await.refused(403, "forbidden");
    focal.post("/api/invitations", into(&office, "RS")).await.refused(403, "forbidden");
    let mut nowhere = into(&office, "BA");
    nowhere["organisation_id"] = Value::Null;
    focal.post("/api/invitations", nowhere.clone()).await.refused(403, "forbidden");
    nowhere["organisation"] = json!("A new one of their own");
    focal.post("/api/invitations", nowhere).await.refused(403, "forbidden");
    // By name is by organisation, however it is written.
    let mut named = into(&office, "BA");
    named["organisation_id"] = Value::Null;
    named["organisation"] = json!("OKRUŽNO TUŽILAŠTVO Sjeverna regija");
    assert_eq!(focal.post("/api/invitations", named).await.is(201)["invitation"]["organisation_id"], id);
    // They see and take back those into their organisation, and no others.
    let foreign = region.person("moderator.ba").await.post("/api/invitations", into(other, "BA")).await.is(201);
    let list = focal.get("/api/invitations").await.is(200);
    assert!(!items(&list).is_empty() && items(&list).iter().all(|row| row["organisation_id"] == id), "{list}");
    let foreign = format!("/api/invitations/{}", text(&foreign["invitation"]["id"]));
    focal.delete(&foreign).await.refused(404, "not_found");
    focal.delete(&format!("/api/invitations/{}", text(&made["invitation"]["id"]))).await.is(204);
    // Whoever they invited they don't confirm.
    focal.get("/api/confirmations").await.refused(403, "forbidden");
}
