//! The glossary: everybody reads it, members propose, editors decide.

use futures_util::future::join;
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};

const PROPOSALS: &str = "/api/glossary/proposals";
/// More signs than a term has.
const TERM_TOO_LONG: usize = 121;
/// How long powers are awake without a second factor in a demo region (seconds).
const DEMO_GRACE: i64 = 14 * 24 * 3_600;

/// What stands for a concept in a language.
async fn term(client: &Client, concept: &str, language: &str) -> String {
    text(&shown(client, concept).await["terms"][language])
}

async fn shown(client: &Client, concept: &str) -> Value {
    let glossary = client.get("/api/glossary").await.is(200);
    items(&glossary).iter().find(|item| item["id"] == concept).unwrap_or_else(|| panic!("no {concept}")).clone()
}

async fn proposed(client: &Client, concept: &str, language: &str, term: &str) -> String {
    let wish = json!({"language": language, "term": term, "reason": "This is what the law says"});
    text(&client.post(&format!("/api/glossary/{concept}/proposals"), wish).await.is(201)["id"])
}

fn acceptance(id: &str) -> String {
    format!("{PROPOSALS}/{id}/acceptance")
}

fn refusal(id: &str) -> String {
    format!("{PROPOSALS}/{id}/refusal")
}

async fn listed(client: &Client, query: &str) -> Vec<Value> {
    items(&client.get(&format!("{PROPOSALS}{query}")).await.is(200)).clone()
}

async fn proposal(client: &Client, id: &str) -> Option<Value> {
    listed(client, "?limit=100").await.into_iter().find(|item| item["id"] == id)
}

/// Makes somebody an editor.
async fn editor(region: &Region, handle: &str) -> Client {
    let client = region.person(handle).await;
    let wish = json!({"role": "editor", "scope": "region"});
    region.signed_in("admin").await.post(&format!("/api/accounts/{}/roles", client.id), wish).await.is(201);
    client
}

#[tokio::test]
async fn the_glossary_has_the_terms_of_eleven_languages() {
    let region = Region::shared();
    let member = region.person("member.ro").await;
    let glossary = member.get("/api/glossary").await.is(200);
    assert_eq!(items(&glossary).len(), 70);
    for item in items(&glossary) {
        let terms = item["terms"].as_object().expect("terms");
        assert_eq!(terms.len(), 11, "{item}");
        assert!(terms.values().all(|term| !text(term).is_empty()), "{item}");
    }
    let shelter = shown(&member, "shelter").await;
    assert_eq!((&shelter["terms"]["fr"], &shelter["confidence"]), (&json!("foyer d'hébergement"), &json!("high")));
    assert!(text(&shelter["note"]["fr"]).contains("adresse"), "{shelter}");
    assert_eq!((&shelter["changed"], &shelter["changed_at"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn whoever_is_not_confirmed_has_no_glossary() {
    let region = Region::shared();
    let wish = json!({"language": "bg", "term": "убежище", "reason": "r"});
    for who in ["pending.ro", "expired.gr"] {
        let client = region.person(who).await;
        for path in ["/api/glossary", "/api/glossary/shelter/history", PROPOSALS] {
            client.get(path).await.refused(403, "not_confirmed");
        }
        client.post("/api/glossary/shelter/proposals", wish.clone()).await.refused(403, "not_confirmed");
        client.post(&acceptance(&client.id), json!({})).await.refused(403, "not_confirmed");
    }
    region.anonymous().get("/api/glossary").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn what_is_accepted_stands_for_everybody_and_keeps_its_history() {
    let region = Region::shared();
    let (member, other, editor) =
        (region.person("lawyer.md").await, region.person("member.gr").await, region.person("editor.region").await);
    let before = term(&other, "recruitment", "ro").await;
    let id = proposed(&member, "recruitment", "ro", "recrutare forțată").await;
    let waits = proposal(&editor, &id).await.expect("editors see it");
    assert_eq!(
        (&waits["before"], &waits["term"], &waits["state"]),
        (&json!(before), &json!("recrutare forțată"), &json!("open"))
    );
    assert_eq!((&waits["may_decide"], &waits["proposed_by"]["id"]), (&json!(true), &json!(member.id)));
    assert_eq!(proposal(&member, &id).await.expect("their own")["may_decide"], false);
    assert!(proposal(&other, &id).await.is_none(), "nobody else sees what waits");
    assert_eq!(term(&other, "recruitment", "ro").await, before);
    editor.post(&acceptance(&id), json!({})).await.is(204);
    assert_eq!(term(&other, "recruitment", "ro").await, "recrutare forțată");
    let now = shown(&other, "recruitment").await;
    assert!(now["changed"] == json!(["ro"]) && now["changed_at"].is_string(), "{now}");
    let second = proposed(&other, "recruitment", "ro", "atragere în rețea").await;
    editor.post(&acceptance(&second), json!({})).await.is(204);
    let history = other.get("/api/glossary/recruitment/history").await.is(200);
    let told: Vec<_> = items(&history).iter().map(|item| (text(&item["before"]), text(&item["term"]))).collect();
    assert_eq!(told, [("recrutare forțată".into(), "atragere în rețea".into()), (before, "recrutare forțată".into())]);
    assert_eq!(items(&history)[1]["proposed_by"]["id"], member.id);
    assert_eq!(items(&history)[1]["decided_by"]["id"], editor.id);
    assert!(items(&other.get("/api/glossary/prevention/history").await.is(200)).is_empty());
    other.get("/api/glossary/weather/history").await.refused(404, "not_found");
}

#[tokio::test]
async fn what_cannot_stand_is_not_proposed() {
    let region = Region::shared();
    let member = region.person("helpline.md").await;
    let long = "д".repeat(TERM_TOO_LONG);
    for (language, term, reason, code) in [
        ("de", "Schutzwohnung", "r", "glossary_language_unknown"),
        ("sr-Cyrl", "прихватилиште", "r", "glossary_follows_latin"),
        ("bg", "", "r", "glossary_term_invalid"),
        ("bg", long.as_str(), "r", "glossary_term_invalid"),
        ("bg", "priyut", "r", "glossary_script_wrong"),
        ("mk", "дом 24h", "r", "glossary_script_wrong"),
        ("el", "kentro", "r", "glossary_script_wrong"),
        ("sr-Latn", "прихватилиште", "r", "glossary_script_wrong"),
        ("sr-Latn", "queer", "r", "glossary_script_wrong"),
        ("bg", "приют", "r", "glossary_term_stands"),
        ("bg", "убежище", " ", "reason_missing"),
        ("bg", "ЕГН 7523169263", "r", "personal_data"),
        ("bg", "убежище", "as JMBG 0101901710008 says", "personal_data"),
    ] {
        let wish = json!({"language": language, "term": term, "reason": reason});
        member.post("/api/glossary/shelter/proposals", wish).await.refused(422, code);
    }
    let wish = json!({"language": "bg", "term": "убежище", "reason": "r"});
    member.post("/api/glossary/weather/proposals", wish).await.refused(404, "not_found");
    assert!(listed(&member, "").await.is_empty());
}

#[tokio::test]
async fn serbian_changes_in_both_scripts() {
    let region = Region::shared();
    let (member, editor) = (region.person("helpline.rs").await, region.person("editor.region").await);
    let id = proposed(&member, "family-tracing", "sr-Latn", "traganje za porodicom i njenim članovima").await;
    assert_eq!(proposal(&editor, &id).await.expect("there")["cyrillic"], "трагање за породицом и њеним члановима");
    editor.post(&acceptance(&id), json!({})).await.is(204);
    assert_eq!(term(&member, "family-tracing", "sr-Latn").await, "traganje za porodicom i njenim članovima");
    assert_eq!(term(&member, "family-tracing", "sr-Cyrl").await, "трагање за породицом и њеним члановима");
    assert_eq!(shown(&member, "family-tracing").await["changed"], json!(["sr-Cyrl", "sr-Latn"]));
}

#[tokio::test]
async fn editors_decide_and_never_about_their_own() {
    let region = Region::start(&[]).expect("a region");
    let (member, first) = (region.person("member.rs").await, region.person("editor.region").await);
    let id = proposed(&member, "guardian", "hr", "posebni skrbnik").await;
    for who in ["member.rs", "member.ro", "moderator.region", "auditor.region", "dpo.region", "admin", "helpline.al"] {
        let client = region.person(who).await;
        client.post(&acceptance(&id), json!({})).await.refused(403, "forbidden");
        client.post(&refusal(&id), json!({"note": "n"})).await.refused(403, "forbidden");
    }
    // Whether there is one is told to editors alone.
    let absent = acceptance(&member.id);
    member.post(&absent, json!({})).await.refused(403, "forbidden");
    first.post(&absent, json!({})).await.refused(404, "not_found");
    let own = proposed(&first, "guardian", "fr", "représentant légal").await;
    first.post(&acceptance(&own), json!({})).await.refused(403, "other_person_needed");
    first.post(&refusal(&own), json!({"note": "n"})).await.refused(403, "other_person_needed");
    assert_eq!(proposal(&first, &own).await.expect("there")["may_decide"], false);
    let second = editor(&region, "academia").await;
    second.post(&acceptance(&own), json!({})).await.is(204);
    assert_eq!(term(&member, "guardian", "fr").await, "représentant légal");
    first.post(&refusal(&id), json!({"note": " "})).await.refused(422, "reason_missing");
    first.post(&refusal(&id), json!({"note": "see JMBG 0101901710008"})).await.refused(422, "personal_data");
    first.post(&refusal(&id), json!({"note": "The law says skrbnik alone"})).await.is(204);
    let told = proposal(&member, &id).await.expect("their own");
    assert_eq!((&told["state"], &told["note"]), (&json!("refused"), &json!("The law says skrbnik alone")));
    assert_eq!(told["overtaken"], false);
    for path in [acceptance(&id), acceptance(&own)] {
        second.post(&path, json!({})).await.refused(409, "already_decided");
    }
    assert_eq!(term(&member, "guardian", "hr").await, "skrbnik");
    // The power is of the whole region, and given by administrators alone.
    let (admin, path) = (region.signed_in("admin").await, format!("/api/accounts/{}/roles", member.id));
    admin.post(&path, json!({"role": "editor", "scope": "country:RO"})).await.refused(422, "scope_invalid");
    let wish = json!({"role": "editor", "scope": "region"});
    region.signed_in("moderator.region").await.post(&path, wish).await.refused(403, "forbidden");
}

#[tokio::test]
async fn the_powers_of_an_editor_sleep_without_a_second_factor() {
    let region = Region::start_with_clock().expect("a region");
    let id = proposed(&region.person("member.ro").await, "shelter", "ro", "casă de protecție").await;
    assert!(proposal(&region.signed_in("editor.region").await, &id).await.is_some());
    region.advance(DEMO_GRACE).await;
    let sleeping = region.signed_in("editor.region").await;
    sleeping.post(&acceptance(&id), json!({})).await.refused(403, "forbidden");
    assert!(proposal(&sleeping, &id).await.is_none());
}

#[tokio::test]
async fn of_two_for_the_same_term_one_is_overtaken() {
    let region = Region::shared();
    let (one, other) = (region.person("ngo.ba").await, region.person("moderator.ba").await);
    let editor = region.person("editor.region").await;
    let kept = proposed(&one, "indicator", "bs", "pokazatelj").await;
    let lost = proposed(&other, "indicator", "bs", "znak").await;
    let elsewhere = proposed(&other, "indicator", "hr", "znak").await;
    editor.post(&acceptance(&kept), json!({})).await.is(204);
    let told = proposal(&other, &lost).await.expect("their own");
    assert_eq!((&told["state"], &told["overtaken"], &told["note"]), (&json!("refused"), &json!(true), &Value::Null));
    assert_eq!(proposal(&other, &elsewhere).await.expect("their own")["state"], "open");
    assert_eq!(term(&one, "indicator", "bs").await, "pokazatelj");
    editor.post(&acceptance(&lost), json!({})).await.refused(409, "already_decided");
    // What stands now is what the next one is proposed beside.
    let wish = json!({"language": "bs", "term": "pokazatelj", "reason": "r"});
    other.post("/api/glossary/indicator/proposals", wish).await.refused(422, "glossary_term_stands");
    assert_eq!(proposal(&one, &proposed(&one, "indicator", "bs", "znak").await).await.expect("own")["before"], "pokazatelj");
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_does() {
    let region = Region::start(&[]).expect("a region");
    let member = region.person("social.ro").await;
    let (first, second) = (region.person("editor.region").await, editor(&region, "rarc").await);
    for round in 0..8 {
        let id = proposed(&member, "consent", "ro", &format!("consimțământ {round}")).await;
        let (path, no) = (acceptance(&id), refusal(&id));
        let (one, other) = join(first.post(&path, json!({})), second.post(&no, json!({"note": "n"}))).await;
        assert_eq!([one.status, other.status].iter().filter(|status| **status == 204).count(), 1, "{} {}", one.text, other.text);
        (if one.status == 204 { other } else { one }).refused(409, "already_decided");
    }
    // Two proposals for one term, accepted at once: one stands, and it is the one that the list says.
    let (one, other) =
        (proposed(&member, "shelter", "ro", "adăpost sigur").await, proposed(&member, "shelter", "ro", "refugiu").await);
    let (paths, nothing) = ((acceptance(&one), acceptance(&other)), json!({}));
    let (a, b) = join(first.post(&paths.0, nothing.clone()), second.post(&paths.1, nothing)).await;
    assert_eq!([a.status, b.status].iter().filter(|status| **status == 204).count(), 1, "{} {}", a.text, b.text);
    let accepted = listed(&first, "?state=accepted&limit=100").await;
    let stands = accepted.iter().find(|item| item["concept"] == "shelter").expect("one was accepted");
    assert_eq!(term(&member, "shelter", "ro").await, text(&stands["term"]));
}

#[tokio::test]
async fn twenty_wait_for_a_decision_and_no_more() {
    let region = Region::shared();
    let (member, editor) = (region.person("forensic.rs").await, region.person("editor.region").await);
    let mut ids = Vec::new();
    for n in 0..20 {
        ids.push(proposed(&member, "prevention", "en", &format!("prevention {n}")).await);
    }
    let wish = json!({"language": "en", "term": "one more", "reason": "r"});
    member.post("/api/glossary/prevention/proposals", wish.clone()).await.refused(409, "glossary_proposals_many");
    editor.post(&refusal(&ids[3]), json!({"note": "n"})).await.is(204);
    member.post("/api/glossary/prevention/proposals", wish).await.is(201);
    // Page by page, the latest first, and by their state.
    let first = member.get(&format!("{PROPOSALS}?limit=15")).await.is(200);
    let next = text(&first["next"]);
    let rest = listed(&member, &format!("?limit=15&cursor={next}")).await;
    assert_eq!((items(&first).len(), rest.len()), (15, 6));
    assert_eq!(items(&first)[0]["term"], "one more");
    assert_eq!(listed(&member, "?state=refused").await.len(), 1);
    assert_eq!(listed(&member, "?state=open").await.len(), 20);
    assert!(listed(&editor, "?mine=true").await.is_empty());
    member.get(&format!("{PROPOSALS}?state=lost")).await.refused(400, "bad_request");
    member.get(&format!("{PROPOSALS}?cursor=x")).await.refused(400, "bad_request");
}

#[tokio::test]
async fn a_restart_keeps_what_was_accepted() {
    let region = Region::start(&[]).expect("a region");
    let member = region.person("campaign.bg").await;
    let id = proposed(&member, "shelter", "bg", "защитено жилище").await;
    let serbian = proposed(&member, "shelter", "sr-Latn", "prihvatilište").await;
    let editor = region.person("editor.region").await;
    for id in [&id, &serbian] {
        editor.post(&acceptance(id), json!({})).await.is(204);
    }
    let before = shown(&member, "shelter").await;
    region.stop().expect("stopped");
    let region = region.started_again().expect("served again");
    let member = region.person("campaign.bg").await;
    assert_eq!(shown(&member, "shelter").await, before);
    assert_eq!(term(&member, "shelter", "sr-Cyrl").await, "прихватилиште");
    assert_eq!(items(&member.get("/api/glossary/shelter/history").await.is(200)).len(), 2);
    assert_eq!(listed(&member, "?state=open").await.len(), 0);
}

#[tokio::test]
async fn who_is_concerned_is_told_live_and_the_record_knows() {
    let region = Region::shared();
    let (member, editor, other) =
        (region.person("psychologist.bg").await, region.person("editor.region").await, region.person("fiu.bg").await);
    let (mut theirs, mut ours, mut others) = (member.live().await, editor.live().await, other.live().await);
    let id = proposed(&member, "money-laundering", "bg", "изпиране на имущество").await;
    assert_eq!(told(&mut ours, "proposals").await["code"], "glossary");
    editor.post(&acceptance(&id), json!({})).await.is(204);
    told(&mut theirs, "decision").await;
    let heard = told(&mut others, "terms").await;
    assert_eq!(heard, json!({"type": "notice", "code": "glossary", "about": "terms"}));
    let record = region.person("auditor.region").await.get("/api/record?act=glossary.&limit=100").await.is(200);
    let row = items(&record).iter().find(|row| row["target"]["id"] == "money-laundering").expect("a row");
    assert_eq!((&row["act"], &row["actor"]["id"]), (&json!("glossary.accept"), &json!(editor.id)));
    assert!(!record.to_string().contains("изпиране"), "no content comes into the record");
}

/// The next notice about the glossary that is about this.
async fn told(socket: &mut support::ws_client::Socket, about: &str) -> Value {
    loop {
        let notice = socket.next_of("notice").await.expect("a notice");
        if notice["code"] == "glossary" && notice["about"] == about {
            return notice;
        }
    }
}

#[tokio::test]
async fn the_demo_has_a_proposal_to_decide_about() {
    let region = Region::shared();
    let waits = listed(&region.person("editor.region").await, "?state=open&limit=100").await;
    let shown = waits.iter().find(|item| item["concept"] == "case-conference").expect("the demo's");
    assert_eq!((&shown["language"], &shown["may_decide"]), (&json!("bg"), &json!(true)));
}
