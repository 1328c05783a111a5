//! Campaigns: planned by some, approved by others, tried out, answered for, run and learnt from; and what nobody else learns.

use serde_json::{Value, json};
use support::region::{Client, Region, items, text};
use uuid::Uuid;

const CAMPAIGNS: &str = "/api/campaigns";

/// A campaign of Serbia that speaks to children at school in these weeks, and nothing else yet.
fn idea(title: &str, start: &str, end: &str) -> Value {
    json!({"title": title, "language": "en", "theme": "forced-begging", "aim": "report", "countries": ["RS"],
        "ages": ["10-13"], "settings": ["school"], "start": start, "end": end})
}

/// What its approval asks for beside that.
fn plan() -> Value {
    json!({"messages": ["Tell somebody you trust"], "call_to_action": "Call 116 111", "helpline": "116111",
        "safeguarding": "No child is shown"})
}

async fn made(client: &Client, wish: Value) -> String {
    text(&client.post(CAMPAIGNS, wish).await.is(201)["id"])
}

fn at(id: &str, part: &str) -> String {
    format!("{CAMPAIGNS}/{id}{part}")
}

async fn shown(client: &Client, id: &str) -> Value {
    client.get(&at(id, "")).await.is(200)
}

async fn step(client: &Client, id: &str, state: &str) -> Value {
    client.put_json(&at(id, "/state"), json!({"state": state})).await.is(200)
}

/// Planned, with everything that its approval asks for.
async fn planned(client: &Client, wish: Value) -> String {
    let id = made(client, wish).await;
    client.patch(&at(&id, ""), plan()).await.is(200);
    step(client, &id, "planned").await;
    id
}

async fn approved(region: &Region, client: &Client, wish: Value) -> String {
    let id = planned(client, wish).await;
    client.put(&at(&id, "/approval-request")).await.is(200);
    let moderator = region.person("moderator.rs").await;
    moderator.put_json(&at(&id, "/approval"), json!({"approved": true})).await.is(204);
    id
}

fn measured(kind: &str, actual: Option<f64>) -> Value {
    json!({"kind": kind, "unit": "", "baseline": null, "target": 10, "actual": actual, "series": []})
}

/// Running, with its helpline's word.
async fn running(region: &Region, client: &Client, wish: Value) -> String {
    let id = approved(region, client, wish).await;
    let tested = json!({"people": 12, "understood": 83, "changed": "The title was misread"});
    client.put_json(&at(&id, "/pretest"), tested).await.is(200);
    step(client, &id, "pretested").await;
    let all = json!({"items": [measured("reach", None), measured("harm_stigma", None)]});
    client.put_json(&at(&id, "/indicators"), all).await.is(200);
    region.person("helpline.rs").await.put_json(&at(&id, "/capacity"), json!({"note": "40 a day"})).await.is(200);
    step(client, &id, "running").await;
    id
}

/// How many campaigns in a state the board tells somebody of, and whether one of them is among its cards.
async fn on_board(client: &Client, state: &str, id: &str) -> (i64, bool) {
    let board = client.get(&format!("{CAMPAIGNS}/board?theme=forced-begging")).await.is(200);
    let column = board["columns"].as_array().expect("columns").iter().find(|column| column["state"] == state).expect("a state");
    let cards = column["items"].as_array().expect("cards");
    (column["count"].as_i64().expect("a count"), cards.iter().any(|card| card["id"] == id))
}

async fn in_country(client: &Client, query: &str) -> Value {
    let map = client.get(&format!("{CAMPAIGNS}/map{query}")).await.is(200);
    map["countries"].as_array().expect("countries").iter().find(|it| it["country"] == "RS").expect("Serbia").clone()
}

#[tokio::test]
async fn a_campaign_comes_from_an_idea_to_its_results_through_others() {
    let region = Region::start(&[]).expect("a region of one's own");
    let (author, moderator) = (region.person("member.rs").await, region.person("moderator.rs").await);
    let id = running(&region, &author, idea("Who takes the coins?", "2031-03-03", "2031-03-30")).await;
    let now = shown(&author, &id).await;
    assert_eq!((&now["state"], &now["next"], &now["capacity"]["note"]), (&json!("running"), &json!("ended"), &json!("40 a day")));
    assert_eq!(now["approved"]["by"]["id"], moderator.id);
    assert!(text(&now["capacity"]["organisation"]).contains("Tu sam"), "{now}");
    step(&author, &id, "ended").await;
    let early = author.put_json(&at(&id, "/state"), json!({"state": "evaluated"})).await;
    assert_eq!(early.refused(409, "campaign_not_ready")["missing"], json!(["results", "outcome", "harm_result"]));
    let all = json!({"items": [measured("reach", Some(1200.0)), measured("harm_stigma", Some(1.0))]});
    author.put_json(&at(&id, "/indicators"), all).await.is(200);
    author.put_json(&at(&id, "/results"), json!({"results": "Most understood it; one complaint."})).await.is(200);
    let over = step(&author, &id, "evaluated").await;
    let way: Vec<_> = over["steps"].as_array().expect("steps").iter().map(|step| text(&step["state"])).collect();
    assert_eq!(way, ["idea", "planned", "approved", "pretested", "running", "ended", "evaluated"]);
    let found = region.person("member.gr").await.get(&format!("{CAMPAIGNS}?q=coins")).await.is(200);
    assert!(items(&found).iter().any(|card| card["id"] == *id), "{found}");
    let everywhere = region.person("member.gr").await.get("/api/search?q=complaint").await.is(200);
    assert!(everywhere["things"].as_array().expect("things").iter().any(|thing| thing["id"] == *id), "{everywhere}");
}

#[tokio::test]
async fn an_idea_is_known_to_its_own_people_alone_and_in_no_count() {
    let region = Region::start(&[]).expect("a region of one's own");
    let (author, other) = (region.person("member.rs").await, region.person("member.gr").await);
    let (here, elsewhere) = (region.person("moderator.rs").await, region.person("moderator.ro").await);
    let (before, map) = (on_board(&other, "planned", "").await.0, in_country(&other, "").await);
    let id = planned(&author, idea("Hidden until approved", "2031-05-05", "2031-05-25")).await;
    for client in [&other, &here, &elsewhere] {
        client.get(&at(&id, "")).await.refused(404, "not_found");
        assert!(!on_board(client, "planned", &id).await.1);
    }
    assert_eq!(on_board(&other, "planned", &id).await.0, before);
    assert_eq!(in_country(&other, "").await, map);
    let line = other.get(&format!("{CAMPAIGNS}/timeline?from=2031-05-01&weeks=8")).await.is(200);
    assert_eq!(line["campaigns"], json!([]));
    assert!(line["countries"].as_array().expect("lanes").iter().all(|lane| lane["loads"] == json!([0, 0, 0, 0, 0, 0, 0, 0])));
    assert!(items(&other.get(&format!("{CAMPAIGNS}?q=hidden")).await.is(200)).is_empty());
    author.put(&at(&id, "/approval-request")).await.is(200);
    assert!(here.get(&at(&id, "")).await.is(200)["can"]["approve"] == true);
    assert!(on_board(&here, "planned", &id).await.1, "who looks after its country sees what was handed in");
    for client in [&other, &elsewhere] {
        client.get(&at(&id, "")).await.refused(404, "not_found");
        client.put_json(&at(&id, "/approval"), json!({"approved": true})).await.refused(404, "not_found");
    }
    here.put_json(&at(&id, "/approval"), json!({"approved": true})).await.is(204);
    assert_eq!(shown(&other, &id).await["can"]["change"], false);
    assert!(on_board(&other, "approved", &id).await.1);
    other.patch(&at(&id, ""), json!({"title": "Mine"})).await.refused(403, "forbidden");
    let line = other.get(&format!("{CAMPAIGNS}/timeline?from=2031-05-01&weeks=8&country=RS")).await.is(200);
    assert_eq!(line["campaigns"][0]["id"], *id);
    assert_eq!(line["countries"][0]["loads"], json!([0, 1, 1, 1, 0, 0, 0, 0]), "{line}");
    assert_eq!(line["days"][0]["name"], "missing_children");
}

#[tokio::test]
async fn nothing_runs_without_a_pretest_an_indicator_of_harm_and_somebody_who_answers() {
    let region = Region::shared();
    let author = region.person("member.rs").await;
    let id = approved(&region, &author, idea("Not ready", "2032-01-05", "2032-01-11")).await;
    let state = at(&id, "/state");
    let run = || author.put_json(&state, json!({"state": "running"}));
    run().await.refused(409, "campaign_not_now");
    let pretested = author.put_json(&at(&id, "/state"), json!({"state": "pretested"})).await;
    assert_eq!(pretested.refused(409, "campaign_not_ready")["missing"], json!(["pretest"]));
    let tested = json!({"people": 12, "understood": 83, "changed": "Nothing: all understood"});
    author.put_json(&at(&id, "/pretest"), tested).await.is(200);
    step(&author, &id, "pretested").await;
    let material = json!({"title": "Poster", "languages": ["sr-Latn"], "licence": "cc-by", "permission": "The school"});
    let now = author.post(&at(&id, "/materials"), material).await.is(201);
    let lacking = json!(["harm_indicator", "capacity", "materials"]);
    assert_eq!(run().await.refused(409, "campaign_not_ready")["missing"], lacking);
    assert_eq!(now["missing"], lacking);
    author.put_json(&at(&id, "/indicators"), json!({"items": [measured("reach", None)]})).await.is(200);
    assert_eq!(run().await.refused(409, "campaign_not_ready")["missing"], lacking);
    author.put_json(&at(&id, "/indicators"), json!({"items": [measured("harm_false_reports", None)]})).await.is(200);
    let approval = at(&id, &format!("/materials/{}/approval", text(&now["materials"][0]["id"])));
    author.put(&approval).await.refused(403, "other_person_needed");
    region.person("member.gr").await.put(&approval).await.refused(403, "forbidden");
    region.person("moderator.rs").await.put(&approval).await.is(200);
    assert_eq!(run().await.refused(409, "campaign_not_ready")["missing"], json!(["capacity"]));
    region.person("helpline.rs").await.put_json(&at(&id, "/capacity"), json!({})).await.is(200);
    run().await.is(200);
    author.put_json(&at(&id, "/indicators"), json!({"items": []})).await.refused(409, "campaign_not_ready");
}

#[tokio::test]
async fn nobody_approves_what_they_have_a_part_in() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.rs").await, region.person("moderator.rs").await);
    let id = planned(&author, idea("Own", "2032-02-02", "2032-02-08")).await;
    let approve = json!({"approved": true});
    moderator.put_json(&at(&id, "/approval"), approve.clone()).await.refused(404, "not_found");
    author.put(&at(&id, "/approval-request")).await.is(200);
    author.put(&at(&id, "/approval-request")).await.refused(409, "campaign_not_now");
    author.put_json(&at(&id, "/approval"), approve.clone()).await.refused(403, "own_item");
    author.patch(&at(&id, ""), json!({"people": [moderator.id]})).await.is(200);
    moderator.put_json(&at(&id, "/approval"), approve.clone()).await.refused(403, "own_item");
    author.patch(&at(&id, ""), json!({"people": []})).await.is(200);
    moderator.put_json(&at(&id, "/approval"), json!({"approved": false, "note": " "})).await.refused(422, "text_missing");
    moderator.put_json(&at(&id, "/approval"), json!({"approved": false, "note": "Say who answers"})).await.is(204);
    moderator.get(&at(&id, "")).await.refused(404, "not_found");
    let back = shown(&author, &id).await;
    assert_eq!((&back["state"], &back["returned"]["note"]), (&json!("planned"), &json!("Say who answers")));
    author.put(&at(&id, "/approval-request")).await.is(200);
    assert_eq!(shown(&author, &id).await["returned"], Value::Null);
    // Whoever approves must approve what they have read.
    author.patch(&at(&id, ""), json!({"messages": ["Another"]})).await.is(200);
    moderator.get(&at(&id, "")).await.refused(404, "not_found");
    let own = planned(&moderator, idea("A moderator's own", "2032-02-02", "2032-02-08")).await;
    moderator.put(&at(&own, "/approval-request")).await.is(200);
    moderator.put_json(&at(&own, "/approval"), approve.clone()).await.refused(403, "own_item");
    region.person("moderator.region").await.put_json(&at(&own, "/approval"), approve.clone()).await.is(204);
    region.person("moderator.region").await.put_json(&at(&own, "/approval"), approve).await.refused(409, "already_decided");
}

#[tokio::test]
async fn only_a_helpline_of_its_countries_says_that_it_can_answer() {
    let region = Region::shared();
    let (author, helpline) = (region.person("member.rs").await, region.person("helpline.rs").await);
    let id = running(&region, &author, idea("Answered", "2032-03-01", "2032-03-28")).await;
    for who in ["member.gr", "helpline.md", "moderator.rs"] {
        region.person(who).await.put_json(&at(&id, "/capacity"), json!({})).await.refused(403, "helpline_only");
    }
    author.put_json(&at(&id, "/capacity"), json!({})).await.refused(403, "own_item");
    let stopped = helpline.delete(&at(&id, "/capacity")).await.is(200);
    assert_eq!((&stopped["state"], &stopped["capacity"]), (&json!("paused"), &Value::Null));
    let again = author.put_json(&at(&id, "/state"), json!({"state": "running"})).await;
    assert_eq!(again.refused(409, "campaign_not_ready")["missing"], json!(["capacity"]));
    helpline.put_json(&at(&id, "/capacity"), json!({})).await.is(200);
    step(&author, &id, "running").await;
    let own = approved(&region, &helpline, idea("A helpline's own", "2032-04-05", "2032-04-11")).await;
    helpline.put_json(&at(&own, "/capacity"), json!({})).await.refused(403, "own_item");
}

#[tokio::test]
async fn who_looks_after_its_country_pauses_what_runs_and_does_nothing_else_with_it() {
    let region = Region::shared();
    let (author, moderator) = (region.person("member.rs").await, region.person("moderator.rs").await);
    let id = running(&region, &author, idea("Paused", "2032-05-03", "2032-05-09")).await;
    let to = |state: &str| json!({"state": state});
    region.person("moderator.ro").await.put_json(&at(&id, "/state"), to("paused")).await.refused(403, "forbidden");
    moderator.put_json(&at(&id, "/state"), to("ended")).await.refused(403, "forbidden");
    moderator.put_json(&at(&id, "/state"), to("paused")).await.is(200);
    moderator.put_json(&at(&id, "/state"), to("running")).await.refused(403, "forbidden");
    step(&author, &id, "running").await;
}

#[tokio::test]
async fn what_was_approved_says_what_it_says_until_it_is_planned_anew() {
    let region = Region::shared();
    let author = region.person("member.rs").await;
    let id = approved(&region, &author, idea("Settled", "2032-06-07", "2032-06-13")).await;
    author.patch(&at(&id, ""), json!({"messages": ["Another"]})).await.refused(409, "campaign_settled");
    author.patch(&at(&id, ""), json!({"end": "2032-07-01", "start": "2032-06-07"})).await.refused(409, "campaign_settled");
    author.patch(&at(&id, ""), json!({"people": []})).await.is(200);
    let tested = json!({"people": 12, "understood": 83, "changed": "Nothing"});
    author.put_json(&at(&id, "/pretest"), tested).await.is(200);
    let again = step(&author, &id, "planned").await;
    assert_eq!((&again["approved"], &again["pretest"]), (&Value::Null, &Value::Null));
    region.person("member.gr").await.get(&at(&id, "")).await.refused(404, "not_found");
    author.patch(&at(&id, ""), json!({"messages": ["Another"]})).await.is(200);
}

#[tokio::test]
async fn clashes_tell_of_what_one_may_read_and_of_nothing_else() {
    let region = Region::shared();
    let (author, other) = (region.person("member.rs").await, region.person("forensic.rs").await);
    let weeks = |start, end| format!("{CAMPAIGNS}/clashes?countries=RS,HR&ages=10-13,14-15&start={start}&end={end}");
    let found = async |client: &Client, path: &str| -> Vec<String> {
        items(&client.get(path).await.is(200)).iter().map(|card| text(&card["id"])).collect()
    };
    let mut strict = idea("For its own house", "2033-01-03", "2033-01-09");
    strict["marking"] = json!("amber+strict");
    let hidden = approved(&region, &author, strict).await;
    assert!(found(&other, &weeks("2033-01-05", "2033-01-20")).await.is_empty(), "nothing of what is hidden");
    assert_eq!(found(&author, &weeks("2033-01-05", "2033-01-20")).await, [hidden.as_str()]);
    let open = approved(&region, &author, idea("For everybody", "2033-02-07", "2033-02-10")).await;
    // The same calendar week is enough; the next one is none.
    assert_eq!(found(&other, &weeks("2033-02-12", "2033-02-13")).await, [open.as_str()]);
    assert!(found(&other, &weeks("2033-02-14", "2033-02-20")).await.is_empty());
    let path = |query: &str| format!("{CAMPAIGNS}/clashes?{query}&start=2033-02-07&end=2033-02-08");
    assert!(found(&other, &path("countries=GR&ages=10-13")).await.is_empty(), "another country");
    assert!(found(&other, &path("countries=RS&ages=adults")).await.is_empty(), "another age");
    assert!(found(&other, &path("countries=RS&ages=10-13&settings=street")).await.is_empty(), "another place");
    assert_eq!(found(&other, &path("countries=RS&ages=10-13&settings=street,school")).await, [open.as_str()]);
    assert!(found(&other, &format!("{}&campaign={open}", path("countries=RS&ages=10-13"))).await.is_empty(), "not with itself");
    other.get(&path("countries=FR&ages=10-13")).await.refused(422, "tag_unknown");
    let mine = made(&other, idea("Mine", "2033-02-09", "2033-02-09")).await;
    let now = shown(&other, &mine).await;
    assert_eq!((&now["clash"], &now["clashes"][0]["id"]), (&json!(true), &json!(open)));
    assert_eq!(shown(&author, &open).await["clash"], false, "an idea of somebody else's is no warning");
}

#[tokio::test]
async fn small_counts_of_people_are_for_its_own_people() {
    let region = Region::shared();
    let (author, other) = (region.person("member.rs").await, region.person("member.gr").await);
    let id = running(&region, &author, idea("Counted", "2034-01-02", "2034-01-29")).await;
    let all = json!({"items": [measured("identified_victims", Some(3.0)), measured("referrals", Some(7.0)),
        measured("harm_stigma", Some(2.0)),
        {"kind": "referrals", "unit": "", "baseline": 1, "target": null, "actual": 12, "series": [[1, 8], [2, 4]]}]});
    author.put_json(&at(&id, "/indicators"), all).await.is(200);
    let figures = |campaign: &Value| -> Vec<(Value, Value)> {
        let indicators = campaign["indicators"].as_array().expect("indicators").clone();
        indicators.into_iter().map(|it| (it["actual"].clone(), it["below_five"].clone())).collect()
    };
    let own = shown(&author, &id).await;
    assert_eq!(figures(&own)[0], (json!(3.0), json!(false)));
    let told = shown(&other, &id).await;
    let expected = [(Value::Null, true), (json!(7.0), false), (json!(2.0), false), (json!(12.0), true)];
    assert_eq!(figures(&told), expected.map(|(actual, below)| (actual, json!(below))));
    assert_eq!((&told["indicators"][3]["series"], &told["indicators"][3]["baseline"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn partners_are_named_and_plan_together_in_its_own_channel() {
    let region = Region::shared();
    let (author, partner) = (region.person("member.rs").await, region.person("forensic.rs").await);
    let house = text(&partner.get(&format!("/api/people/{}", partner.id)).await.is(200)["organisation_id"]);
    let focal = format!("/api/organisations/{house}/focal-points/{}", partner.id);
    region.person("moderator.rs").await.put_json(&focal, json!({"theme": null})).await.is(204);
    let mut live = partner.live().await;
    let id = made(&author, idea("Together", "2035-01-01", "2035-01-28")).await;
    partner.get(&at(&id, "")).await.refused(404, "not_found");
    author.patch(&at(&id, ""), json!({"partners": [house]})).await.is(200);
    let heard = live.next_of("notice").await.expect("told");
    assert_eq!((&heard["code"], &heard["about"], &heard["id"]), (&json!("campaign"), &json!("named"), &json!(id)));
    let now = shown(&partner, &id).await;
    assert_eq!((&now["people"][0]["id"], &now["can"]["change"]), (&json!(partner.id), &json!(true)));
    let channel = text(&author.put(&at(&id, "/channel")).await.is(200)["channel"]);
    author.put(&at(&id, "/channel")).await.refused(409, "campaign_not_now");
    assert_eq!(partner.get(&format!("/api/channels/{channel}")).await.is(200)["member"], true);
    let outside = region.person("member.gr").await;
    outside.get(&format!("/api/channels/{channel}")).await.refused(404, "not_found");
    let third = region.person("interpreter.ro").await;
    author.patch(&at(&id, ""), json!({"people": [third.id, partner.id]})).await.is(200);
    assert_eq!(third.get(&format!("/api/channels/{channel}")).await.is(200)["member"], true);
    author.patch(&at(&id, ""), json!({"people": [third.id]})).await.is(200);
    partner.get(&format!("/api/channels/{channel}")).await.refused(404, "not_found");
    partner.get(&at(&id, "")).await.refused(404, "not_found");
    let mut strict = idea("Strict", "2035-02-05", "2035-02-11");
    strict["marking"] = json!("amber+strict");
    strict["partners"] = json!([house]);
    let strict = made(&author, strict).await;
    partner.get(&at(&strict, "")).await.refused(404, "not_found");
    author.patch(&at(&id, ""), json!({"people": [Uuid::now_v7()]})).await.refused(422, "person_unknown");
    let pending = region.person("pending.rs").await;
    author.patch(&at(&id, ""), json!({"people": [pending.id]})).await.refused(422, "person_not_confirmed");
}

#[tokio::test]
async fn only_the_source_marks_it_less_strictly() {
    let region = Region::shared();
    let (author, named) = (region.person("member.rs").await, region.person("interpreter.ro").await);
    let mut wish = idea("Marked", "2035-03-05", "2035-03-11");
    (wish["marking"], wish["people"]) = (json!("amber"), json!([named.id]));
    let id = made(&author, wish).await;
    named.patch(&at(&id, ""), json!({"marking": "green"})).await.refused(403, "forbidden");
    named.patch(&at(&id, ""), json!({"marking": "amber+strict"})).await.is(200);
    author.patch(&at(&id, ""), json!({"marking": "red"})).await.refused(422, "marking_unknown");
    assert_eq!(author.patch(&at(&id, ""), json!({"marking": "clear"})).await.is(200)["marking"], "clear");
}

#[tokio::test]
async fn what_may_tell_who_somebody_is_is_in_no_campaign() {
    let region = Region::shared();
    let author = region.person("member.rs").await;
    let number = "JMBG 0101901710008";
    let id = planned(&author, idea("Guarded", "2035-04-02", "2035-04-08")).await;
    for wish in
        [json!({"title": number}), json!({"evidence": number}), json!({"messages": ["a", number]}), json!({"places": [number]})]
    {
        author.patch(&at(&id, ""), wish).await.refused(422, "personal_data");
    }
    let mut wish = idea("Guarded", "2035-04-02", "2035-04-08");
    wish["safeguarding"] = json!(number);
    author.post(CAMPAIGNS, wish).await.refused(422, "personal_data");
    let unit = json!({"items": [{"kind": "reach", "unit": number, "baseline": null, "target": null, "actual": null}]});
    author.put_json(&at(&id, "/indicators"), unit).await.refused(422, "personal_data");
    let material = json!({"title": number, "languages": ["en"], "licence": "own"});
    author.post(&at(&id, "/materials"), material).await.refused(422, "personal_data");
    author.get(&format!("{CAMPAIGNS}?q=0101901710008")).await.refused(422, "personal_data");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_its_name() {
    let region = Region::shared();
    let author = region.person("member.rs").await;
    let with = |key: &str, value: Value| {
        let mut wish = idea("Sense", "2035-05-07", "2035-05-13");
        wish[key] = value;
        wish
    };
    for (key, value, code) in [
        ("title", json!(" "), "title_invalid"),
        ("theme", json!("weather"), "tag_unknown"),
        ("countries", json!(["FR"]), "tag_unknown"),
        ("ages", json!(["17"]), "tag_unknown"),
        ("end", json!("2035-05-01"), "campaign_weeks_invalid"),
        ("end", json!("2038-05-01"), "campaign_weeks_invalid"),
        ("evidence", json!("x".repeat(4_001)), "text_invalid"),
        ("partners", json!([Uuid::now_v7()]), "tag_unknown"),
    ] {
        author.post(CAMPAIGNS, with(key, value)).await.refused(422, code);
    }
    let id = made(&author, idea("Sense", "2035-05-07", "2035-05-13")).await;
    let wrong = json!({"items": [measured("reach", Some(-1.0))]});
    author.put_json(&at(&id, "/indicators"), wrong).await.refused(422, "campaign_figure_invalid");
    author.get(&format!("{CAMPAIGNS}/timeline?weeks=54")).await.refused(400, "bad_request");
    author.get(&format!("{CAMPAIGNS}/timeline?from=soon")).await.refused(400, "bad_request");
    author.get(&format!("{CAMPAIGNS}?cursor=x")).await.refused(400, "bad_request");
    author.get(&format!("{CAMPAIGNS}?country=FR")).await.refused(422, "tag_unknown");
}

#[tokio::test]
async fn a_list_goes_on_where_its_page_ends() {
    let region = Region::start(&[]).expect("a region of one's own");
    let reader = region.person("member.gr").await;
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = reader.get(&format!("{CAMPAIGNS}?limit=4&cursor={cursor}").replace("&cursor=&", "&")).await;
        let page = if cursor.is_empty() { reader.get(&format!("{CAMPAIGNS}?limit=4")).await.is(200) } else { page.is(200) };
        all.extend(items(&page).iter().map(|card| text(&card["id"])));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    let whole = reader.get(&format!("{CAMPAIGNS}?limit=100")).await.is(200);
    let ids: Vec<String> = items(&whole).iter().map(|card| text(&card["id"])).collect();
    assert!(ids.len() > 12 && all == ids, "{all:?} {ids:?}");
    let running = reader.get(&format!("{CAMPAIGNS}?state=running&country=RS")).await.is(200);
    assert!(items(&running).iter().all(|card| card["state"] == "running" && card["countries"][0] == "RS"));
    assert_eq!(items(&running).len(), 1);
}

#[tokio::test]
async fn whoever_is_not_confirmed_has_no_campaigns() {
    let region = Region::shared();
    for who in ["pending.ro", "expired.gr"] {
        let client = region.person(who).await;
        for path in ["", "/board", "/timeline", "/map", "/clashes?countries=RS&ages=10-13&start=2033-02-07&end=2033-02-08"] {
            client.get(&format!("{CAMPAIGNS}{path}")).await.refused(403, "not_confirmed");
        }
        client.post(CAMPAIGNS, idea("No", "2033-02-07", "2033-02-08")).await.refused(403, "not_confirmed");
        let open = region.person("member.rs").await.get(&format!("{CAMPAIGNS}?state=running")).await.is(200);
        client.get(&at(&text(&items(&open)[0]["id"]), "")).await.refused(404, "not_found");
    }
    region.anonymous().get(CAMPAIGNS).await.refused(401, "not_signed_in");
}
