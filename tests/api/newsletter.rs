//! The newsletter from outside: who composes and who releases, what may stand in it, and what everybody reads. What is taken from
//! the feeds, asked for and falls out again: `newsletter::http::tests`.

use std::path::Path;

use serde_json::{Value, json};
use support::mailbox::{Letter, Mailbox, Temper};
use support::region::{Client, Region, draft, items, text};
use support::server_process::run;
use uuid::Uuid;

const ISSUES: &str = "/api/newsletter/issues";
const SAID: &str = "Two offices plan a joint visit to the reception centre at the border in early spring";
/// Where links in mails lead.
const ORIGIN: &str = "http://egida.example";
/// A mail that failed is tried again after this many seconds.
const AGAIN_AFTER: i64 = 61;
/// Where Debian puts it.
const CHROMIUM: &str = "/usr/bin/chromium";

async fn begun(editor: &Client, year: i64, quarter: i64) -> String {
    text(&editor.post(ISSUES, json!({"year": year, "quarter": quarter})).await.is(201)["id"])
}

async fn write(editor: &Client, issue: &str, section: &str, language: &str, body: &str) -> support::region::Answer {
    let whole = editor.get(&format!("{ISSUES}/{issue}")).await.is(200);
    let texts = whole["texts"].as_array().expect("texts").clone();
    let stands = texts.iter().find(|text| text["section"] == section && text["language"] == language);
    let revision = stands.map_or(json!(0), |text| text["revision"].clone());
    editor.put_json(&format!("{ISSUES}/{issue}/texts/{section}/{language}"), json!({"body": body, "revision": revision})).await
}

/// An issue with a title and a text in English and French.
async fn composed(editor: &Client, year: i64, quarter: i64) -> String {
    let issue = begun(editor, year, quarter).await;
    for (section, language, body) in [
        ("title", "en", "What the quarter brought"),
        ("title", "fr", "Ce que le trimestre a apporté"),
        ("editorial", "en", "Much was *learned*, and the NRM of each country grew."),
        ("editorial", "fr", "On a beaucoup *appris*, et le MNO de chaque pays a grandi."),
    ] {
        write(editor, &issue, section, language, body).await.is(200);
    }
    issue
}

async fn handed_in(editor: &Client, issue: &str) -> Value {
    editor.put(&format!("{ISSUES}/{issue}/submission")).await.is(204);
    let whole = editor.get(&format!("{ISSUES}/{issue}")).await.is(200);
    json!({"digest": whole["digest"], "approved": true})
}

/// A released issue: its number.
async fn released(region: &Region, year: i64, quarter: i64) -> i64 {
    let (editor, other) = (region.person("editor.region").await, region.signed_in("moderator.region").await);
    let issue = composed(&editor, year, quarter).await;
    let verdict = handed_in(&editor, &issue).await;
    other.put_json(&format!("{ISSUES}/{issue}/decision"), verdict).await.is(204);
    editor.get(&format!("{ISSUES}/{issue}")).await.is(200)["number"].as_i64().expect("a number")
}

#[tokio::test]
async fn editors_compose_and_nobody_else() {
    let region = Region::shared();
    let editor = region.person("editor.region").await;
    let issue = begun(&editor, 2001, 1).await;
    let path = format!("{ISSUES}/{issue}");
    editor.post(ISSUES, json!({"year": 2001, "quarter": 1})).await.refused(409, "newsletter_quarter_taken");
    editor.post(ISSUES, json!({"year": 2001, "quarter": 5})).await.refused(422, "newsletter_quarter_invalid");
    let german = json!({"year": 2001, "quarter": 2, "languages": ["de"]});
    editor.post(ISSUES, german).await.refused(422, "newsletter_language_unknown");
    for who in ["member.ro", "moderator.ro", "admin", "auditor.region"] {
        let client = region.person(who).await;
        client.post(ISSUES, json!({"year": 2001, "quarter": 2})).await.refused(403, "forbidden");
        client.get(&path).await.refused(403, "forbidden");
        client.get(&format!("{path}/proposals")).await.refused(403, "forbidden");
        client.get(&format!("{path}/preview/en")).await.refused(403, "forbidden");
        client.put(&format!("{path}/submission")).await.refused(403, "forbidden");
        let listed = client.get(&format!("{ISSUES}?limit=100")).await.is(200);
        assert!(items(&listed).iter().all(|row| row["state"] == "released"), "{who}: {listed}");
    }
    region.person("pending.ro").await.get(ISSUES).await.refused(403, "not_confirmed");
    // Who may release it reads it, and composes nothing.
    let moderator = region.person("moderator.region").await;
    let whole = moderator.get(&path).await.is(200);
    assert_eq!((&whole["may_compose"], &whole["may_release"]), (&json!(false), &json!(true)));
    let body = json!({"body": "mine", "revision": 0});
    moderator.put_json(&format!("{path}/texts/focus/en"), body.clone()).await.refused(403, "forbidden");
    editor.put_json(&format!("{path}/texts/weather/en"), body.clone()).await.refused(404, "not_found");
    editor.put_json(&format!("{path}/texts/focus/bg"), body.clone()).await.refused(404, "not_found");
    editor.put_json(&format!("{path}/texts/focus/en"), body.clone()).await.is(200);
    editor.put_json(&format!("{path}/texts/focus/en"), body).await.refused(409, "conflict");
    write(&editor, &issue, "focus", "en", "His number: JMBG 0101901710008").await.refused(422, "personal_data");
    // Without a feed there is nothing to propose, and nothing to take.
    assert!(items(&editor.get(&format!("{path}/proposals")).await.is(200)).is_empty());
    let wish = json!({"kind": "practice", "id": Uuid::now_v7(), "section": "focus"});
    editor.post(&format!("{path}/items"), wish).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_stands_in_a_message_is_not_copied_in() {
    let region = Region::shared();
    let (editor, member) = (region.person("editor.region").await, region.person("member.ro").await);
    let (closed, open) = (region.room("closed", &[&member]).await, region.room("open", &[&member]).await);
    let issue = begun(&editor, 2002, 1).await;
    let marked = async |room: &str, marking: &str, body: &str| {
        let mut wish = draft(body);
        wish["marking"] = marking.into();
        text(&member.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"])
    };
    marked(&closed, "amber", SAID).await;
    let told = write(&editor, &issue, "focus", "en", &format!("😀 As we hear, {}!", SAID.to_uppercase())).await;
    let told = told.refused(409, "newsletter_withheld");
    let place = &told["places"][0];
    // In UTF-16 units, as a page counts.
    assert_eq!((&place["start"], &place["words"]), (&json!(15), &json!(SAID.to_uppercase())));
    assert!(place["label"].is_null() && place["message"].is_null(), "of what one may not read nothing is told: {place}");
    let seven = SAID.split(' ').take(7).collect::<Vec<_>>().join(" ");
    write(&editor, &issue, "focus", "en", &format!("{seven} elsewhere")).await.is(200);

    let other = "Colleagues of four countries have met on a bridge and agreed upon another way of working";
    let message = marked(&open, "green", other).await;
    let told = write(&editor, &issue, "prevent", "en", other).await.refused(409, "newsletter_withheld");
    assert_eq!((&told["places"][0]["label"], &told["places"][0]["message"]), (&json!("TLP:GREEN"), &json!(message)));
    // Its source lowers it: it is everybody's.
    member.put_json(&format!("/api/messages/{message}/marking"), json!({"marking": "clear"})).await.is(200);
    write(&editor, &issue, "prevent", "en", other).await.is(200);
    // So is what anybody calls by the glossary's own words.
    let acts = region.person("auditor.region").await.get("/api/record?act=newsletter.withheld").await.is(200);
    let targets: Vec<_> = items(&acts).iter().map(|row| text(&row["target"]["id"])).collect();
    assert_eq!(targets.iter().filter(|target| **target == issue).count(), 2, "{targets:?}");
}

#[tokio::test]
async fn what_is_handed_in_is_released_by_a_second_person_as_it_was() {
    let region = Region::shared();
    let (editor, nobody) = (region.signed_in("editor.region").await, region.anonymous());
    let issue = composed(&editor, 2003, 1).await;
    let path = format!("{ISSUES}/{issue}");
    let decision = format!("{path}/decision");
    let verdict = handed_in(&editor, &issue).await;
    let whole = editor.get(&path).await.is(200);
    let number = &whole["number"];
    assert_eq!((&whole["state"], &whole["may_release"]), (&json!("asked"), &json!(false)));
    nobody.get(&format!("/news/{number}")).await.is(404);
    editor.put_json(&decision, verdict.clone()).await.refused(403, "other_person_needed");
    region.person("moderator.region").await.put_json(&decision, verdict.clone()).await.refused(403, "session_needed");
    region.signed_in("moderator.ro").await.put_json(&decision, verdict.clone()).await.refused(403, "forbidden");
    let other = region.signed_in("moderator.region").await;
    let another = json!({"digest": "00", "approved": true});
    other.put_json(&decision, another).await.refused(409, "conflict");
    // Any change voids it, also one that is taken back.
    write(&editor, &issue, "editorial", "en", "Other words").await.is(200);
    other.put_json(&decision, verdict.clone()).await.refused(409, "conflict");
    write(&editor, &issue, "editorial", "en", "Much was *learned*, and the NRM of each country grew.").await.is(200);
    other.put_json(&decision, verdict).await.refused(409, "conflict");
    let verdict = handed_in(&editor, &issue).await;
    let refusal = json!({"digest": verdict["digest"], "approved": false});
    other.put_json(&decision, refusal.clone()).await.refused(422, "reason_missing");
    let refusal = json!({"digest": verdict["digest"], "approved": false, "note": "Say who learned"});
    other.put_json(&decision, refusal).await.is(204);
    assert_eq!(editor.get(&path).await.is(200)["note"], "Say who learned");

    let verdict = handed_in(&editor, &issue).await;
    let preview = other.get(&format!("{path}/preview/fr")).await;
    assert!(preview.text.contains("Ce que le trimestre a apporté") && preview.text.contains("<html lang=\"fr\">"));
    other.put_json(&decision, verdict).await.is(204);
    write(&editor, &issue, "editorial", "en", "More").await.refused(409, "newsletter_released");
    editor.put(&format!("{path}/submission")).await.refused(409, "newsletter_released");

    let page = nobody.get(&format!("/news/{number}/en")).await;
    assert_eq!(page.status, 200);
    for said in ["What the quarter brought", "<em>learned</em>", "National", "<dt>NRM</dt>", "href=\"&#x2f;news&#x2f;3&#x2f;fr\""]
    {
        let said = said.replace("news&#x2f;3", &format!("news&#x2f;{number}"));
        assert!(page.text.to_lowercase().contains(&said.to_lowercase()), "{said}: {}", page.text);
    }
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("script-src 'self'")));
    assert!(page.header("set-cookie").is_none() && !page.text.contains("<script"), "{}", page.text);
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "nothing from elsewhere: {}", page.text);
    let french = nobody.with("accept-language", "fr-CH, fr;q=0.9").get(&format!("/news/{number}")).await;
    assert!(french.text.contains("<html lang=\"fr\">") && french.header("content-language") == Some("fr"));
    assert!(nobody.get("/news").await.text.contains("What the quarter brought"));
    assert!(nobody.get("/news/style.css").await.header("content-type").is_some_and(|kind| kind.starts_with("text/css")));
    nobody.get(&format!("/news/{number}/bg")).await.is(404);
    nobody.get("/news/four").await.is(404);
    assert!(items(&region.person("member.rs").await.get(ISSUES).await.is(200)).iter().any(|row| row["id"] == issue));
}

#[tokio::test]
async fn every_language_has_everything_and_calls_it_by_the_glossarys_terms() {
    let region = Region::shared();
    let editor = region.person("editor.region").await;
    let issue = begun(&editor, 2004, 1).await;
    let submission = format!("{ISSUES}/{issue}/submission");
    editor.put(&submission).await.refused(409, "newsletter_empty");
    write(&editor, &issue, "title", "en", "Title").await.is(200);
    write(&editor, &issue, "focus", "en", "About an unaccompanied minor.").await.is(200);
    let told = editor.put(&submission).await.refused(409, "newsletter_gaps");
    assert_eq!(told["gaps"], json!(["title/fr", "focus/fr"]));
    write(&editor, &issue, "title", "fr", "Titre").await.is(200);
    write(&editor, &issue, "focus", "fr", "D'un jeune sans famille.").await.is(200);
    let told = editor.put(&submission).await.refused(409, "newsletter_locks");
    assert_eq!(told["terms"], json!(["fr: mineur non accompagné"]));
    let excuse = format!("{ISSUES}/{issue}/excuses/unaccompanied-minor/fr");
    editor.put_json(&excuse, json!({"reason": " "})).await.refused(422, "reason_missing");
    editor.put_json(&excuse, json!({"reason": "He is said to be no minor"})).await.is(204);
    let whole = editor.get(&format!("{ISSUES}/{issue}")).await.is(200);
    assert_eq!(whole["locks"][0]["excuse"], "He is said to be no minor");
    editor.put(&submission).await.is(204);
    editor.delete(&submission).await.is(204);
    editor.delete(&excuse).await.is(204);
    editor.put(&submission).await.refused(409, "newsletter_locks");
    write(&editor, &issue, "focus", "fr", "D'un mineur non accompagné.").await.is(200);
    editor.put(&submission).await.is(204);
}

/// The quarter that a moment lies in.
fn quarter_of(at: &str) -> (i64, i64) {
    let part = |from: usize, to: usize| at[from..to].parse::<i64>().expect("a date");
    (part(0, 4), (part(5, 7) - 1) / 3 + 1)
}

#[tokio::test]
async fn small_counts_are_hidden_and_people_are_named_by_their_own_word() {
    let region = Region::start(&[]).expect("a region");
    let (editor, other) = (region.person("editor.region").await, region.signed_in("moderator.region").await);
    // Before anybody was there.
    let old = begun(&editor, 2005, 1).await;
    let figures = editor.get(&format!("{ISSUES}/{old}")).await.is(200)["figures"].clone();
    assert!(figures.as_array().expect("figures").iter().all(|figure| figure["count"].is_null()), "{figures}");

    let made = run(
        region.folder(),
        &["account", "create", "--email", "new@office.example", "--name", "Vesna Nova", "--country", "RS"],
        None,
    );
    made.expect("an account");
    let token = run(region.folder(), &["token", "create", "--account", "new@office.example"], None).expect("a token");
    let newcomer = Client::with_token(region.origin(), token.trim());
    let today = text(&editor.get(&format!("{ISSUES}/{old}")).await.is(200)["created_at"]);
    let (year, quarter) = quarter_of(&today);
    let issue = composed(&editor, year, quarter).await;
    let path = format!("{ISSUES}/{issue}");
    let whole = editor.get(&path).await.is(200);
    let count = |name: &str| {
        let found = whole["figures"].as_array().expect("figures").iter().find(|figure| figure["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}"))["count"].clone()
    };
    assert!(count("members").as_i64().is_some_and(|members| members > 40) && count("countries") == 11, "{whole}");
    assert!(count("new_members").is_null(), "one is fewer than five: {whole}");
    let named = async || other.get(&format!("{path}/preview/en")).await.text.contains("Vesna Nova");
    assert!(!named().await, "nobody is named without their word");
    newcomer.put("/api/me/newsletter/consent").await.is(204);
    assert!(newcomer.get("/api/me/newsletter").await.is(200)["consented_at"].is_string());
    assert!(named().await);
    let verdict = handed_in(&editor, &issue).await;
    other.put_json(&format!("{path}/decision"), verdict).await.is(204);
    let page = format!("/news/{}/en", whole["number"]);
    let read = region.anonymous().get(&page).await.text;
    assert!(read.contains("Vesna Nova") && !read.contains("New members this quarter</dt>"), "{read}");
    newcomer.delete("/api/me/newsletter/consent").await.is(204);
    assert!(!region.anonymous().get(&page).await.text.contains("Vesna Nova"), "at once, also of what is released");
}

fn way_out(letter: &Letter) -> String {
    let header = letter.header("list-unsubscribe").expect("a way out");
    header.trim_matches(['<', '>']).strip_prefix(ORIGIN).expect("ours").to_owned()
}

async fn subscribed(region: &Region, handle: &str, language: &str) -> Client {
    let client = region.person(handle).await;
    client.put_json("/api/me/newsletter/subscription", json!({"language": language})).await.is(204);
    client
}

#[tokio::test]
async fn who_has_subscribed_gets_it_in_their_language_and_leaves_by_one_press() {
    let mailbox = Mailbox::start().await;
    let region = Region::start(&mailbox.settings(ORIGIN)).expect("a region");
    let english = subscribed(&region, "member.rs", "en").await;
    let french = subscribed(&region, "rarc", "fr").await;
    subscribed(&region, "member.gr", "el").await;
    assert_eq!(english.get("/api/me/newsletter").await.is(200)["language"], "en");
    english
        .put_json("/api/me/newsletter/subscription", json!({"language": "de"}))
        .await
        .refused(422, "newsletter_language_unknown");
    let number = released(&region, 2006, 1).await;
    let mut letters = mailbox.holds(3).await;
    letters.sort_by_key(|letter| letter.to.clone());
    let [greek, serbian, rarc] = &letters[..] else { panic!("{letters:?}") };
    assert_eq!(
        [&greek.to, &serbian.to, &rarc.to].map(|to| to.split('@').next().expect("a name")),
        ["member.gr", "member.rs", "rarc"]
    );
    assert!(
        serbian.text().contains("What the quarter brought") && serbian.text().contains(&format!("{ORIGIN}/news/{number}/en"))
    );
    assert!(rarc.text().contains("Ce que le trimestre a apporté") && rarc.text().contains("Se désabonner"));
    assert!(greek.text().contains("What the quarter brought"), "an issue without one's language comes in its first");
    for letter in &letters {
        assert_eq!(letter.from, "news@egida.example");
        assert_eq!(letter.header("list-unsubscribe-post").as_deref(), Some("List-Unsubscribe=One-Click"));
        let (said, own) = (letter.text(), format!("{ORIGIN}{}", way_out(letter)));
        assert!(!said.contains("<img") && !said.contains("@demo.egida.example</"), "{said}");
        let links = said.matches("http://").count() - said.matches(&own).count();
        assert_eq!(links, said.matches(&format!("{ORIGIN}/news/{number}/")).count(), "no link of one's own but out: {said}");
    }
    let (nobody, out) = (region.anonymous(), way_out(rarc));
    assert_ne!(out, way_out(serbian), "each has a way out of their own");
    assert!(nobody.get(&out).await.text.contains("<button"), "looking ends nothing");
    assert_eq!(french.get("/api/me/newsletter").await.is(200)["language"], "fr");
    let pressed =
        nobody.send_raw(reqwest_post(), &out, "application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click".to_vec());
    pressed.await.is(200);
    assert!(french.get("/api/me/newsletter").await.is(200)["language"].is_null());
    nobody.get("/news/leave/invented").await.is(404);
    released(&region, 2006, 2).await;
    let letters = mailbox.holds(5).await;
    assert_eq!(letters.iter().filter(|letter| letter.to.starts_with("rarc")).count(), 1, "who has left gets no more");
}

fn reqwest_post() -> reqwest::Method {
    reqwest::Method::POST
}

#[tokio::test]
async fn what_fails_is_tried_again_and_who_is_refused_for_good_is_left_alone() {
    let mailbox = Mailbox::start().await;
    let region = Region::start_with_clock_and(&mailbox.settings(ORIGIN)).expect("a region");
    let member = subscribed(&region, "member.rs", "en").await;
    mailbox.is(Temper::Later);
    released(&region, 2007, 1).await;
    mailbox.was_asked(1).await;
    mailbox.is(Temper::Well);
    assert!(mailbox.letters().is_empty());
    region.advance(AGAIN_AFTER).await;
    mailbox.holds(1).await;
    mailbox.is(Temper::Nobody);
    released(&region, 2007, 2).await;
    mailbox.was_asked(3).await;
    let began = std::time::Instant::now();
    while member.get("/api/me/newsletter").await.is(200)["refused_at"].is_null() {
        assert!(began.elapsed().as_secs() < 10, "nobody noted it");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    mailbox.is(Temper::Well);
    released(&region, 2007, 3).await;
    subscribed(&region, "member.gr", "en").await;
    released(&region, 2007, 4).await;
    let letters = mailbox.holds(2).await;
    assert!(letters[1].to.starts_with("member.gr"), "nothing more is sent to who was refused: {letters:?}");
}

#[tokio::test]
async fn a_server_that_is_killed_misses_nobody_and_repeats_at_most_the_mail_that_was_under_way() {
    let mailbox = Mailbox::start().await;
    let region = Region::start(&mailbox.settings(ORIGIN)).expect("a region");
    for who in ["member.rs", "member.ro", "member.gr", "rarc"] {
        subscribed(&region, who, "en").await;
    }
    mailbox.is(Temper::Silent);
    released(&region, 2008, 1).await;
    let first = mailbox.holds(1).await.remove(0);
    region.kill().expect("killed");
    mailbox.is(Temper::Well);
    let region = region.started_again().expect("served again");
    let letters = mailbox.holds(5).await;
    drop(region);
    let repeated: Vec<_> = letters.iter().filter(|letter| letter.to == first.to).collect();
    assert_eq!(repeated.len(), 2, "what the mail server never answered to is sent again");
    assert_eq!(repeated[0].header("message-id"), repeated[1].header("message-id"), "and known for the same");
    let mut others: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).filter(|to| *to != first.to).collect();
    others.sort_unstable();
    others.dedup();
    assert_eq!(others.len(), 3, "{others:?}");
}

#[tokio::test]
async fn an_issue_is_printed_with_its_words_in_every_alphabet() {
    let off = Region::shared();
    off.anonymous().get("/news/1/en/print.pdf").await.is(404);
    if !Path::new(CHROMIUM).exists() {
        return;
    }
    // Tests may run as root, where its own sandbox doesn't start.
    let region = Region::start(&[("EGIDA_PRINT_CHROMIUM", CHROMIUM), ("EGIDA_PRINT_SANDBOX", "false")]).expect("a region");
    let (editor, other) = (region.person("editor.region").await, region.signed_in("moderator.region").await);
    let languages = json!({"year": 2009, "quarter": 1, "languages": ["en", "el", "sr-Cyrl"]});
    let issue = text(&editor.post(ISSUES, languages).await.is(201)["id"]);
    for (section, language, body) in [
        ("title", "en", "One spring"),
        ("title", "el", "Μια άνοιξη"),
        ("title", "sr-Cyrl", "Једно пролеће"),
        ("focus", "en", "Words in Greek: ξενώνας, and in Cyrillic: школа, ђак."),
        ("focus", "el", "Λέξεις"),
        ("focus", "sr-Cyrl", "Речи"),
    ] {
        write(&editor, &issue, section, language, body).await.is(200);
    }
    let verdict = handed_in(&editor, &issue).await;
    other.put_json(&format!("{ISSUES}/{issue}/decision"), verdict).await.is(204);
    let number = &editor.get(&format!("{ISSUES}/{issue}")).await.is(200)["number"];
    let began = std::time::Instant::now();
    let (status, headers, pdf) = region.anonymous().bytes(&format!("/news/{number}/en/print.pdf")).await;
    let first = began.elapsed();
    assert_eq!((status, headers["content-type"].to_str().expect("a kind")), (200, "application/pdf"));
    let read = pdf_extract::extract_text_from_mem(&pdf).expect("a PDF");
    for word in ["One spring", "ξενώνας", "школа", "ђак", "TLP:CLEAR", "1 / "] {
        assert!(read.contains(word), "{word}: {read}");
    }
    let began = std::time::Instant::now();
    let (_, _, again) = region.anonymous().bytes(&format!("/news/{number}/en/print.pdf")).await;
    assert!(again == pdf && began.elapsed() < first, "it is made once");
    assert!(region.anonymous().get(&format!("/news/{number}/en")).await.text.contains("print.pdf"));
}
