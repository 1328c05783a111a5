//! Messages translated by a machine of somebody else's: what may leave for it, what goes with it, and what comes back.

use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::server_process::{Launch, outcome, run};
use support::translator::{Mood, Translator};

/// Its patience with a service is ten seconds; a question to it takes longer than that by no more than this.
const SLOW: std::ops::Range<u64> = 9..15;

/// A closed room of Romania whose messages begin as CLEAR.
async fn room(region: &Region, people: &[&Client]) -> String {
    let wish = json!({"kind": "closed", "country": "RO", "marking": "clear"});
    region.room_of("moderator.region", &wish, people).await
}

/// Posts what is handled so: its id.
async fn said(author: &Client, room: &str, body: &str, handling: &Value) -> String {
    let mut wish = draft(body);
    for (name, value) in handling.as_object().into_iter().flatten() {
        wish[name] = value.clone();
    }
    text(&author.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"])
}

async fn translate(client: &Client, message: &str, to: &str) -> support::region::Answer {
    client.post(&format!("/api/messages/{message}/translation"), json!({"to": to})).await
}

#[tokio::test]
async fn it_is_off_unless_an_operator_sets_a_service() {
    let region = Region::shared();
    let (member, other) = (region.person("member.ro").await, region.person("member.rs").await);
    let offer = member.get("/api/translation").await.is(200);
    assert_eq!(offer, json!({"on": false, "languages": [], "provider": null, "marking": null}));
    region.anonymous().get("/api/translation").await.refused(401, "not_signed_in");
    let room = room(&region, &[&member]).await;
    let message = said(&member, &room, "Mirëmëngjes", &json!({})).await;
    translate(&member, &message, "fr").await.refused(409, "translation_off");
    let red = said(&member, &room, "Mirëmëngjes", &json!({"marking": "red"})).await;
    translate(&member, &red, "fr").await.refused(409, "translation_off");
    translate(&other, &message, "fr").await.refused(404, "not_found");
}

/// Refused with everybody's sentence, and nothing left.
async fn stays(reader: &Client, service: &Translator, message: &str, why: &str) {
    let before = service.asked().len();
    translate(reader, message, "fr").await.refused(409, "marking_forbids_translation");
    assert_eq!(service.asked().len(), before, "{why}: something left");
}

#[tokio::test]
async fn no_more_leaves_than_the_markings_and_the_labels_let() {
    for allowance in ["CLEAR", "green"] {
        let service = Translator::start().await;
        let region = Region::start(&service.settings(allowance)).expect("a region");
        let (author, reader) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
        let room = room(&region, &[&author, &reader]).await;
        assert_eq!(reader.get("/api/translation").await.is(200)["marking"], allowance.to_lowercase());
        for marking in ["clear", "green", "amber", "amber+strict", "red"] {
            let message = said(&author, &room, &format!("canary {marking}"), &json!({"marking": marking})).await;
            if marking == "clear" || (marking, allowance) == ("green", "green") {
                let made = translate(&reader, &message, "fr").await.is(200);
                assert_eq!(made["text"], format!("[fr] canary {marking}"));
            } else {
                stays(&reader, &service, &message, marking).await;
                stays(&author, &service, &message, marking).await;
            }
        }
        for labels in [
            json!({"handling": ["h1"]}),
            json!({"handling": ["h2"]}),
            json!({"handling": ["h3"], "restriction": "ours alone"}),
            json!({"warning": "violence"}),
        ] {
            let message = said(&author, &room, "canary labelled", &labels).await;
            stays(&reader, &service, &message, &labels.to_string()).await;
        }
        assert!(service.asked().iter().all(|question| !question.to_string().contains("amber")), "{:?}", service.asked());
    }
}

#[tokio::test]
async fn what_became_stricter_since_stays() {
    let service = Translator::start().await;
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let (author, moderator) = (region.signed_in("member.ro").await, region.person("moderator.region").await);
    let room = room(&region, &[&author]).await;
    let quoted = said(&author, &room, "quoted", &json!({})).await;
    let quoting = said(&author, &room, "quoting", &json!({"quote": quoted})).await;
    assert_eq!(translate(&author, &quoting, "fr").await.is(200)["text"], "[fr] quoting", "nothing of what it quotes");
    author.patch(&format!("/api/messages/{quoted}"), json!({"handling": ["h2"]})).await.is(200);
    stays(&author, &service, &quoting, "its quote has an H2 now").await;
    author.patch(&format!("/api/messages/{quoted}"), json!({"handling": []})).await.is(200);
    author.put_json(&format!("/api/messages/{quoted}/marking"), json!({"marking": "amber"})).await.is(204);
    stays(&author, &service, &quoting, "its quote is AMBER now").await;
    let plain = said(&author, &room, "plain", &json!({})).await;
    translate(&author, &plain, "fr").await.is(200);
    author.patch(&format!("/api/messages/{plain}"), json!({"warning": "hard to read"})).await.is(200);
    stays(&author, &service, &plain, "what was translated before, too").await;
    let other = said(&author, &room, "other", &json!({})).await;
    translate(&author, &other, "fr").await.is(200);
    moderator.patch(&format!("/api/channels/{room}"), json!({"marking": "amber"})).await.is(200);
    stays(&author, &service, &other, "its channel is AMBER now").await;
}

#[tokio::test]
async fn whoever_may_not_read_it_hears_of_nothing_and_what_is_gone_or_waits_is_not_there() {
    let service = Translator::start().await;
    let region = Region::start(&service.settings("green")).expect("a region");
    let (author, other) = (region.signed_in("member.ro").await, region.signed_in("member.rs").await);
    let room = room(&region, &[&author]).await;
    let message = said(&author, &room, "canary", &json!({})).await;
    let hidden = translate(&other, &message, "fr").await;
    let absent = translate(&other, "01900000-0000-7000-8000-000000000000", "fr").await;
    assert_eq!((hidden.status, &hidden.text), (404, &absent.text));
    region.anonymous().post(&format!("/api/messages/{message}/translation"), json!({"to": "fr"})).await.is(401);
    author.delete(&format!("/api/messages/{message}")).await.is(204);
    translate(&author, &message, "fr").await.refused(404, "not_found");
    let moderation = json!({"hold_all": true, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": []});
    region.person("moderator.region").await.put_json(&format!("/api/channels/{room}/moderation"), moderation).await.is(204);
    let held = author.post(&format!("/api/channels/{room}/messages"), draft("canary that waits")).await.is(202);
    translate(&author, &text(&held["id"]), "fr").await.refused(404, "not_found");
    assert!(service.asked().is_empty(), "{:?}", service.asked());
}

#[tokio::test]
async fn terms_are_forced_and_what_must_not_leave_goes_as_a_placeholder() {
    let service = Translator::start().await;
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let (author, colleague) = (region.signed_in("member.ro").await, region.person("member.gr").await);
    let room = room(&region, &[&author, &colleague]).await;
    let body = format!(
        "@[Colleague](person:{}) asks: **trgovina decom** and prinudno prosjačenje, see https://secret.example/case?id=7 or `x --y`",
        colleague.id
    );
    let message = said(&author, &room, &body, &json!({})).await;
    let made = translate(&author, &message, "en").await.is(200);
    let left = text(&service.asked()[0]["q"]);
    for kept in ["Colleague", "trgovina", "prosja", "secret", "case", "x --y", "**"] {
        assert!(!left.contains(kept), "{kept} left: {left}");
    }
    assert_eq!(
        text(&made["text"]),
        "[en] @Colleague asks: child trafficking and forced begging, see https://secret.example/case?id=7 or x --y"
    );
    assert_eq!(
        made["terms"],
        json!([
            {"from": "trgovina decom", "to": "child trafficking", "kept": true},
            {"from": "prinudno prosjačenje", "to": "forced begging", "kept": true},
        ])
    );
    assert_eq!((&made["lost"], text(&made["from"]), text(&made["provider"])), (&json!(0), "sq".into(), "127.0.0.1".into()));
    service.is(Mood::Careless);
    let careless = text(&translate(&author, &message, "fr").await.is(200)["text"]);
    assert!(careless.contains("traite des enfants and mendicité forcée, see https://secret.example"), "{careless}");
    service.is(Mood::Forgetful);
    let forgetful = translate(&author, &message, "ro").await.is(200);
    assert!(items(&json!({"items": forgetful["terms"]})).iter().all(|term| term["kept"] == false), "{forgetful}");
    assert_eq!(forgetful["lost"], 3, "{forgetful}");
}

#[tokio::test]
async fn numbers_do_not_leave_though_a_moderator_let_them_through() {
    const NUMBER: &str = "0101901710008";
    let service = Translator::start().await;
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let (author, moderator) = (region.signed_in("member.ro").await, region.signed_in("moderator.ro").await);
    let room = room(&region, &[&author]).await;
    let messages = format!("/api/channels/{room}/messages");
    let body = format!("Ask for {NUMBER} at 0721 123 456 or office@centre.example");
    let held = author.post(&messages, draft(&body)).await.is(202);
    let decision = format!("/api/moderation/queue/{}/decision", text(&held["id"]));
    moderator.put_json(&decision, json!({"outcome": "release"})).await.is(204);
    let list = author.get(&messages).await.is(200);
    let message = text(&items(&list)[0]["id"]);
    assert_eq!(translate(&author, &message, "fr").await.is(200)["text"], format!("[fr] {body}"));
    let left = text(&service.asked()[0]["q"]);
    assert_eq!(left, "Ask for XG1X at XG2X or XG3X");
}

#[tokio::test]
async fn a_question_names_its_language_and_carries_the_key() {
    let service = Translator::start().await;
    let home = tempfile::tempdir().expect("a folder");
    let key = home.path().join("key");
    std::fs::write(&key, "hush-hush\n").expect("written");
    let key = key.display().to_string();
    let [url, hosts, marking] = service.settings("CLEAR");
    let more = [("EGIDA_TRANSLATION_KEY_FILE", key.as_str()), ("EGIDA_TRANSLATION_LANGUAGES", "fr, ro")];
    let region = Region::start_listened_to(&[url, hosts, marking, more[0], more[1]]).expect("a region");
    let author = region.signed_in("member.ro").await;
    let offer = author.get("/api/translation").await.is(200);
    assert_eq!(offer, json!({"on": true, "languages": ["fr", "ro"], "provider": "127.0.0.1", "marking": "clear"}));
    let room = room(&region, &[&author]).await;
    let message = said(&author, &room, "Mirëmëngjes", &json!({})).await;
    translate(&author, &message, "en").await.refused(422, "translation_language");
    translate(&author, &message, "ro").await.is(200);
    let asked = json!({"q": "Mirëmëngjes", "source": "auto", "target": "ro", "format": "text", "api_key": "hush-hush"});
    assert_eq!(service.asked(), [asked]);
    assert!(!region.said().contains("hush-hush") && !region.said().contains("Mirëmëngjes"), "{}", region.said());
}

#[tokio::test]
async fn a_service_that_fails_is_one_problem_without_its_words() {
    let service = Translator::start().await;
    let region = Region::start_listened_to(&service.settings("CLEAR")).expect("a region");
    let author = region.signed_in("member.ro").await;
    let room = room(&region, &[&author]).await;
    let message = said(&author, &room, "canary", &json!({})).await;
    for mood in [Mood::Broken, Mood::Nonsense, Mood::Elsewhere, Mood::Endless] {
        service.is(mood);
        let failed = translate(&author, &message, "fr").await.refused(502, "translation_failed");
        assert!(!failed.to_string().contains("canary") && !failed.to_string().contains("127.0.0.1"), "{mood:?}: {failed}");
    }
    assert!(!service.asked().contains(&json!("along a redirect")));
    service.is(Mood::Silent);
    let begun = std::time::Instant::now();
    translate(&author, &message, "fr").await.refused(502, "translation_failed");
    assert!(SLOW.contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    service.is(Mood::Well);
    translate(&author, &message, "fr").await.is(200);
    assert!(!region.said().contains("canary"), "the log tells what was said: {}", region.said());
}

#[tokio::test]
async fn it_is_asked_once_for_a_wording_and_not_too_often() {
    let service = Translator::start().await;
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let (author, reader) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let room = room(&region, &[&author, &reader]).await;
    let message = said(&author, &room, "first", &json!({})).await;
    let made = translate(&author, &message, "fr").await.is(200);
    assert_eq!(translate(&reader, &message, "fr").await.is(200), made, "what is there is given to everybody who may read it");
    assert_eq!(service.asked().len(), 1);
    translate(&reader, &message, "ro").await.is(200);
    author.patch(&format!("/api/messages/{message}"), json!({"body": "second"})).await.is(200);
    assert_eq!(translate(&reader, &message, "fr").await.is(200)["text"], "[fr] second");
    assert_eq!(service.asked().len(), 3);
    let mut refused = 0;
    for _ in 0..8 {
        let answer = translate(&reader, &message, "fr").await;
        refused += usize::from(answer.status == 429);
    }
    assert!((3..8).contains(&refused), "{refused} of 8 at once were refused");
    translate(&author, &message, "fr").await.is(200);
}

#[tokio::test]
async fn that_words_left_is_recorded_without_them() {
    let service = Translator::start().await;
    let region = Region::start(&service.settings("CLEAR")).expect("a region");
    let author = region.signed_in("member.ro").await;
    let room = room(&region, &[&author]).await;
    let message = said(&author, &room, "canary", &json!({})).await;
    for _ in 0..2 {
        translate(&author, &message, "fr").await.is(200);
    }
    let red = said(&author, &room, "canary", &json!({"marking": "red"})).await;
    stays(&author, &service, &red, "RED").await;
    let key = author.with("idempotency-key", "the same");
    let again = said(&author, &room, "canary again", &json!({})).await;
    translate(&key, &again, "fr").await.is(200);
    let replayed = translate(&key, &again, "fr").await;
    assert_eq!((replayed.status, replayed.header("idempotency-replayed")), (200, None), "its words are kept nowhere");
    let rows = region.person("auditor.region").await.get("/api/record?act=message.translate").await.is(200);
    let rows: Vec<_> = items(&rows).iter().map(|row| (text(&row["target"]["id"]), text(&row["detail"]))).collect();
    let detail = format!("channel:{room} to=fr host=127.0.0.1");
    assert_eq!(rows, [(again, detail.clone()), (message, detail)]);
}

#[test]
fn settings_that_would_let_too_much_out_are_refused_at_the_start() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    run(&data, &["init", "--email", "first@egida.example", "--name", "First"], None).expect("a region");
    let config = home.path().join("egida.toml");
    for (settings, key) in [
        ("url = \"https://translate.example\"", "translation.hosts"),
        ("url = \"https://translate.example\"\nhosts = [\"other.example\"]", "translation.hosts"),
        ("url = \"http://translate.example\"\nhosts = [\"translate.example\"]", "translation.url"),
        ("url = \"http://127.0.0.1:1\"\nhosts = [\"127.0.0.1\"]\nmarking = \"AMBER\"", "translation.marking"),
        ("url = \"http://127.0.0.1:1\"\nhosts = [\"127.0.0.1\"]\nmarking = \"RED\"", "translation.marking"),
        ("url = \"http://127.0.0.1:1\"\nhosts = [\"127.0.0.1\"]\nkey_file = \"/nowhere\"", "translation.key_file"),
        ("hosts = [\"127.0.0.1\"]", "translation.url"),
    ] {
        std::fs::write(&config, format!("[translation]\n{settings}\n")).expect("written");
        let ended =
            outcome(&data, &["serve", "--listen", "127.0.0.1:0", "--config", &config.display().to_string()]).expect("it ran");
        assert_eq!(ended.code, Some(2), "{settings}");
        assert!(ended.stderr.contains(key), "{settings}: {}", ended.stderr);
    }
    std::fs::write(&config, "[translation]\nurl = \"http://127.0.0.1:1\"\nhosts = [\"127.0.0.1\"]\n").expect("written");
    let launch = Launch::egida(&data).expect("built").argument("--config").argument(&config);
    launch.start().expect("a service that isn't there yet stops nothing").stop().expect("stopped");
}
