//! What ends by itself, on a server whose clock is moved.

use std::time::Duration;

use serde_json::json;
use support::region::{Client, Region, text};
use uuid::Uuid;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// Activity is written down after the answer to it.
const WRITTEN_DOWN: Duration = Duration::from_millis(100);

/// Makes a request and waits until the server has noted that somebody was there.
async fn is_active(client: &Client) {
    client.get("/api/session").await.is(200);
    tokio::time::sleep(WRITTEN_DOWN).await;
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_a_request() {
    let region = Region::start_with_clock().expect("a region");
    let browser = region.signed_in("member.ro").await;
    region.advance(29 * MINUTE).await;
    is_active(&browser).await;
    region.advance(29 * MINUTE).await;
    is_active(&browser).await;
    region.advance(30 * MINUTE).await;
    browser.get("/api/session").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_active() {
    let region = Region::start_with_clock().expect("a region");
    let browser = region.signed_in("member.ro").await;
    for _ in 0..24 {
        region.advance(29 * MINUTE).await;
        is_active(&browser).await;
    }
    region.advance(24 * MINUTE - MINUTE).await;
    is_active(&browser).await;
    region.advance(MINUTE).await;
    browser.get("/api/session").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn an_invitation_is_good_for_seventy_two_hours() {
    let region = Region::start_with_clock().expect("a region");
    let admin = region.person("admin").await;
    let email = format!("{}@new.egida.example", Uuid::now_v7());
    let wish =
        json!({"email": email, "name": "Neva Nova", "country": "RO", "function": "SOCIAL-WORKER", "organisation": "Centre"});
    let made = admin.post("/api/invitations", wish).await.is(201);
    let token = text(&made["token"]);
    let visitor = region.anonymous();
    region.advance(72 * HOUR - MINUTE).await;
    visitor.post("/api/invitation-previews", json!({"token": token})).await.is(200);
    region.advance(MINUTE).await;
    visitor.post("/api/invitation-previews", json!({"token": token})).await.refused(404, "invitation_invalid");
    let wish = json!({"token": token, "email": email, "name": "Neva Nova", "password": "seven quiet lighthouses"});
    visitor.post("/api/invitation-acceptances", wish).await.refused(404, "invitation_invalid");
}
