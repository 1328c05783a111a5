//! The first page of a week.

use serde_json::{Value, json};
use support::region::{Client, Region};

/// Messages of this week about a theme, as somebody sees them.
async fn this_week(client: &Client, theme: &str) -> i64 {
    let home = client.get("/api/home").await.is(200);
    let weeks = home["weeks"].as_array().expect("weeks").len();
    let themes = home["themes"].as_array().expect("themes");
    let found: &Value = themes.iter().find(|each| each["theme"] == theme).expect("every theme");
    let messages = found["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), weeks);
    messages.last().and_then(Value::as_i64).expect("a number")
}

#[tokio::test]
async fn what_is_said_about_a_theme_is_counted_where_one_may_read() {
    let region = Region::shared();
    let (member, outsider) = (region.person("member.ro").await, region.person("member.gr").await);
    let theme = "forced-labour";
    let before = (this_week(&member, theme).await, this_week(&outsider, theme).await);
    let room = region.room_of("moderator.ro", &json!({"kind": "closed", "country": "RO", "theme": theme}), &[&member]).await;
    for n in 0..3 {
        member.say(&room, &format!("message {n}")).await;
    }
    assert_eq!(this_week(&member, theme).await, before.0 + 3);
    assert_eq!(this_week(&outsider, theme).await, before.1, "a closed room adds nothing for who isn't in it");
    // Where the channel has no theme of its own, the tags of the topic say what it is about.
    let open = region.room_of("moderator.ro", &json!({"kind": "open", "country": "RO"}), &[&member]).await;
    let (topic, _) = member.begin(&open, "Harvest", "text").await;
    region.person("moderator.ro").await.patch(&format!("/api/topics/{topic}"), json!({"themes": [theme]})).await.is(200);
    assert_eq!(this_week(&outsider, theme).await, before.1 + 1);
}

#[tokio::test]
async fn who_is_not_confirmed_has_no_first_page() {
    Region::shared().person("pending.ro").await.get("/api/home").await.refused(403, "not_confirmed");
}
