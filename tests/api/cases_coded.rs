//! Handling codes in case rooms: what an H3 holds back and from whom, and what of a room is printed.

use serde_json::{Value, json};
use support::region::{Client, Region, items, text};

use crate::cases::{admit, at, day, keyed, open, person, say};
use crate::cases_sealed::sent;

/// What an H3 restricts, and what stands behind it.
const RESTRICTION: &str = "Not by telephone";
const WORDS: &str = "the guardian was changed";

fn message(body: &str, codes: &Value) -> Value {
    let mut wish = json!({"content": {"kind": "message", "body": body}});
    wish.as_object_mut().expect("an object").extend(codes.as_object().expect("codes").clone());
    wish
}

/// An item as somebody gets it.
async fn seen(case: &str, reader: &Client, item: &str) -> Value {
    let page = reader.get(&at(case, "/entries")).await.is(200);
    items(&page).iter().find(|entry| entry["item"] == item).cloned().expect("an entry")
}

/// A room of two: its id, who has opened it, and the other one in person.
async fn of_two(region: &Region) -> (String, Client, Client) {
    let (founder, partner) = (person(region, "moderator.rs").await, person(region, "interpreter.ro").await);
    let case = open(&founder).await;
    admit(&case, &founder, None, &partner).await;
    (case, founder, keyed(region, &region.signed_in("interpreter.ro").await).await)
}

#[tokio::test]
async fn an_h3_is_read_by_who_has_acknowledged_this_wording_of_it() {
    let region = Region::shared();
    let (case, founder, partner) = of_two(&region).await;
    let h3 = json!({"handling": ["h3", "h0", "h1"], "restriction": RESTRICTION});
    let written = founder.post(&at(&case, "/entries"), message(WORDS, &h3)).await.is(201);
    let item = text(&written["item"]);
    let path = at(&case, &format!("/entries/{item}"));
    let acknowledge =
        async |reader: &Client, seq: &Value| reader.post(&format!("{path}/acknowledgement"), json!({"seq": seq})).await;

    let own = seen(&case, &founder, &item).await;
    assert_eq!((&own["withheld"], &own["content"]), (&json!("h3"), &json!(null)), "its source's program is nobody either");
    let held = seen(&case, &partner, &item).await;
    assert_eq!((&held["handling"], &held["restriction"]), (&json!(["h1", "h3"]), &json!(RESTRICTION)));
    assert_eq!((&held["withheld"], &held["content"], &held["can_change"]), (&json!("h3"), &json!(null), &json!(false)));
    let looks_for =
        async |reader: &Client| items(&reader.post(&at(&case, "/search"), json!({"q": "guardian"})).await.is(200)).len();
    assert_eq!(looks_for(&partner).await, 0, "what isn't read isn't found");

    let program = person(&region, "interpreter.ro").await;
    acknowledge(&program, &held["seq"]).await.refused(403, "withheld");
    acknowledge(&person(&region, "member.ro").await, &held["seq"]).await.refused(404, "not_found");
    acknowledge(&partner, &json!(1)).await.refused(409, "conflict");
    acknowledge(&partner, &held["seq"]).await.is(204);
    acknowledge(&partner, &held["seq"]).await.refused(409, "nothing_to_acknowledge");
    assert_eq!(seen(&case, &partner, &item).await["content"]["body"], WORDS);
    assert_eq!(looks_for(&partner).await, 1);
    assert_eq!(seen(&case, &program, &item).await["withheld"], "h3", "a program has read nothing");
    let record = founder.get(&at(&case, "/record")).await.is(200);
    assert!(items(&record).iter().any(|row| row["act"] == "case.acknowledge" && row["by"]["id"] == partner.id.as_str()));

    // Worded anew it keeps its codes, and is acknowledged anew.
    let change = json!({"content": {"kind": "message", "body": "the guardian was named"}, "seq": written["seq"]});
    founder.put_json(&path, change).await.is(200);
    let held = seen(&case, &partner, &item).await;
    assert_eq!((&held["withheld"], &held["handling"]), (&json!("h3"), &json!(["h1", "h3"])));
    // Freed by its source it says what it says.
    let change = json!({"content": {"kind": "message", "body": WORDS}, "seq": held["seq"], "handling": []});
    founder.put_json(&path, change).await.is(200);
    let free = seen(&case, &partner, &item).await;
    assert_eq!((&free["handling"], &free["restriction"]), (&json!([]), &json!(null)));
    assert_eq!(free["content"]["body"], WORDS);
}

#[tokio::test]
async fn the_bytes_of_a_file_wait_for_the_acknowledgement() {
    let region = Region::shared();
    let (case, founder, partner) = of_two(&region).await;
    let file = sent(&founder, "report.txt", b"as agreed").await;
    let wish = json!({"file": file, "name": "report.txt", "handling": ["h3"], "restriction": RESTRICTION});
    let item = text(&founder.post(&at(&case, "/files"), wish).await.is(201)["item"]);
    let content = at(&case, &format!("/files/{item}/content"));
    assert!(seen(&case, &partner, &item).await["content"].is_null(), "its name waits, too");
    partner.get(&content).await.refused(403, "withheld");
    let held = seen(&case, &partner, &item).await;
    partner.post(&at(&case, &format!("/entries/{item}/acknowledgement")), json!({"seq": held["seq"]})).await.is(204);
    assert_eq!(partner.bytes(&content).await.2, b"as agreed");
}

#[tokio::test]
async fn what_is_not_to_be_passed_on_is_not_printed() {
    let region = Region::shared();
    let (case, founder, partner) = of_two(&region).await;
    let note = async |text: &str, codes: Value| {
        let mut wish = message("", &codes);
        wish["content"] = json!({"kind": "note", "text": text});
        founder.post(&at(&case, "/entries"), wish).await.is(201)
    };
    note("plainly", json!({})).await;
    note("not before a court", json!({"handling": ["h1"]})).await;
    note("not to others", json!({"handling": ["h2"]})).await;
    note("not by telephone", json!({"handling": ["h3"], "restriction": RESTRICTION})).await;
    note("for those here", json!({"marking": "red"})).await;
    let gone = text(&note("said too soon", json!({})).await["item"]);
    founder.delete(&at(&case, &format!("/entries/{gone}"))).await.is(204);
    let minutes = partner.get(&at(&case, &format!("/minutes?from={}", day(-1)))).await.is(200);
    let printed: Vec<_> = items(&minutes).iter().filter(|entry| entry["kind"] == "note").collect();
    let texts: Vec<_> = printed.iter().map(|entry| text(&entry["content"]["text"])).collect();
    assert_eq!(texts, ["plainly", "not before a court"]);
    assert_eq!(printed[1]["handling"], json!(["h1"]), "stamped");
    assert_eq!(minutes["withheld"], 3, "what was deleted is nothing that stays");
    assert!(!minutes.to_string().contains(RESTRICTION));
}

#[tokio::test]
async fn codes_are_given_to_what_somebody_says_and_with_words_that_tell_nobody() {
    let region = Region::shared();
    let (case, founder, _) = of_two(&region).await;
    let entries = at(&case, "/entries");
    let refused = async |wish: Value, code: &str| {
        founder.post(&entries, wish).await.refused(422, code);
    };
    refused(message(WORDS, &json!({"handling": ["h3"]})), "restriction_missing").await;
    refused(message(WORDS, &json!({"handling": ["h3"], "restriction": " "})), "restriction_missing").await;
    refused(message(WORDS, &json!({"handling": ["h3"], "restriction": "JMBG 0101901710008"})), "personal_data").await;
    let task = json!({"content": {"kind": "task", "title": "Call"}, "handling": ["h2"]});
    refused(task, "case_field_unknown").await;
    assert_eq!(founder.post(&entries, message(WORDS, &json!({"handling": ["h4"]}))).await.status, 400);
    let plain = text(&say(&case, &founder, WORDS).await["item"]);
    assert_eq!(seen(&case, &founder, &plain).await["handling"], json!([]));
    assert_eq!(items(&founder.get(&format!("{entries}?kind=message")).await.is(200)).len(), 1, "nothing of it was kept");
}
