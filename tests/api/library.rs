//! The library of good practices: who writes, screens, reviews, levels, and takes out what.

use reqwest::Method;
use serde_json::{Value, json};
use support::region::{Client, Region, items, text};
use support::server_process::run;
use uuid::Uuid;

const PRACTICES: &str = "/api/practices";
/// More than 24 months (seconds).
const TWO_YEARS: i64 = 731 * 24 * 3_600;

/// A template that is filled in, with a title nobody else has.
fn filled() -> Value {
    let long = "Something that says enough to be understood by a colleague who has never been there, and to be repeated.";
    json!({
        "title": format!("Practice {}", Uuid::now_v7()), "summary": "A club after school.", "language": "en",
        "countries": ["RO"], "themes": ["forced-begging"], "stage": "primary", "pillar": "identification",
        "ages": ["10-13"], "settings": ["school"], "problem": long, "theory": long, "steps": ["One", "Two", "Three"],
        "staff": "Two teachers", "cost": "low", "participation": long, "safeguarding": long, "monitoring": long,
        "results": long, "limits": "Nobody was asked twice.", "tests": {"effective": {"verdict": "partly", "note": "n"}},
    })
}

fn with(mut content: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().expect("fields") {
        content[name] = value.clone();
    }
    content
}

fn at(id: &str, rest: &str) -> String {
    format!("{PRACTICES}/{id}{rest}")
}

async fn drafted(author: &Client, change: Value) -> String {
    let begun = json!({"content": with(filled(), &change), "marking": change["marking"].as_str().unwrap_or("green")});
    text(&author.post(PRACTICES, begun).await.is(201)["id"])
}

async fn stepped(client: &Client, id: &str, state: &str) -> support::region::Answer {
    let wish = json!({"state": state, "note": "because", "data_checked": true, "rights_checked": true});
    client.put_json(&at(id, "/state"), wish).await
}

async fn reviewed(client: &Client, id: &str, level: u8, verdict: &str) {
    let wish = json!({"level": level, "verdict": verdict, "note": "well founded"});
    client.put_json(&at(id, "/review"), wish).await.is(204);
}

/// Those who bring a Romanian practice in: who looks after it, and two reviewers.
struct Desk {
    keeper: Client,
    near: Client,
    far: Client,
}

impl Desk {
    async fn of(region: &Region) -> Self {
        let (keeper, near, far) =
            (region.person("moderator.ro").await, region.person("interpreter.ro").await, region.person("lawyer.md").await);
        Self { keeper, near, far }
    }

    fn reviewers(&self) -> Value {
        json!({"people": [self.near.id, self.far.id]})
    }

    /// Hands it in, screens it, names its reviewers and passes it on.
    async fn to_review(&self, author: &Client, id: &str) {
        stepped(author, id, "submitted").await.is(204);
        stepped(&self.keeper, id, "screening").await.is(204);
        self.keeper.put_json(&at(id, "/reviewers"), self.reviewers()).await.is(204);
        stepped(&self.keeper, id, "peer_review").await.is(204);
    }

    async fn publish(&self, author: &Client, id: &str, level: u8) {
        self.to_review(author, id).await;
        reviewed(&self.near, id, level, "publish").await;
        reviewed(&self.far, id, level, "publish").await;
        stepped(&self.keeper, id, "published").await.is(204);
    }

    async fn published(&self, author: &Client, change: Value, level: u8) -> String {
        let id = drafted(author, change).await;
        self.publish(author, &id, level).await;
        id
    }
}

async fn shown(client: &Client, id: &str) -> Value {
    client.get(&at(id, "")).await.is(200)
}

async fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("{PRACTICES}?limit=100&{query}")).await.is(200);
    items(&page).iter().map(|item| text(&item["id"])).collect()
}

#[tokio::test]
async fn a_practice_comes_in_by_screening_two_reviews_and_another_hand() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let (author, outsider) = (region.person("member.ro").await, region.person("ngo.me").await);
    let id = drafted(&author, json!({})).await;
    outsider.get(&at(&id, "")).await.refused(404, "not_found");
    desk.keeper.get(&at(&id, "")).await.refused(404, "not_found");
    // Its own people don't decide about it, and no step is left out.
    stepped(&author, &id, "published").await.refused(409, "practice_state");
    stepped(&author, &id, "submitted").await.is(204);
    stepped(&author, &id, "screening").await.refused(403, "own_item");
    outsider.get(&at(&id, "")).await.refused(404, "not_found");
    assert_eq!(shown(&desk.keeper, &id).await["state"], "submitted");
    assert!(listed(&desk.keeper, "view=to_tend").await.contains(&id));
    stepped(&desk.keeper, &id, "screening").await.is(204);

    // Two reviewers: none of its own, not who names them, one of another country.
    for (people, code) in [
        (json!([desk.far.id]), "practice_reviewers_two"),
        (json!([desk.far.id, desk.far.id]), "practice_reviewers_two"),
        (json!([desk.far.id, author.id]), "practice_reviewer_unfit"),
        (json!([desk.far.id, desk.keeper.id]), "practice_reviewer_unfit"),
        (json!([desk.far.id, region.person("pending.ro").await.id]), "practice_reviewer_unfit"),
        (json!([desk.near.id, region.person("social.ro").await.id]), "practice_reviewers_outside"),
    ] {
        desk.keeper.put_json(&at(&id, "/reviewers"), json!({"people": people})).await.refused(422, code);
    }
    stepped(&desk.keeper, &id, "peer_review").await.refused(422, "practice_reviewers_two");
    desk.keeper.put_json(&at(&id, "/reviewers"), desk.reviewers()).await.is(204);
    let unchecked = json!({"state": "peer_review", "data_checked": true});
    desk.keeper.put_json(&at(&id, "/state"), unchecked).await.refused(422, "practice_unchecked");
    stepped(&desk.keeper, &id, "peer_review").await.is(204);

    assert!(listed(&desk.far, "view=to_review").await.contains(&id));
    stepped(&desk.keeper, &id, "published").await.refused(409, "practice_reviews_missing");
    reviewed(&desk.near, &id, 2, "publish").await;
    // Nobody reads the other's review before they have written their own.
    assert_eq!(shown(&desk.far, &id).await["reviews"], json!([]));
    stepped(&desk.keeper, &id, "published").await.refused(409, "practice_reviews_missing");
    reviewed(&desk.far, &id, 2, "publish").await;
    assert!(!listed(&desk.far, "view=to_review").await.contains(&id));
    assert_eq!(shown(&desk.far, &id).await["reviews"].as_array().expect("reviews").len(), 2);
    stepped(&author, &id, "published").await.refused(403, "own_item");
    stepped(&desk.far, &id, "published").await.refused(403, "forbidden");
    stepped(&desk.keeper, &id, "published").await.is(204);
    let now = shown(&outsider, &id).await;
    assert_eq!((&now["state"], &now["version"], &now["level"]), (&json!("published"), &json!(1), &json!(2)));
    assert!(listed(&outsider, "country=RO&theme=forced-begging").await.contains(&id));
}

#[tokio::test]
async fn what_is_sent_back_says_why_and_is_reviewed_anew() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let author = region.person("member.ro").await;
    let id = drafted(&author, json!({"limits": ""})).await;
    let told = stepped(&author, &id, "submitted").await.refused(422, "practice_incomplete");
    assert_eq!(told["field"], "limits");
    let whole = json!({"content": filled()});
    author.put_json(&at(&id, ""), whole.clone()).await.is(200);
    desk.to_review(&author, &id).await;
    author.put_json(&at(&id, ""), whole.clone()).await.refused(409, "practice_state");
    reviewed(&desk.near, &id, 1, "publish").await;
    reviewed(&desk.far, &id, 1, "revise").await;
    stepped(&desk.keeper, &id, "published").await.refused(409, "practice_reviews_missing");
    let silent = json!({"state": "revision"});
    desk.keeper.put_json(&at(&id, "/state"), silent).await.refused(422, "reason_missing");
    stepped(&desk.keeper, &id, "revision").await.is(204);
    assert_eq!(shown(&author, &id).await["reason"], "because");
    author.put_json(&at(&id, ""), whole).await.is(200);
    desk.to_review(&author, &id).await;
    // What was said of the earlier one counts for nothing.
    stepped(&desk.keeper, &id, "published").await.refused(409, "practice_reviews_missing");
    author.delete(&at(&id, "")).await.refused(409, "practice_handed_in");
    let draft = drafted(&author, json!({})).await;
    author.delete(&at(&draft, "")).await.is(204);
    author.get(&at(&draft, "")).await.refused(404, "not_found");
}

#[tokio::test]
async fn nobody_reviews_levels_or_endorses_their_own() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    // Two of one house: an editor among them.
    let (author, colleague) = (region.person("academia").await, region.person("editor.region").await);
    let id = drafted(&author, json!({})).await;
    stepped(&author, &id, "submitted").await.is(204);
    stepped(&colleague, &id, "screening").await.refused(403, "own_item");
    stepped(&desk.keeper, &id, "screening").await.is(204);
    let own = json!({"people": [desk.far.id, colleague.id]});
    desk.keeper.put_json(&at(&id, "/reviewers"), own).await.refused(422, "practice_reviewer_unfit");
    desk.keeper.put_json(&at(&id, "/reviewers"), desk.reviewers()).await.is(204);
    stepped(&desk.keeper, &id, "peer_review").await.is(204);
    reviewed(&desk.near, &id, 4, "publish").await;
    reviewed(&desk.far, &id, 4, "publish").await;
    stepped(&desk.keeper, &id, "published").await.is(204);
    let review = json!({"level": 5, "verdict": "publish", "note": "mine"});
    for client in [&author, &colleague] {
        client.put_json(&at(&id, "/review"), review.clone()).await.refused(403, "own_item");
        client.put_json(&at(&id, "/level"), json!({"level": 4, "why": "w"})).await.refused(403, "own_item");
        client.put(&at(&id, "/endorsement")).await.refused(403, "own_item");
        client.put_json(&at(&id, "/use"), json!({"note": "n"})).await.refused(403, "own_item");
        client.post(&at(&id, "/harms"), json!({"what": "w"})).await.refused(403, "own_item");
    }
    // Neither do those whose organisation takes part.
    let partner = region.person("member.rs").await;
    let organisation = text(&partner.get(&format!("/api/people/{}", partner.id)).await.is(200)["organisation_id"]);
    let shared = drafted(&author, json!({"partners": [organisation]})).await;
    desk.publish(&author, &shared, 1).await;
    partner.put(&at(&shared, "/endorsement")).await.refused(403, "own_item");
    // Whoever isn't named reviews nothing.
    region.person("ngo.me").await.put_json(&at(&id, "/review"), review).await.refused(403, "forbidden");
}

#[tokio::test]
async fn the_ladder_is_climbed_by_the_right_people_only() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let (author, editor) = (region.person("member.ro").await, region.person("editor.region").await);
    let id = desk.published(&author, json!({}), 5).await;
    // Two reviews carry no more than the third level; above it an editor decides.
    assert_eq!(shown(&author, &id).await["level"], 3);
    let level = |level: u8, trial: bool| json!({"level": level, "why": "the evaluation says so", "trial": trial});
    desk.keeper.put_json(&at(&id, "/level"), level(4, false)).await.refused(409, "practice_level_unsupported");
    region.person("ngo.me").await.put_json(&at(&id, "/level"), level(2, false)).await.refused(403, "forbidden");
    editor.put_json(&at(&id, "/level"), level(6, false)).await.refused(422, "practice_level_unknown");
    editor.put_json(&at(&id, "/level"), json!({"level": 4, "why": " "})).await.refused(422, "reason_missing");
    editor.put_json(&at(&id, "/level"), level(4, false)).await.is(204);
    let lacking = editor.put_json(&at(&id, "/level"), level(5, false)).await.refused(409, "practice_level_unsupported");
    assert_eq!(lacking["lacks"], "replication");
    editor.put_json(&at(&id, "/level"), level(5, true)).await.is(204);
    let now = shown(&author, &id).await;
    assert_eq!((&now["level"], &now["level_set"]["person"]["id"]), (&json!(5), &json!(editor.id)));
    // Who finds that it carries less needs nobody else.
    desk.keeper.put_json(&at(&id, "/level"), level(1, false)).await.is(204);
    assert_eq!(shown(&author, &id).await["level"], 1);
    // A single reviewer lifts an idea to what is plausible, and no further.
    let plain = desk.published(&author, json!({"monitoring": ""}), 0).await;
    reviewed(&desk.near, &plain, 2, "publish").await;
    desk.near.put_json(&at(&plain, "/level"), level(1, false)).await.is(204);
    let lacking = desk.near.put_json(&at(&plain, "/level"), level(2, false)).await.refused(409, "practice_level_unsupported");
    assert_eq!(lacking["lacks"], "monitoring");
}

#[tokio::test]
async fn harm_is_seen_at_once_and_stops_every_promotion() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let (author, editor, reader) =
        (region.person("member.ro").await, region.person("editor.region").await, region.person("ngo.me").await);
    let id = desk.published(&author, json!({}), 3).await;
    reader.post(&at(&id, "/harms"), json!({"what": "w"})).await.refused(403, "forbidden");
    let named = json!({"what": "JMBG 0101901710008 was in the leaflet"});
    desk.far.post(&at(&id, "/harms"), named).await.refused(422, "personal_data");
    let made = desk.far.post(&at(&id, "/harms"), json!({"what": "Children were laughed at"})).await.is(201);
    let harm = text(&made["id"]);
    let now = shown(&reader, &id).await;
    assert_eq!((&now["harm"], &now["harms"][0]["what"]), (&json!(true), &json!("Children were laughed at")));
    editor.put_json(&at(&id, "/level"), json!({"level": 4, "why": "w"})).await.refused(409, "practice_harm_open");
    reader.put(&at(&id, "/endorsement")).await.refused(409, "practice_harm_open");
    // Who has used it knows as well.
    let used = region.person("helpline.md").await;
    used.put_json(&at(&id, "/use"), json!({"note": "We tried it in two schools"})).await.is(204);
    used.post(&at(&id, "/harms"), json!({"what": "Here, too"})).await.is(201);
    let answer = json!({"answer": "The leaflet was changed"});
    let path = at(&id, &format!("/harms/{harm}/answer"));
    for (client, code) in [(&author, "own_item"), (&desk.keeper, "forbidden"), (&desk.far, "forbidden")] {
        client.put_json(&path, answer.clone()).await.refused(403, code);
    }
    editor.put_json(&path, answer.clone()).await.is(204);
    editor.put_json(&path, answer).await.refused(409, "already_decided");
    let now = shown(&reader, &id).await;
    assert_eq!(now["harm"], true, "one of two is open");
    assert!(now["harms"].as_array().expect("harms").iter().any(|harm| harm["answer"] == "The leaflet was changed"));
}

#[tokio::test]
async fn a_change_of_what_is_published_is_a_version_and_leaves_translations_behind() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let (author, translator) = (region.person("member.ro").await, region.person("loi.sofia").await);
    let id = desk.published(&author, json!({}), 1).await;
    let words = json!({"title": "Клуб след училище", "summary": "Клуб.", "problem": "", "theory": "", "results": "", "limits": "",
        "conditions": ""});
    let wish = |of_version: i64| json!({"content": words, "of_version": of_version, "machine": true});
    let path = at(&id, "/translations/bg");
    for version in [0, 2] {
        translator.put_json(&path, wish(version)).await.refused(422, "practice_field_invalid");
    }
    translator.put_json(&at(&id, "/translations/en"), wish(1)).await.refused(422, "practice_field_invalid");
    translator.put_json(&path, wish(1)).await.is(204);
    let state = |practice: &Value| practice["translations"][0].clone();
    let now = state(&shown(&author, &id).await);
    assert_eq!((&now["current"], &now["machine"], &now["checked_by"]), (&json!(true), &json!(true), &Value::Null));
    assert_eq!(now["translator"]["id"], translator.id);
    // Nobody checks their own; others change nothing of it.
    translator.put(&at(&id, "/translations/bg/check")).await.refused(403, "forbidden");
    desk.near.put_json(&path, wish(1)).await.refused(403, "forbidden");
    author.put(&at(&id, "/translations/bg/check")).await.is(204);
    assert_eq!(state(&shown(&author, &id).await)["checked_by"]["id"], author.id);

    let before = shown(&author, &id).await;
    let mut content = before["content"].clone();
    content["results"] = json!("Something else was found");
    let change = json!({"content": content, "seen": before["changed_at"], "note": "counted again"});
    let overtaken = json!({"content": content, "seen": "2020-01-01T00:00:00Z"});
    author.put_json(&at(&id, ""), overtaken).await.refused(409, "conflict");
    let after = author.put_json(&at(&id, ""), change).await.is(200);
    assert_eq!((&after["version"], &after["reviewed_version"]), (&json!(2), &json!(1)));
    assert_eq!(state(&after)["current"], false);
    let versions = translator.get(&at(&id, "/versions")).await.is(200);
    assert_eq!(items(&versions).len(), 2);
    assert_eq!(items(&versions)[0]["note"], "counted again");
    let first = translator.get(&at(&id, "/versions/1")).await.is(200);
    assert_eq!(first["content"]["results"], before["content"]["results"]);
    translator.get(&at(&id, "/versions/3")).await.refused(404, "not_found");
    // Who brings it up to date is named again, and it is unchecked again.
    translator.put_json(&path, wish(2)).await.is(204);
    let now = state(&shown(&author, &id).await);
    assert_eq!((&now["current"], &now["checked_by"]), (&json!(true), &Value::Null));
    // The same words twice are one version.
    let same = json!({"content": after["content"]});
    assert_eq!(author.put_json(&at(&id, ""), same).await.is(200)["version"], 2);
}

#[tokio::test]
async fn an_adaptation_is_a_child_and_shows_where_its_parent_travelled() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let (author, other) = (region.person("member.ro").await, region.person("member.rs").await);
    let parent = desk.published(&author, json!({}), 2).await;
    let begun = json!({"content": with(filled(), &json!({"countries": ["RS"], "adaptation": {"kept": "the form"}})), "parent": parent,
        "marking": "clear"});
    let child = text(&other.post(PRACTICES, begun.clone()).await.is(201)["id"]);
    // What it repeats is bound by what it repeats.
    assert_eq!(shown(&other, &child).await["marking"], "green");
    let lower = json!({"content": filled(), "marking": "clear"});
    other.put_json(&at(&child, ""), lower).await.refused(409, "marking_stays");
    let family = |around: &Value| around["family"].as_array().expect("family").len();
    assert_eq!(family(&author.get(&at(&parent, "/surroundings")).await.is(200)), 1, "a draft is for its own people");
    let keeper = region.person("moderator.rs").await;
    stepped(&other, &child, "submitted").await.is(204);
    stepped(&keeper, &child, "screening").await.is(204);
    keeper.put_json(&at(&child, "/reviewers"), desk.reviewers()).await.is(204);
    stepped(&keeper, &child, "peer_review").await.is(204);
    reviewed(&desk.near, &child, 1, "publish").await;
    reviewed(&desk.far, &child, 1, "publish").await;
    stepped(&keeper, &child, "published").await.is(204);
    let around = author.get(&at(&parent, "/surroundings")).await.is(200);
    assert_eq!((family(&around), &around["countries"]), (2, &json!(["RO", "RS"])));
    assert_eq!(around["family"][1]["parent"], parent);
    let now = shown(&author, &child).await;
    assert_eq!((&now["parent"], &now["content"]["adaptation"]["kept"]), (&json!(parent), &json!("the form")));
    // Only what stands is adapted, and only by who may read it.
    let draft = drafted(&author, json!({})).await;
    for (client, parent, status, code) in [(&other, &draft, 404, "not_found"), (&author, &draft, 409, "practice_not_published")] {
        let wish = with(begun.clone(), &json!({"parent": parent}));
        client.post(PRACTICES, wish).await.refused(status, code);
    }
}

#[tokio::test]
async fn markings_hold_in_the_list_the_search_the_export_and_in_print() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let (author, reader) = (region.person("member.ro").await, region.person("ngo.me").await);
    let word = format!("mark{}", Uuid::now_v7().simple());
    for marking in ["clear", "green", "amber", "amber+strict"] {
        let title = format!("{word} {marking}");
        let id = desk.published(&author, json!({"title": title, "marking": marking}), 1).await;
        let open = matches!(marking, "clear" | "green");
        let found = format!("q={word}");
        for (client, reads) in [(&reader, open), (&author, true)] {
            assert_eq!(listed(client, &found).await.contains(&id), reads, "{marking} in the list");
            assert_eq!(listed(client, "stage=primary&country=RO").await.contains(&id), reads, "{marking} in the list");
            let search = client.get(&format!("/api/search?q={word}")).await.is(200).to_string();
            assert_eq!(search.contains(&id), reads, "{marking} in the search");
            // Nobody takes out what is stricter than GREEN, its own people neither.
            let export = client.get(&format!("{PRACTICES}/export?q={word}")).await.is(200);
            assert_eq!(export.to_string().contains(&id), open, "{marking} in the export");
            let table = client.send(Method::GET, &format!("{PRACTICES}/export?q={word}&format=csv"), None).await;
            assert_eq!(table.text.contains(&id), open, "{marking} in the table");
        }
        let printed = reader.get(&at(&id, "/print")).await;
        if open {
            let printed = printed.is(200);
            assert_eq!(printed["label"], format!("TLP:{}", marking.to_uppercase()));
            assert!(!text(&printed["printed_for"]).is_empty());
        } else {
            printed.refused(404, "not_found");
            author.get(&at(&id, "/print")).await.refused(403, "marking_stays");
            for path in ["", "/surroundings", "/versions", "/versions/1", "/translations/bg"] {
                reader.get(&at(&id, path)).await.refused(404, "not_found");
            }
        }
    }
    let facets = reader.get(&format!("{PRACTICES}?q={word}")).await.is(200);
    assert_eq!((&facets["total"], &facets["facets"]["country"][0]["count"]), (&json!(2), &json!(2)), "counts tell of no more");
}

#[tokio::test]
async fn an_export_carries_its_label_its_reader_and_no_formula() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let author = region.person("member.ro").await;
    let word = format!("export{}", Uuid::now_v7().simple());
    desk.published(&author, json!({"title": format!("=HYPERLINK(1) {word}"), "marking": "clear"}), 1).await;
    let reader = region.person("ngo.me").await;
    let path = format!("{PRACTICES}/export?q={word}");
    let export = reader.get(&path).await.is(200);
    assert_eq!((&export["label"], &export["total"]), (&json!("TLP:CLEAR"), &json!(1)));
    let me = reader.get("/api/session").await.is(200);
    assert_eq!(export["exported_for"], me["name"]);
    let table = reader.send(Method::GET, &format!("{path}&format=csv"), None).await;
    assert!(table.text.contains("\"TLP:CLEAR\"") && table.text.contains(&text(&me["name"])), "{}", table.text);
    assert!(table.text.contains("\"'=HYPERLINK(1)"), "{}", table.text);
    reader.get(&format!("{path}&format=pdf")).await.refused(400, "bad_request");
}

#[tokio::test]
async fn who_lowers_a_marking_answers_for_it() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let author = region.person("member.ro").await;
    let id = desk.published(&author, json!({"marking": "amber"}), 1).await;
    let content = shown(&author, &id).await["content"].clone();
    let lower = json!({"content": content, "marking": "green"});
    desk.near.put_json(&at(&id, ""), lower.clone()).await.refused(403, "forbidden");
    desk.keeper.put_json(&at(&id, ""), lower.clone()).await.refused(403, "forbidden");
    author.put_json(&at(&id, ""), json!({"content": content, "marking": "red"})).await.refused(422, "marking_unknown");
    author.put_json(&at(&id, ""), lower).await.is(200);
    region.person("ngo.me").await.get(&at(&id, "")).await.is(200);
    let record = region.person("auditor.region").await.get("/api/record?limit=100").await.is(200).to_string();
    assert!(record.contains("practice.lower") && record.contains(&id), "{record}");
}

#[tokio::test]
async fn a_topic_becomes_a_draft_for_who_may_read_it_and_brings_no_words() {
    let region = Region::shared();
    let (inside, outside, keeper) =
        (region.person("social.xk").await, region.person("ngo.me").await, region.person("moderator.ro").await);
    let wish = json!({"kind": "closed", "country": "RO", "marking": "amber"});
    let channel = region.room_of("moderator.ro", &wish, &[&inside]).await;
    let (topic, _) = inside.begin(&channel, "A club after school", "what was said in the room").await;
    let begun = json!({"topic": topic, "content": {"title": "", "language": "en"}, "marking": "clear"});
    outside.post(PRACTICES, begun.clone()).await.refused(404, "not_found");
    let id = text(&inside.post(PRACTICES, begun).await.is(201)["id"]);
    let draft = shown(&inside, &id).await;
    assert_eq!((&draft["title"], &draft["marking"]), (&json!("A club after school"), &json!("amber")));
    assert!(draft["countries"] == json!(["RO"]) && !draft.to_string().contains("what was said"), "{draft}");
    assert_eq!(draft["discussion"]["topic"], topic);
    keeper.get(&at(&id, "")).await.refused(404, "not_found");
    // Who may read the practice and not the topic isn't told of it.
    let desk = Desk::of(&region).await;
    let content = with(filled(), &json!({"countries": ["RO"]}));
    inside.put_json(&at(&id, ""), json!({"content": content, "marking": "green"})).await.is(200);
    desk.publish(&inside, &id, 1).await;
    assert_eq!(shown(&outside, &id).await["discussion"], Value::Null);
}

#[tokio::test]
async fn others_say_that_they_have_used_it_and_stand_by_it_once_each() {
    let region = Region::shared();
    let desk = Desk::of(&region).await;
    let (author, other) = (region.person("member.ro").await, region.person("ngo.me").await);
    let id = desk.published(&author, json!({}), 1).await;
    for _ in 0..2 {
        other.put(&at(&id, "/endorsement")).await.is(204);
        other.put_json(&at(&id, "/use"), json!({"note": "It worked in Bar"})).await.is(204);
    }
    let now = shown(&author, &id).await;
    assert_eq!((&now["endorsements"], &now["used"], &now["used_by"][0]["country"]), (&json!(1), &json!(1), &json!("ME")));
    other.delete(&at(&id, "/endorsement")).await.is(204);
    other.delete(&at(&id, "/use")).await.is(204);
    let now = shown(&author, &id).await;
    assert_eq!((&now["endorsements"], &now["used_by"]), (&json!(0), &json!([])));
    region.person("aris").await.put_json(&at(&id, "/use"), json!({"note": "n"})).await.refused(422, "country_missing");
    stepped(&author, &id, "withdrawn").await.is(204);
    other.put(&at(&id, "/endorsement")).await.refused(409, "practice_not_published");
    let gone = shown(&other, &id).await;
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("withdrawn"), &json!("because")));
    assert!(!listed(&other, "country=RO").await.contains(&id));
    assert!(listed(&other, "state=withdrawn").await.contains(&id));
}

#[tokio::test]
async fn what_tells_of_a_person_is_not_stored() {
    let region = Region::shared();
    let author = region.person("member.ro").await;
    for (field, value) in [
        ("title", json!("About 0101901710008")),
        ("limits", json!("JMBG 0101901710008")),
        ("steps", json!(["One", "JMBG 0101901710008"])),
        ("materials", json!([{"title": "ЕГН 7523169263", "licence": "ask"}])),
    ] {
        let begun = json!({"content": with(filled(), &json!({field: value}))});
        let told = author.post(PRACTICES, begun).await.refused(422, "personal_data");
        assert_eq!(told["field"], field);
    }
    let begun = json!({"content": with(filled(), &json!({"stage": "first"}))});
    assert_eq!(author.post(PRACTICES, begun).await.refused(422, "practice_field_invalid")["field"], "stage");
}

#[tokio::test]
async fn a_bulgarian_question_finds_an_albanian_practice() {
    let region = Region::shared();
    let reader = region.person("campaign.bg").await;
    let page = reader.get(&format!("{PRACTICES}?q=принудителна просия училище")).await.is(200);
    let albanian = items(&page).iter().position(|item| item["language"] == "sq" && item["countries"] == json!(["AL"]));
    assert!(albanian.is_some_and(|at| at < 10), "{page}");
    let page = reader.get("/api/search?q=принудителна просия училище&kind=practice").await.is(200);
    assert!(page["things"].as_array().expect("things").iter().any(|thing| thing["kind"] == "practice"), "{page}");
}

#[tokio::test]
async fn pages_of_the_list_miss_nothing_and_repeat_nothing() {
    let region = Region::shared();
    let reader = region.person("ngo.me").await;
    for query in ["sort=newest", "sort=level", "theme=forced-begging&sort=level"] {
        let whole = listed(&reader, query).await;
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let after = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
            let page = reader.get(&format!("{PRACTICES}?limit=7&{query}{after}")).await.is(200);
            found.extend(items(&page).iter().map(|item| text(&item["id"])));
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(found, whole, "{query}");
    }
    reader.get(&format!("{PRACTICES}?cursor=nonsense")).await.refused(400, "bad_request");
    reader.get(&format!("{PRACTICES}?country=FR")).await.refused(422, "tag_unknown");
    reader.get(&format!("{PRACTICES}?view=all")).await.refused(400, "bad_request");
}

#[tokio::test]
async fn whoever_is_not_confirmed_has_no_library() {
    let region = Region::shared();
    for who in ["pending.ro", "expired.gr"] {
        let client = region.person(who).await;
        client.get(PRACTICES).await.refused(403, "not_confirmed");
        client.get(&format!("{PRACTICES}/export")).await.refused(403, "not_confirmed");
        client.post(PRACTICES, json!({"content": filled()})).await.refused(403, "not_confirmed");
    }
    region.anonymous().get(PRACTICES).await.refused(401, "not_signed_in");
}

/// Somebody who is accredited for ten years, made by the operator, with this power in the region if any.
fn lasting(region: &Region, role: Option<&str>) -> Client {
    let email = format!("{}@library.egida.example", Uuid::now_v7());
    let create = ["account", "create", "--email", &email, "--name", "L", "--country", "MD", "--accreditation-days", "3650"];
    let power = role.map(|role| vec!["--role", role, "--scope", "region"]).unwrap_or_default();
    run(region.folder(), &[&create[..], &power].concat(), None).expect("an account");
    let token = run(region.folder(), &["token", "create", "--account", &email], None).expect("a token");
    Client::with_token(region.origin(), token.trim())
}

#[tokio::test]
async fn a_review_is_due_after_two_years_by_the_clock() {
    let region = Region::start_with_clock().expect("a region");
    let (desk, author) = (Desk::of(&region).await, region.person("member.ro").await);
    let (reader, keeper) = (lasting(&region, None), lasting(&region, Some("editor")));
    let id = desk.published(&author, json!({}), 1).await;
    assert_eq!(shown(&reader, &id).await["state"], "published");
    stepped(&keeper, &id, "published").await.refused(409, "practice_state");
    region.advance(TWO_YEARS).await;
    assert_eq!(shown(&reader, &id).await["state"], "review_due");
    assert!(listed(&reader, "state=review_due").await.contains(&id));
    assert!(listed(&keeper, "view=to_tend&country=RO").await.contains(&id));
    stepped(&reader, &id, "published").await.refused(403, "forbidden");
    stepped(&keeper, &id, "published").await.is(204);
    assert_eq!(shown(&reader, &id).await["state"], "published");
}
