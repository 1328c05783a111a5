//! Four eyes: what takes two people, once, within a day.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::region::{Client, Region, draft, items, text};
use support::server_process::run;

const DAY: i64 = 24 * 3_600;

/// Two who look after a closed room of Romania in person, and its members.
struct Place {
    room: String,
    moderator: Client,
    second: Client,
    member: Client,
}

async fn place(region: &Region) -> Place {
    let (moderator, second) = (region.signed_in("moderator.ro").await, region.signed_in("moderator.region").await);
    let member = region.signed_in("member.ro").await;
    let wish = json!({"kind": "closed", "country": "RO", "marking": "clear"});
    let room = region.room_of("moderator.ro", &wish, &[&member]).await;
    Place { room, moderator, second, member }
}

fn export(room: &str, format: &str) -> Value {
    json!({"kind": "channel_export", "channel": room, "format": format})
}

async fn asked(client: &Client, what: Value) -> String {
    let made = client.post("/api/approvals", json!({"what": what, "reason": "For the quarterly report"})).await.is(201);
    text(&made["id"])
}

fn decision(id: &str) -> String {
    format!("/api/approvals/{id}/decision")
}

async fn approve(client: &Client, id: &str) {
    client.put_json(&decision(id), json!({"approved": true})).await.is(204);
}

fn doing(id: &str, what: &str) -> String {
    format!("/api/approvals/{id}/{what}")
}

async fn shown(client: &Client, id: &str) -> Option<Value> {
    let list = client.get("/api/approvals").await.is(200);
    items(&list).iter().find(|item| item["id"] == id).cloned()
}

/// An export, asked for, approved and done.
async fn taken_out(place: &Place, what: Value) -> String {
    let id = asked(&place.moderator, what).await;
    approve(&place.second, &id).await;
    let answer = place.moderator.post(&doing(&id, "export"), json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

#[tokio::test]
async fn what_takes_two_is_done_by_neither_alone() {
    let region = Region::shared();
    let place = place(&region).await;
    let word = format!("heron{}", place.room.replace('-', ""));
    place.member.say(&place.room, &word).await;
    let wish = json!({"what": export(&place.room, "csv"), "reason": "For the quarterly report"});
    for (who, status, code) in [
        ("member.ro", 403, "forbidden"),
        ("moderator.rs", 404, "not_found"),
        ("auditor.region", 404, "not_found"),
        ("admin", 403, "forbidden"),
    ] {
        region.signed_in(who).await.post("/api/approvals", wish.clone()).await.refused(status, code);
    }
    // A program signs nothing.
    region.person("moderator.ro").await.post("/api/approvals", wish.clone()).await.refused(403, "session_needed");
    let silent = json!({"what": export(&place.room, "csv"), "reason": " "});
    place.moderator.post("/api/approvals", silent).await.refused(422, "reason_missing");
    let id = asked(&place.moderator, export(&place.room, "csv")).await;
    place.moderator.post(&doing(&id, "export"), json!({})).await.refused(409, "approval_waiting");
    place.moderator.put_json(&decision(&id), json!({"approved": true})).await.refused(403, "other_person_needed");
    region.signed_in("moderator.rs").await.put_json(&decision(&id), json!({"approved": true})).await.refused(404, "not_found");
    place.member.put_json(&decision(&id), json!({"approved": true})).await.refused(404, "not_found");
    place.member.get("/api/approvals").await.refused(403, "forbidden");
    let waiting = shown(&place.second, &id).await.expect("it is for the other one");
    assert_eq!(
        (&waiting["state"], &waiting["may_decide"], &waiting["may_use"]),
        (&json!("waiting"), &json!(true), &json!(false))
    );
    assert_eq!(waiting["reason"], "For the quarterly report");
    region
        .person("moderator.region")
        .await
        .put_json(&decision(&id), json!({"approved": true}))
        .await
        .refused(403, "session_needed");
    approve(&place.second, &id).await;
    place.second.post(&doing(&id, "export"), json!({})).await.refused(403, "only_who_asked");
    for other in ["unmasking", "retention"] {
        place.moderator.post(&doing(&id, other), json!({})).await.refused(404, "not_found");
    }
    assert_eq!(shown(&place.moderator, &id).await.expect("it is there")["may_use"], true);
    let answer = place.moderator.post(&doing(&id, "export"), json!({})).await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    assert!(answer.text.contains(&word) && answer.text.contains("\"TLP:CLEAR\""), "{}", answer.text);
    place.moderator.post(&doing(&id, "export"), json!({})).await.refused(409, "approval_over");
    place.second.put_json(&decision(&id), json!({"approved": false})).await.refused(409, "approval_over");
    let looks = place.member.get("/api/me/record").await.is(200);
    assert!(
        items(&looks).iter().any(|look| look["act"] == "channel.export" && look["channel"]["id"] == *place.room),
        "its members are told: {looks}"
    );
    let auditor = region.signed_in("auditor.region").await;
    let rows = auditor.get("/api/record?act=approval.&limit=100").await.is(200);
    let acts = items(&rows).iter().filter(|row| row["target"]["id"] == *id).map(|row| text(&row["act"]));
    assert_eq!(acts.collect::<Vec<_>>(), ["approval.use", "approval.approve", "approval.ask"]);
}

#[tokio::test]
async fn no_more_is_taken_out_than_its_marking_lets() {
    let region = Region::shared();
    let place = place(&region).await;
    let posts = format!("/api/channels/{}/messages", place.room);
    let post = async |body: &str, extra: Value| {
        let mut wish = draft(body);
        wish.as_object_mut().expect("a draft").extend(extra.as_object().expect("labels").clone());
        text(&place.member.post(&posts, wish).await.is(201)["id"])
    };
    for marking in ["clear", "green", "amber", "amber+strict", "red"] {
        post(&format!("marked-{marking}."), json!({"marking": marking})).await;
    }
    post("bound-h1.", json!({"handling": ["h1"]})).await;
    post("bound-h2.", json!({"handling": ["h2"]})).await;
    post("bound-h3.", json!({"handling": ["h3"], "restriction": "For two readers"})).await;
    // A title has no label of its own: it leaves with what began its topic, or not at all.
    let hidden = post("About the amber matter.", json!({"marking": "amber", "new_topic": "Amber matter title"})).await;
    let topic = place.member.get(&format!("/api/messages/{hidden}")).await.is(200)["topic"].clone();
    post("an answer-clear.", json!({"marking": "clear", "topic": topic})).await;
    post("=1+1 and a \"quote\"", json!({"new_topic": "Formulas, and commas"})).await;
    let gone = post("deleted.", json!({})).await;
    place.member.delete(&format!("/api/messages/{gone}")).await.is(204);
    let leaves = ["marked-clear.", "marked-green.", "bound-h1.", "an answer-clear.", "Formulas, and commas"];
    let stays = [
        "Amber matter title",
        "About the amber matter.",
        "marked-amber.",
        "marked-amber+strict.",
        "marked-red.",
        "bound-h2.",
        "bound-h3.",
        "deleted.",
    ];
    for format in ["csv", "json", "print"] {
        let out = taken_out(&place, export(&place.room, format)).await;
        for word in leaves {
            assert!(out.contains(word), "{format}: {word} is missing: {out}");
        }
        for word in stays {
            assert!(!out.contains(word), "{format}: {word} got out");
        }
        assert!(out.contains("judicial"), "{format}: H1 is stamped");
        if format == "csv" {
            assert!(out.contains("\"'=1+1 and a \"\"quote\"\"\""), "{out}");
            continue;
        }
        let out: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((items(&out).len(), &out["left_out"]), (5, &json!(6)));
        assert_eq!(out["export"]["label"], "TLP:GREEN");
        for (role, person) in [("exported_for", &place.moderator), ("approved_by", &place.second)] {
            assert_eq!(out["export"][role], person.get("/api/session").await.is(200)["name"]);
        }
    }
    // Of a channel that is stricter nothing may leave, so nobody is asked.
    place.moderator.patch(&format!("/api/channels/{}", place.room), json!({"marking": "amber"})).await.is(200);
    let wish = json!({"what": export(&place.room, "csv"), "reason": "r"});
    place.moderator.post("/api/approvals", wish).await.refused(409, "nothing_may_leave");
}

#[tokio::test]
async fn long_exports_are_whole() {
    let region = Region::shared();
    let place = place(&region).await;
    for n in 0..3 {
        let body = format!("long-{n} {}", "x".repeat(200));
        place.member.say(&place.room, &body).await;
    }
    let empty = region.room_of("moderator.ro", &json!({"kind": "closed", "country": "RO", "marking": "clear"}), &[]).await;
    let out: Value = serde_json::from_str(&taken_out(&place, export(&empty, "json")).await).expect("JSON");
    assert_eq!((items(&out).len(), &out["left_out"]), (0, &json!(0)));
    let out: Value = serde_json::from_str(&taken_out(&place, export(&place.room, "json")).await).expect("JSON");
    let said: Vec<_> = items(&out).iter().map(|item| text(&item["text"])).collect();
    assert!(said.iter().enumerate().all(|(n, body)| body.starts_with(&format!("long-{n} "))), "in their order: {said:?}");
}

#[tokio::test]
async fn an_approval_is_used_once_however_often_it_is_tried() {
    let region = Region::shared();
    let place = place(&region).await;
    let id = asked(&place.moderator, export(&place.room, "json")).await;
    // Two approve at once: one of them has.
    let path = decision(&id);
    let approvals = join_all((0..4).map(|_| place.second.put_json(&path, json!({"approved": true})))).await;
    assert_eq!(approvals.iter().filter(|answer| answer.status == 204).count(), 1);
    let path = doing(&id, "export");
    let uses = join_all((0..20).map(|_| place.moderator.post(&path, json!({})))).await;
    assert_eq!(uses.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(uses.iter().all(|answer| [200, 409].contains(&answer.status)));
    // The same key twice is no way around: the answer isn't kept.
    let id = asked(&place.moderator, export(&place.room, "json")).await;
    approve(&place.second, &id).await;
    let keyed = place.moderator.with("idempotency-key", &id);
    assert_eq!(keyed.post(&doing(&id, "export"), json!({})).await.status, 200);
    keyed.post(&doing(&id, "export"), json!({})).await.refused(409, "approval_over");
}

#[tokio::test]
async fn it_can_be_refused_and_taken_back() {
    let region = Region::shared();
    let place = place(&region).await;
    let refused = asked(&place.moderator, export(&place.room, "csv")).await;
    place.second.put_json(&decision(&refused), json!({"approved": false})).await.is(204);
    place.moderator.post(&doing(&refused, "export"), json!({})).await.refused(409, "approval_over");
    assert_eq!(shown(&place.moderator, &refused).await.expect("told")["state"], "refused");
    // What was approved can still be stopped before it is done.
    let stopped = asked(&place.moderator, export(&place.room, "csv")).await;
    approve(&place.second, &stopped).await;
    place.second.put_json(&decision(&stopped), json!({"approved": false})).await.is(204);
    place.moderator.post(&doing(&stopped, "export"), json!({})).await.refused(409, "approval_over");
    let back = asked(&place.moderator, export(&place.room, "csv")).await;
    approve(&place.second, &back).await;
    place.second.delete(&format!("/api/approvals/{back}")).await.refused(403, "only_who_asked");
    place.moderator.delete(&format!("/api/approvals/{back}")).await.is(204);
    place.moderator.post(&doing(&back, "export"), json!({})).await.refused(409, "approval_over");
    place.moderator.delete(&format!("/api/approvals/{back}")).await.refused(409, "approval_over");
}

#[tokio::test]
async fn what_can_not_be_meant_is_refused_and_stored_nowhere() {
    let region = Region::shared();
    let place = place(&region).await;
    let of = |what: Value| json!({"what": what, "reason": "r"});
    let twice = [place.room.clone(), place.room.clone()];
    for posts in [json!([]), json!(twice)] {
        let what = json!({"kind": "unmasking", "posts": posts});
        place.moderator.post("/api/approvals", of(what)).await.refused(422, "approval_invalid");
    }
    for days in [-1, 0, 3651] {
        let what = json!({"kind": "retention", "channel": place.room, "days": days});
        place.moderator.post("/api/approvals", of(what)).await.refused(422, "retention_invalid");
    }
    for what in [json!({"kind": "everything"}), export(&place.room, "xml"), json!({"kind": "channel_export"})] {
        assert_eq!(place.moderator.post("/api/approvals", of(what)).await.status, 400);
    }
    let missing = json!({"kind": "unmasking", "posts": [place.room]});
    place.moderator.post("/api/approvals", of(missing)).await.refused(404, "not_found");
    let nowhere = export("0199aaaa-0000-7000-8000-0000001a2b3c", "csv");
    place.moderator.post("/api/approvals", of(nowhere)).await.refused(404, "not_found");
    let long = json!({"what": export(&place.room, "csv"), "reason": "x".repeat(501)});
    place.moderator.post("/api/approvals", long).await.refused(422, "note_invalid");
}

#[tokio::test]
async fn it_holds_for_a_day_and_for_who_still_may() {
    let region = Region::start_with_clock().expect("a region");
    let first = place(&region).await;
    let waiting = asked(&first.moderator, export(&first.room, "csv")).await;
    let approved = asked(&first.moderator, export(&first.room, "csv")).await;
    approve(&first.second, &approved).await;
    // Ten minutes on, each has to prove once more who they are.
    region.advance(601).await;
    let wish = json!({"what": export(&first.room, "csv"), "reason": "r"});
    first.moderator.post("/api/approvals", wish).await.refused(403, "step_up_required");
    first.second.put_json(&decision(&waiting), json!({"approved": true})).await.refused(403, "step_up_required");
    first.moderator.post(&doing(&approved, "export"), json!({})).await.refused(403, "step_up_required");
    region.advance(DAY - 601).await;
    let late = Place { room: first.room.clone(), ..place(&region).await };
    late.moderator.post(&doing(&approved, "export"), json!({})).await.refused(409, "approval_over");
    late.second.put_json(&decision(&waiting), json!({"approved": true})).await.refused(409, "approval_over");
    assert_eq!(shown(&late.moderator, &waiting).await.expect("told")["state"], "expired");
    // Who approved it may not do so any more, suspended or without the power: nothing comes of it.
    let id = asked(&late.moderator, export(&late.room, "csv")).await;
    approve(&late.second, &id).await;
    let admin = region.signed_in("admin").await;
    let path = format!("/api/accounts/{}/suspension", late.second.id);
    admin.put(&path).await.is(204);
    late.moderator.post(&doing(&id, "export"), json!({})).await.refused(409, "approval_over");
    admin.delete(&path).await.is(204);
    // Being suspended has ended the session.
    let second = region.signed_in("moderator.region").await;
    let power = async |of: &Client, role: &str, scope: &str| {
        let me = of.get("/api/session").await.is(200);
        let mut roles = me["roles"].as_array().expect("powers").iter();
        let found = roles.find(|held| (&held["role"], &held["scope"]) == (&json!(role), &json!(scope))).expect("a power");
        admin.delete(&format!("/api/accounts/{}/roles/{}", of.id, text(&found["id"]))).await.is(204);
    };
    power(&second, "moderator", "region").await;
    late.moderator.post(&doing(&id, "export"), json!({})).await.refused(409, "approval_over");
    let path = format!("/api/accounts/{}/roles", second.id);
    admin.post(&path, json!({"role": "moderator", "scope": "region"})).await.is(201);
    // And who asked has lost it, too, before it was done.
    power(&late.moderator, "moderator", "country:RO").await;
    let refused = late.moderator.post(&doing(&id, "export"), json!({})).await;
    assert!([403, 404].contains(&refused.status), "{}", refused.text);
}

#[tokio::test]
async fn nothing_said_after_it_was_asked_for_is_taken_out() {
    let region = Region::shared();
    let place = place(&region).await;
    place.member.say(&place.room, "said before").await;
    let id = asked(&place.moderator, export(&place.room, "json")).await;
    place.member.say(&place.room, "said after").await;
    approve(&place.second, &id).await;
    place.member.say(&place.room, "said last").await;
    let out = place.moderator.post(&doing(&id, "export"), json!({})).await.is(200);
    let said: Vec<_> = items(&out).iter().map(|item| text(&item["text"])).collect();
    assert_eq!(said, ["said before"]);
}

#[tokio::test]
async fn lists_of_members_take_two() {
    let region = Region::start(&[]).expect("a region");
    let place = place(&region).await;
    let list = |channel: Value| json!({"kind": "member_export", "channel": channel, "format": "csv"});
    let out = taken_out(&place, list(place.room.clone().into())).await;
    let name = text(&place.member.get("/api/session").await.is(200)["name"]);
    assert!(out.contains(&name) && out.contains("\"TLP:AMBER\"") && !out.contains('@'), "{out}");
    // Everybody on the platform: for those who run it, two of them.
    let wish = json!({"what": list(Value::Null), "reason": "r"});
    place.moderator.post("/api/approvals", wish).await.refused(403, "forbidden");
    let admin = region.signed_in("admin").await;
    let id = asked(&admin, list(Value::Null)).await;
    admin.put_json(&decision(&id), json!({"approved": true})).await.refused(403, "other_person_needed");
    place.second.put_json(&decision(&id), json!({"approved": true})).await.refused(404, "not_found");
    let email = "second@admins.egida.example";
    let mut command = vec!["account", "create", "--email", email, "--name", "Second"];
    command.extend(["--role", "administrator", "--scope", "region", "--password-stdin"]);
    run(region.folder(), &command, Some(region.password())).expect("an account");
    let mut second = region.anonymous();
    second.sign_in(email, region.password()).await.is(200);
    approve(&second, &id).await;
    let answer = admin.post(&doing(&id, "export"), json!({})).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.lines().count() > 40 && answer.text.contains(&name) && !answer.text.contains('@'));
}

#[tokio::test]
async fn many_posts_are_shown_as_written_to_two_alone() {
    let region = Region::shared();
    let place = place(&region).await;
    let policy = json!({"hold_all": false, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": ["heron*"]});
    place.moderator.put_json(&format!("/api/channels/{}/moderation", place.room), policy).await.is(204);
    let posts = format!("/api/channels/{}/messages", place.room);
    let mut held = Vec::new();
    for n in 0..12 {
        held.push(text(&place.member.post(&posts, draft(&format!("heron{n} was seen"))).await.is(202)["id"]));
    }
    // One by one only so many within an hour, also all at once.
    for id in &held {
        place.moderator.put(&format!("/api/moderation/queue/{id}/claim")).await.is(204);
    }
    let alone = async |id: &String| {
        place.moderator.post(&format!("/api/moderation/queue/{id}/unmasking"), json!({"need": "cannot_judge"})).await
    };
    let shown = join_all(held.iter().map(&alone)).await;
    assert_eq!(shown.iter().filter(|answer| answer.status == 200).count(), 10);
    for answer in shown.into_iter().filter(|answer| answer.status != 200) {
        answer.refused(409, "unmask_in_bulk");
    }
    let what = json!({"kind": "unmasking", "posts": held});
    for (who, status, code) in [("moderator.rs", 404, "not_found"), ("member.ro", 404, "not_found"), ("admin", 404, "not_found")]
    {
        let wish = json!({"what": what, "reason": "r"});
        region.signed_in(who).await.post("/api/approvals", wish).await.refused(status, code);
    }
    let id = asked(&place.moderator, what.clone()).await;
    // One is decided about before: it is left out, and nothing else is in the way.
    let path = format!("/api/moderation/queue/{}/decision", held[0]);
    place.moderator.put_json(&path, json!({"outcome": "return", "suggestion": "birds"})).await.is(204);
    approve(&place.second, &id).await;
    let shown = place.moderator.post(&doing(&id, "unmasking"), json!({})).await.is(200);
    let bodies: Vec<_> = items(&shown).iter().map(|post| text(&post["body"])).collect();
    assert_eq!(bodies, (1..12).map(|n| format!("heron{n} was seen")).collect::<Vec<_>>());
    place.moderator.post(&doing(&id, "unmasking"), json!({})).await.refused(409, "approval_over");
    let rows = region.signed_in("auditor.region").await.get("/api/record?act=held.show_approved&limit=100").await.is(200);
    let recorded = items(&rows).iter().filter(|row| held.contains(&text(&row["target"]["id"]))).count();
    assert_eq!(recorded, 11);
}

#[tokio::test]
async fn another_retention_takes_two_and_erases_nothing_before() {
    let region = Region::shared();
    let place = place(&region).await;
    let path = format!("/api/channels/{}", place.room);
    let kept = async || place.member.get(&path).await.is(200)["retention_days"].clone();
    assert_eq!(kept().await, Value::Null);
    place.moderator.patch(&path, json!({"retention_days": 30})).await;
    assert_eq!(kept().await, Value::Null, "no one person changes it");
    let wish = |days: Value| json!({"kind": "retention", "channel": place.room, "days": days});
    // An administrator runs the channel without reading it: one of the two may be one.
    let admin = region.signed_in("admin").await;
    let id = asked(&admin, wish(90.into())).await;
    admin.post(&doing(&id, "retention"), json!({})).await.refused(409, "approval_waiting");
    approve(&place.moderator, &id).await;
    assert_eq!(kept().await, Value::Null, "approved is not done");
    place.moderator.post(&doing(&id, "retention"), json!({})).await.refused(403, "only_who_asked");
    admin.post(&doing(&id, "retention"), json!({})).await.is(204);
    assert_eq!(kept().await, 90);
    let id = asked(&place.moderator, wish(Value::Null)).await;
    approve(&admin, &id).await;
    place.moderator.post(&doing(&id, "retention"), json!({})).await.is(204);
    assert_eq!(kept().await, Value::Null);
}
