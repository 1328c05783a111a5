//! Coming in by an invitation, through an institution's identity provider and without a password.

use serde_json::{Value, json};
use support::institution::{Institution, MINISTRY, says};
use support::provider::Says;
use support::region::{Answer, Client, address, items, text};

const HANDLE: &str = "newcomer";

/// The secret of an invitation for this address.
async fn invited(house: &Institution, email: &str) -> String {
    let wish = json!({"email": email, "name": "Neva Nova", "country": "RO", "function": "SOCIAL-WORKER",
        "organisation": "Centre"});
    text(&house.region.person("moderator.ro").await.post("/api/invitations", wish).await.is(201)["token"])
}

/// Goes on from where one was led.
async fn goes_on(browser: &mut Client, led: &str) -> Answer {
    let entry = led.strip_prefix("/join?entry=").unwrap_or_else(|| panic!("led to {led}"));
    let answer = browser.post("/api/invitation-acceptances/provider", json!({"entry": entry, "language": "fr"})).await;
    if answer.status == 201 {
        browser.keep_cookie(&answer);
    }
    answer
}

async fn joins(house: &Institution, token: &str, says: &Says) -> (Client, Answer) {
    let (mut browser, led) = house.comes_back_invited(token, "", says).await;
    let answer = goes_on(&mut browser, &led).await;
    (browser, answer)
}

#[tokio::test]
async fn who_is_invited_comes_in_through_the_institution_without_a_password_and_waits() {
    let house = Institution::start(&[]).await;
    let region = &house.region;
    let token = invited(&house, &address(HANDLE)).await;
    let shown = region.anonymous().post("/api/invitation-previews", json!({"token": token})).await.is(200);
    let offered: Vec<_> = shown["providers"].as_array().expect("a list").iter().map(|one| text(&one["id"])).collect();
    assert_eq!(offered, ["ministry", "trusted"], "those that may speak for the address");
    let foreign = invited(&house, "neva@other.example").await;
    let shown = region.anonymous().post("/api/invitation-previews", json!({"token": foreign})).await.is(200);
    assert_eq!(shown["providers"], json!([]));

    let (mut browser, led) = house.comes_back_invited(&token, " Neva  N. ", &says(HANDLE)).await;
    let answer = goes_on(&mut browser, &led).await;
    assert!(answer.header("set-cookie").is_some_and(|cookie| cookie.contains("SameSite=Strict")), "{answer:?}");
    let me = answer.is(201);
    assert_eq!((text(&me["email"]), text(&me["name"]), text(&me["language"])), (address(HANDLE), "Neva N.".into(), "fr".into()));
    assert_eq!((&me["accredited_until"], &me["factor"]["password"]), (&Value::Null, &json!(false)));
    browser.get("/api/directory").await.refused(403, "not_confirmed");
    assert_eq!(items(&browser.get("/api/me/providers").await.is(200)).len(), 1, "bound");
    // Nobody signs in by a password, also not by none.
    for password in ["", "seven quiet lighthouses"] {
        region.anonymous().sign_in(&address(HANDLE), password).await.refused(401, "sign_in_failed");
    }
    house.enters(MINISTRY, &says(HANDLE)).await.1.is(200);
    let stranger = says(HANDLE).with("sub", "somebody else");
    assert_eq!(house.comes_back(MINISTRY, &stranger).await.1, "/sign-in?refused=provider_refused");
    // Once is all an invitation is good for.
    joins(&house, &token, &says(HANDLE)).await.1.refused(404, "invitation_invalid");

    let auditor = region.person("auditor.region").await;
    let rows = auditor.get(&format!("/api/record?actor={}", browser.id)).await.is(200);
    let acts: Vec<_> = items(&rows).iter().map(|row| format!("{} {}", text(&row["act"]), text(&row["detail"]))).collect();
    for act in ["invitation.accept ", "account.bind ministry", "session.begin provider"] {
        assert!(acts.iter().any(|done| done == act), "{act}: {acts:?}");
    }
    let second = region.person("moderator.region").await;
    let path = format!("/api/people/{}/confirmation", browser.id);
    region.person("moderator.ro").await.put_json(&path, json!({"how": "vouched"})).await.refused(403, "second_person_needed");
    second.put_json(&path, json!({"how": "vouched"})).await.is(204);
    browser.get("/api/directory").await.is(200);
}

#[tokio::test]
async fn an_invitation_for_another_address_is_one_that_there_is_not() {
    let house = Institution::start(&[]).await;
    let token = invited(&house, &address(HANDLE)).await;
    // A colleague has got hold of the link; and somebody has made one up.
    let (_, colleague) = joins(&house, &token, &says("another")).await;
    let (_, invented) = joins(&house, "made up", &says(HANDLE)).await;
    assert_eq!((colleague.status, &colleague.text), (404, &invented.text));
    colleague.refused(404, "invitation_invalid");
    // An account that is there already is not taken over.
    joins(&house, &token, &says("member.ro")).await.1.refused(404, "invitation_invalid");
    for says in [
        says(HANDLE).with("email_verified", false),
        says(HANDLE).with("email_verified", Value::Null),
        says(HANDLE).with("email", "newcomer@other.example"),
        says(HANDLE).with("email", Value::Null),
    ] {
        let (_, led) = house.comes_back_invited(&token, "", &says).await;
        assert_eq!(led, "/join?refused=invitation_invalid");
    }
    joins(&house, &token, &says(HANDLE)).await.1.is(201);
}

#[tokio::test]
async fn whom_the_provider_means_is_one_account_s_also_for_newcomers() {
    let house = Institution::start(&[]).await;
    house.enters(MINISTRY, &says("member.ro")).await.1.is(200);
    let token = invited(&house, &address(HANDLE)).await;
    // The provider gives the address of the invited to a person whom it has named as somebody else before.
    let posing = says("member.ro").with("email", address(HANDLE));
    joins(&house, &token, &posing).await.1.refused(404, "invitation_invalid");
    joins(&house, &token, &says(HANDLE)).await.1.is(201);
}

#[tokio::test]
async fn the_way_back_is_good_once_and_in_the_browser_that_began_it() {
    let house = Institution::start(&[]).await;
    let token = invited(&house, &address(HANDLE)).await;
    let (mut browser, led) = house.comes_back_invited(&token, "", &says(HANDLE)).await;
    let mut other = house.begins(MINISTRY).await.0;
    goes_on(&mut other, &led).await.refused(401, "provider_expired");
    goes_on(&mut house.region.anonymous(), &led).await.refused(401, "provider_expired");
    // What was begun to join signs nobody in, and the other way round.
    let entry = led.trim_start_matches("/join?entry=");
    browser.post("/api/session/provider", json!({"entry": entry})).await.refused(401, "provider_expired");
    let (mut member, to_sign_in) = house.comes_back(MINISTRY, &says("member.ro")).await;
    let joining = to_sign_in.replace("/sign-in?", "/join?");
    goes_on(&mut member, joining.split('&').next().expect("a name")).await.refused(401, "provider_expired");
    goes_on(&mut browser, &led).await.is(201);
    goes_on(&mut browser, &led).await.refused(401, "provider_expired");
}

#[tokio::test]
async fn two_who_use_an_invitation_at_once_do_not_both_come_in() {
    let house = Institution::start(&[]).await;
    let token = invited(&house, &address(HANDLE)).await;
    let (mut first, first_led) = house.comes_back_invited(&token, "", &says(HANDLE)).await;
    let (mut second, second_led) = house.comes_back_invited(&token, "", &says(HANDLE)).await;
    let (one, other) = tokio::join!(goes_on(&mut first, &first_led), goes_on(&mut second, &second_led));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 404]);
}

#[tokio::test]
async fn who_has_no_password_chooses_one_without_naming_another() {
    let house = Institution::start(&[]).await;
    let token = invited(&house, &address(HANDLE)).await;
    let (browser, answer) = joins(&house, &token, &says(HANDLE)).await;
    answer.is(201);
    // An ordinary sign-in through the provider is no proof for that.
    let (later, answer) = house.enters(MINISTRY, &says(HANDLE)).await;
    answer.is(200);
    let wish = json!({"current": "", "new": "seven quiet lighthouses"});
    later.put_json("/api/me/password", wish.clone()).await.refused(403, "step_up_required");
    later.post("/api/session/step-up", json!({"password": ""})).await.refused(422, "password_wrong");
    browser.put_json("/api/me/password", wish.clone()).await.is(204);
    house.region.anonymous().sign_in(&address(HANDLE), "seven quiet lighthouses").await.is(200);
}
