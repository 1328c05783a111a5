//! Who gets which answer: every route of the contract, asked by everybody about everything, against one written table.
//!
//! What is asked is meant to be refused or to change nothing that another row looks at: a row that may succeed has a
//! target of its own.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use support::region::{Answer, Client, Region, draft, items, text};
use support::server_process::run;
use support::ws_client::{NotConnected, Socket, post_frame};
use uuid::Uuid;

/// Set to write the table instead of comparing with it; the second one is what `cargo xtask gen` sets.
const WRITE: [&str; 2] = ["UPDATE_SNAPSHOTS", "EGIDA_WRITE_SNAPSHOTS"];
/// Who asks. The room member belongs to the closed rooms, too; the moderators look after Romania and Serbia.
const ACTORS: [&str; 10] = [
    "anonymous",
    "pending",
    "expired",
    "member of A",
    "member of B",
    "room member",
    "moderator of A",
    "moderator of B",
    "auditor",
    "administrator",
];
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Something to be asked about: a channel, a topic and a message in it with a file, an account and its invitation and role, an
/// organisation, and a practice: one that is in the library for what is open, a draft for what is closed.
struct Target {
    name: &'static str,
    channel: String,
    topic: String,
    message: String,
    file: String,
    account: String,
    invitation: String,
    organisation: String,
    practice: String,
    campaign: String,
    /// A case room: of the closed channel's member where there is one, otherwise none.
    case: String,
    items: Items,
}

/// What belongs to an organisation of the target's country: an event, a study and its recommendation; and an exercise for it.
/// Where the channel is closed, they are for their organisation alone.
struct Items {
    event: String,
    study: String,
    recommendation: String,
    exercise: String,
    /// A coordination request to the room member's organisation; a draft of one where the channel is closed.
    request: String,
    /// A file card: shown where the channel is open, sealed where it is closed.
    card: String,
}

impl Items {
    async fn new(author: &Client, closed: bool, country: &str, people: &[&Client]) -> Self {
        let of = |mut wish: Value| {
            wish["countries"] = json!([country]);
            wish["marking"] = if closed { "amber+strict" } else { "green" }.into();
            wish
        };
        let event = text(&author.post("/api/agenda/events", of(event())).await.is(201)["id"]);
        let study = text(&author.post("/api/studies", of(study())).await.is(201)["id"]);
        let path = format!("/api/studies/{study}/recommendations");
        let recommendation = text(&author.post(&path, json!({"text": "Do it"})).await.is(201)["id"]);
        let exercise = Self::exercise(author, country, people).await;
        let request = Self::request(author, closed, people).await;
        let card = Self::card(author, closed).await;
        Self { event, study, recommendation, exercise, request, card }
    }

    async fn request(author: &Client, draft: bool, people: &[&Client]) -> String {
        let house = async |client: &Client| text(&client.get("/api/me/directory-entry").await.is(200)["organisation_id"]);
        let asked = house(people[people.len() - 1]).await;
        let mut wish = request(&house(author).await, &asked);
        wish["marking"] = if draft { "amber" } else { "green" }.into();
        let id = text(&author.post("/api/requests", wish).await.is(201)["id"]);
        if !draft {
            author.post(&format!("/api/requests/{id}/sending"), json!({})).await.is(204);
        }
        id
    }

    async fn card(author: &Client, sealed: bool) -> String {
        text(&author.post("/api/cards", card(if sealed { "sealed" } else { "shown" })).await.is(201)["id"])
    }

    async fn exercise(author: &Client, country: &str, people: &[&Client]) -> String {
        let people: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
        let ends_at = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(9)).to_string();
        let wish =
            json!({"title": "N", "scenario": "s", "language": "en", "country": country, "people": people, "ends_at": ends_at});
        text(&author.post("/api/exercises", wish).await.is(201)["id"])
    }
}

async fn target(region: &Region, name: &'static str, kind: &str, country: &str, people: &[&Client]) -> Target {
    let moderator = if country == "RO" { "moderator.ro" } else { "moderator.rs" };
    let channel = region.room_of(moderator, &json!({"kind": kind, "country": country}), people).await;
    // A person nobody of the table is, and an invitation, of the same country.
    let account = region.person(if country == "RO" { "interpreter.ro" } else { "helpline.rs" }).await.id;
    let author = region.person(moderator).await;
    let (topic, message) = author.begin(&channel, "A topic", "text").await;
    let file = author.file("a.txt", b"text").await;
    author.say_with(&channel, "with a file", &[&file]).await;
    let wish = json!({"email": format!("{}@matrix.egida.example", Uuid::now_v7()), "name": "N", "country": country,
        "function": "SOCIAL-WORKER", "organisation": "Centre"});
    let invited = author.post("/api/invitations", wish).await.is(201);
    let entered = author.post("/api/organisations", organisation(country)).await.is(201);
    let (invitation, organisation) = (text(&invited["invitation"]["id"]), text(&entered["id"]));
    let practice = if kind == "open" {
        let library = author.get(&format!("/api/practices?country={country}&sort=level")).await.is(200);
        text(&items(&library)[0]["id"])
    } else {
        let draft = json!({"content": {"title": "A draft", "language": "en", "countries": [country]}});
        text(&author.post("/api/practices", draft).await.is(201)["id"])
    };
    let items = Items::new(&author, kind == "closed", country, &[people, &[&region.person("social.xk").await]].concat()).await;
    let campaign = campaign(region, &author, country, kind == "open").await;
    let case = case(region, name == "A closed").await;
    Target { name, channel, topic, message, file, account, invitation, organisation, practice, campaign, case, items }
}

/// A campaign of a country: an idea, or one that the region's moderator has approved.
async fn campaign(region: &Region, author: &Client, country: &str, approved: bool) -> String {
    let wish = json!({"title": "T", "language": "en", "theme": "forced-begging", "aim": "report", "countries": [country],
        "ages": ["10-13"], "start": "2030-01-07", "end": "2030-01-13", "messages": ["m"], "call_to_action": "c",
        "helpline": "116111", "safeguarding": "s"});
    let id = text(&author.post("/api/campaigns", wish).await.is(201)["id"]);
    if approved {
        let at = |part: &str| format!("/api/campaigns/{id}/{part}");
        author.put_json(&at("state"), json!({"state": "planned"})).await.is(200);
        author.put(&at("approval-request")).await.is(200);
        region.person("moderator.region").await.put_json(&at("approval"), json!({"approved": true})).await.is(204);
    }
    id
}

/// A case room of the room member's, who has locked their keys again; or the id of none.
async fn case(region: &Region, made: bool) -> String {
    if !made {
        return Uuid::now_v7().to_string();
    }
    crate::cases::open(&crate::cases::person(region, "social.xk").await).await
}

/// A fresh organisation of a country.
fn organisation(country: &str) -> Value {
    json!({"name": format!("Organisation {}", Uuid::now_v7()), "kind": "NGO-SERVICE", "country": country})
}

/// An event, and a study, that everybody may read.
fn event() -> Value {
    json!({"title": "N", "language": "en", "kind": "meeting", "start": "2031-05-01T09:00", "end": "2031-05-01T10:00", "zone": "UTC"})
}

fn request(from: &str, asked: &str) -> Value {
    json!({"kind": "open_file", "asker": from, "asked": asked, "title": "T", "body": "b", "urgency": "d7"})
}

fn study() -> Value {
    json!({"title": "N", "language": "en", "year": 2026, "publisher": "P"})
}

/// A file card that is wide enough.
fn card(visibility: &str) -> Value {
    json!({"visibility": visibility, "stage": "judicial", "exploitation": ["forced_labour"], "from": "2025-Q1", "to": "2025-Q4",
        "marking": "green", "grading": "B2"})
}

/// A change of something that stands at another revision.
fn with_revision(mut wish: Value) -> Value {
    wish["revision"] = json!(99);
    wish
}

/// The country that a target is about; one that isn't there for the absent.
fn country(target: &Target) -> &'static str {
    match target.name {
        name if name.starts_with('A') => "RO",
        name if name.starts_with('B') => "RS",
        _ => "FR",
    }
}

/// Somebody new of this country, made by the operator.
async fn colleague(region: &Region, country: &str) -> String {
    let email = format!("{}@matrix.egida.example", Uuid::now_v7());
    let arguments = ["account", "create", "--email", &email, "--name", "C", "--country", country];
    run(region.folder(), &arguments, None).expect("an account");
    let found = region.person("admin").await.get(&format!("/api/accounts?q={email}")).await.is(200);
    text(&items(&found)[0]["id"])
}

/// All of an answer that its reader could compare with another.
fn shown(answer: &Answer) -> (String, Vec<(String, String)>) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date")
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    headers.sort();
    (answer.text.clone(), headers)
}

/// What came of a frame about a target; `None` for a frame that is not known here.
async fn sent(region: &Region, person: &Client, frame: &str, target: &Target) -> Option<String> {
    if person.id.is_empty() {
        return match Socket::connect_with(region.address(), &[]).await {
            Err(NotConnected::Refused { status, .. }) => Some(status.to_string()),
            other => panic!("nobody is upgraded who isn't signed in: {other:?}"),
        };
    }
    let mut socket = person.live().await;
    let channel = &target.channel;
    // Every frame before it has been handled when this one is answered.
    let end = json!({"type": "end of the row"});
    let what = match frame {
        "post" => {
            let reference = Uuid::now_v7();
            socket.send(&post_frame(reference, channel, "said by the matrix")).await.expect("sent");
            let answer = socket.answer_to(reference).await.expect("an answer");
            answer["code"].as_str().unwrap_or("posted").to_owned()
        }
        "read" => {
            socket.send(&json!({"type": "read", "channel": channel, "seq": 1})).await.expect("sent");
            socket.send(&end).await.expect("sent");
            let answer = socket.next_of("refused").await.expect("an answer");
            answer["code"].as_str().filter(|code| *code != "unknown_type").unwrap_or("done").to_owned()
        }
        "typing" => {
            let moderator = region.person(if target.name.starts_with('A') { "moderator.ro" } else { "moderator.rs" }).await;
            let mut listener = moderator.live().await;
            socket.send(&json!({"type": "typing", "channel": channel})).await.expect("sent");
            socket.send(&end).await.expect("sent");
            socket.next_of("refused").await.expect("an answer");
            listener.send(&end).await.expect("sent");
            loop {
                let heard = listener.next().await.expect("the end of the row");
                match heard["type"].as_str() {
                    Some("typing") if heard["channel"] == **channel => break "heard".to_owned(),
                    Some("refused") => break "silent".to_owned(),
                    _ => {}
                }
            }
        }
        "resume" => {
            let mut socket = person.socket().await;
            let frames = socket.resume(&json!({channel.as_str(): 0})).await.expect("live");
            let told = frames.iter().any(|frame| frame["message"]["channel"] == **channel);
            if told { "told" } else { "nothing" }.to_owned()
        }
        _ => return None,
    };
    Some(what)
}

/// The path of a route for a target.
fn filled(route: &str, target: &Target) -> String {
    let id = match route.split('/').nth(2) {
        Some("channels") => &target.channel,
        Some("topics") => &target.topic,
        Some("messages") => &target.message,
        Some("files") => &target.file,
        Some("invitations") => &target.invitation,
        Some("accounts" | "people") => &target.account,
        Some("organisations") => &target.organisation,
        Some("practices") => &target.practice,
        Some("agenda") => &target.items.event,
        Some("studies") => &target.items.study,
        Some("recommendations") => &target.items.recommendation,
        Some("exercises") => &target.items.exercise,
        Some("requests") => &target.items.request,
        Some("cards") => &target.items.card,
        Some("campaigns") => &target.campaign,
        Some("cases") => &target.case,
        Some("glossary") if !route.starts_with("/api/glossary/proposals/") && target.name != "absent" => "shelter",
        // One's own sessions have ids that nobody else knows.
        _ => "01900000-0000-7000-8000-000000000000",
    };
    let account = if route.contains("/requests/") { "me" } else { target.account.as_str() };
    let role = "01900000-0000-7000-8000-000000000000";
    let route = route.replace("{code}", country(target));
    route
        .replace("{id}", id)
        .replace("{account}", account)
        .replace("{role}", role)
        .replace("{proposal}", role)
        .replace("{harm}", role)
        .replace("{n}", "1")
        .replace("{material}", role)
        .replace("{item}", role)
        .replace("{step}", "call_partner")
        .replace("{section}", "focus")
        .replace("{concept}", "shelter")
        .replace("{language}", "en")
        .replace("{channel}", &target.channel)
        .replace("{file}", "invented.ics")
        .replace("{emoji}", "%F0%9F%91%8D")
}

/// Routes that take no body, by their ends.
const BARE: [&str; 35] = [
    "/cases/{id}/escrow",
    "/checklist/{step}",
    "/keys/recovery",
    "/sending",
    "/closing",
    "/requests/{id}/forward",
    "/translations/{language}/check",
    "/endorsement",
    "/exercises/{id}/end",
    "/acknowledgement",
    "/acceptance",
    "/releases/{channel}",
    "/members/{account}",
    "/requests/{account}",
    "/people/{account}",
    "/archive",
    "/pin",
    "/suspension",
    "/reactions/{emoji}",
    "/agreement",
    "/api/me/notices",
    "/refusal",
    "/departure",
    "/organisations/{id}/confirmation",
    "/countries/{code}/confirmation",
    "/queue/{id}/claim",
    "/suspensions/{id}/confirmation",
    "/approvals/{id}/export",
    "/approvals/{id}/unmasking",
    "/approvals/{id}/retention",
    "/campaigns/{id}/approval-request",
    "/campaigns/{id}/channel",
    "/materials/{material}/approval",
    "/newsletter/issues/{id}/submission",
    "/me/newsletter/consent",
];

/// The body a route is asked with; an error for a route that is not known here.
fn body(route: &str, method: &str, target: &Target) -> Result<Option<Value>, String> {
    let nothing = Uuid::now_v7();
    if let Some(body) = body_of_items(route, method, target, nothing).or_else(|| body_of_cards(route, method, nothing)) {
        return Ok(Some(body));
    }
    Ok(match (method, route) {
        ("post", "/api/glossary/proposals/{id}/refusal") => Some(json!({"note": "n"})),
        // Refused after it was asked who may: what stands is for the other rows, too.
        ("post", "/api/glossary/{id}/proposals") => Some(json!({"language": "none", "term": "t", "reason": "r"})),
        ("post", "/api/cases/{id}/entries/{item}/acknowledgement") => Some(json!({"seq": 1})),
        (method, path) if matches!(method, "get" | "delete") || BARE.iter().any(|end| path.ends_with(end)) => None,
        ("post", "/api/session") => Some(json!({"email": "nobody@matrix.egida.example", "password": "wrong"})),
        ("post", "/api/channels") => {
            Some(json!({"kind": "open", "country": if target.name.starts_with('A') { "RO" } else { "RS" }, "name": {"en": "N"}}))
        }
        ("post", "/api/channels/{id}/messages") => Some(draft("said by the matrix")),
        ("post", "/api/invitations") => {
            let country = if target.name.starts_with('A') { "RO" } else { "RS" };
            Some(json!({"email": format!("{nothing}@matrix.egida.example"), "name": "N", "country": country,
                "function": "SOCIAL-WORKER", "organisation": "Centre"}))
        }
        ("post", "/api/invitation-previews") => Some(json!({"token": "invented"})),
        ("post", "/api/invitation-acceptances") => {
            Some(json!({"token": "invented", "email": "a@b.example", "name": "N", "password": "p"}))
        }
        ("post", "/api/grants") => Some(json!({"grants": [{"account": target.account, "role": "nothing", "scope": "nowhere"}]})),
        ("put", "/api/people/{id}/confirmation") => Some(json!({"how": "met_in_person"})),
        ("post", "/api/accounts/{id}/roles") => Some(json!({"role": "nothing", "scope": "nowhere"})),
        ("post", "/api/session/passkey") => Some(json!({"ceremony": nothing, "credential": {}})),
        ("post", "/api/session/provider" | "/api/invitation-acceptances/provider") => Some(json!({"entry": nothing})),
        ("post", "/api/session/step-up" | "/api/keys") | ("put", "/api/keys/password") => Some(json!({"password": "wrong"})),
        (
            "post",
            "/api/passkey-challenges"
            | "/api/me/authenticator"
            | "/api/me/recovery-codes"
            | "/api/me/passkey-registrations"
            | "/api/people/{id}/password-reset"
            | "/api/people/{id}/factor-removal"
            | "/api/providers/{id}/entries",
        )
        | ("patch", "/api/me" | "/api/files/{id}") => Some(json!({})),
        ("put", "/api/me/authenticator") => Some(json!({"id": nothing, "code": "000000"})),
        ("post", "/api/me/passkeys") => Some(json!({"ceremony": nothing, "name": "N", "credential": {}})),
        ("patch", "/api/me/passkeys/{id}" | "/api/search/saved/{id}") => Some(json!({"name": "N"})),
        ("post", "/api/password-resets") => Some(json!({"token": "invented", "password": "calm herons over the delta"})),
        ("post", "/api/organisations") => Some(organisation(country(target))),
        ("post", "/api/organisation-confirmations") => Some(json!({"organisations": [target.organisation]})),
        ("patch", "/api/organisations/{id}") => Some(json!({"topics": ["shelter"]})),
        ("put", "/api/organisations/{id}/focal-points/{account}") => Some(json!({"theme": null})),
        ("put", "/api/me/directory-entry") => Some(json!({"topics": ["shelter"], "languages": ["en"]})),
        ("patch", "/api/channels/{id}") | ("put", "/api/messages/{id}/marking") => Some(json!({"marking": "green"})),
        ("post", "/api/messages/{id}/marking-proposals") => Some(json!({"marking": "amber"})),
        ("patch", "/api/topics/{id}") => Some(json!({"themes": []})),
        ("patch", "/api/messages/{id}") => Some(json!({"body": "text"})),
        ("post", "/api/keys/opening") => Some(json!({"recovery_key": "wrong"})),
        ("put", "/api/keys/passkey") => Some(json!({"credential": "", "secret": ""})),
        ("put", "/api/me/password") => Some(json!({"current": "wrong", "new": "calm herons over the delta"})),
        ("put", "/api/channels/{id}/read") => Some(json!({"seq": 1})),
        ("put", "/api/channels/{id}/moderation") => {
            Some(json!({"hold_all": false, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": []}))
        }
        ("put", "/api/moderation/queue/{id}/decision") => Some(json!({"outcome": "release"})),
        ("post", "/api/moderation/queue/{id}/unmasking") => Some(json!({"need": "cannot_judge"})),
        ("put", "/api/moderation/reports/{id}/outcome") => Some(json!({"outcome": "dismissed"})),
        ("put", "/api/me/held/{id}/appeal") => Some(json!({"note": "n"})),
        // Refused after it was asked who may: the message is for the other rows, too.
        ("put", "/api/messages/{id}/expiry") => Some(json!({"expires_in_days": 0})),
        ("post", "/api/messages/{id}/retraction") => Some(json!({"reason": "unsafe", "note": "n".repeat(5_000)})),
        ("put", "/api/moderation/breaches/{id}/outcome") => Some(json!({"outcome": "notified", "finding": "f"})),
        ("post", "/api/messages/{id}/reports") => Some(json!({"reason": "unsafe"})),
        ("post", "/api/people/{id}/mutes") => {
            Some(json!({"scope": format!("channel:{}", target.channel), "hours": 1, "reason": "r"}))
        }
        ("post", "/api/people/{id}/warnings") => Some(json!({"channel": target.channel, "note": "n"})),
        ("post", "/api/people/{id}/suspension-proposal") => Some(json!({"reason": "r"})),
        ("post", "/api/files") => Some(json!({"name": "a.txt", "size": 1})),
        ("post", "/api/approvals") => {
            Some(json!({"what": {"kind": "retention", "channel": target.channel, "days": 30}, "reason": "r"}))
        }
        ("post", "/api/messages/{id}/translation") => Some(json!({"to": "fr"})),
        ("post", "/api/search/saved") => Some(json!({"name": "N", "query": "text"})),
        ("put", "/api/approvals/{id}/decision") => Some(json!({"approved": true})),
        _ => return Err(format!("{method} {route}")),
    })
}

/// The same for the routes of what organisations share, and of exercises.
fn body_of_items(route: &str, method: &str, target: &Target, nothing: Uuid) -> Option<Value> {
    Some(match (method, route) {
        // Refused after it was asked who may: nothing of a practice is said, and no step leads to a draft.
        ("post", "/api/practices") | ("put", "/api/practices/{id}") => json!({"content": {}}),
        ("put", "/api/practices/{id}/state") => json!({"state": "draft"}),
        ("put", "/api/practices/{id}/reviewers") | ("patch", "/api/campaigns/{id}") => json!({"people": []}),
        ("put", "/api/practices/{id}/review") => json!({"level": 0, "verdict": "publish", "note": ""}),
        ("put", "/api/practices/{id}/level") => json!({"level": 0, "why": ""}),
        ("post", "/api/practices/{id}/harms") => json!({"what": ""}),
        ("put", "/api/practices/{id}/harms/{harm}/answer") => json!({"answer": ""}),
        ("put", "/api/practices/{id}/translations/{language}") => json!({"content": {}, "of_version": 0}),
        ("put", "/api/practices/{id}/use") => json!({"note": ""}),
        ("put", "/api/practices/{id}/discussion") => json!({"topic": nothing}),
        ("post", "/api/agenda/events") => event(),
        // Refused after it was asked who may: the event is for the other rows, too.
        ("put", "/api/agenda/events/{id}") => with_revision(event()),
        ("put", "/api/agenda/events/{id}/cancellation") => json!({"because": " "}),
        ("put", "/api/agenda/events/{id}/answer") => json!({"answer": "maybe"}),
        ("post" | "patch", "/api/me/agenda-feed") => json!({}),
        ("post", "/api/studies") => study(),
        ("put", "/api/studies/{id}") => with_revision(study()),
        ("post", "/api/studies/{id}/recommendations" | "/api/requests/{id}/question" | "/api/requests/{id}/explanation")
        | ("put", "/api/recommendations/{id}") => json!({"text": " "}),
        ("put", "/api/recommendations/{id}/state") => json!({"state": "rejected", "note": " "}),
        ("post", "/api/exercises") => {
            json!({"title": " ", "scenario": "s", "language": "en", "country": country(target), "ends_at": "soon"})
        }
        ("post", "/api/exercises/{id}/lessons") => json!({"kind": "lesson", "text": " "}),
        ("post", "/api/requests") => request(&nothing.to_string(), &target.organisation),
        ("put", "/api/requests/{id}") => with_revision(request(&nothing.to_string(), &target.organisation)),
        ("put", "/api/requests/{id}/screener" | "/api/requests/{id}/handler") => json!({"person": nothing}),
        ("post", "/api/requests/{id}/screening") => json!({"approve": false, "revision": 0}),
        ("post", "/api/requests/{id}/answer") => json!({"outcome": "no_hit", "text": "none"}),
        ("put", "/api/requests/{id}/channel") => json!({"kind": "siena", "reference": " "}),
        ("post", "/api/campaigns") => json!({"title": "T"}),
        // No step of any of them; what is decided or missing is refused after it was asked who may.
        ("put", "/api/campaigns/{id}/state") => json!({"state": "idea"}),
        ("put", "/api/campaigns/{id}/approval") => json!({"approved": false}),
        ("put", "/api/campaigns/{id}/pretest") => json!({"people": 0, "understood": 0, "changed": "c"}),
        ("put", "/api/campaigns/{id}/capacity") => json!({"note": "n"}),
        ("put", "/api/campaigns/{id}/indicators") => json!({"items": []}),
        ("put", "/api/campaigns/{id}/results") => json!({"results": "r"}),
        ("post", "/api/campaigns/{id}/materials") => json!({"title": "", "languages": ["en"], "licence": "own"}),
        ("post", "/api/newsletter/issues") => json!({"year": 2026, "quarter": 4}),
        ("patch", "/api/newsletter/issues/{id}") => json!({"languages": ["en"]}),
        ("put", "/api/newsletter/issues/{id}/texts/{section}/{language}") => json!({"body": "text", "revision": 0}),
        ("put", "/api/newsletter/issues/{id}/excuses/{concept}/{language}") => json!({"reason": "r"}),
        ("post", "/api/newsletter/issues/{id}/items") => json!({"kind": "practice", "id": nothing, "section": "focus"}),
        ("patch", "/api/newsletter/issues/{id}/items/{item}") => json!({"section": "focus"}),
        ("post", "/api/newsletter/issues/{id}/requests") => json!({"kind": "practice", "id": nothing}),
        ("put", "/api/newsletter/requests/{id}/answer") => json!({"lowers": true}),
        ("put", "/api/newsletter/issues/{id}/decision") => json!({"digest": "00", "approved": true}),
        ("put", "/api/me/newsletter/subscription") => json!({"language": "en"}),
        // Nobody of the table is in one; partners are asked for without a country, places said of somebody else's house.
        ("post", "/api/referrals") => json!({"case": nothing}),
        ("put", "/api/referrals/{id}") => with_revision(json!({})),
        ("put", "/api/referrals/capacities") => json!({"organisation": nothing, "capacity": "full"}),
        ("post", "/api/referrals/{id}/approval") => json!({"revision": 0}),
        ("post", "/api/referrals/{id}/steps") => json!({"act": "acknowledge", "revision": 0}),
        (_, route) if route.starts_with("/api/cases") => return body_of_cases(route, method, nothing),
        _ => return None,
    })
}

/// The same for case rooms: nobody here sends a tab's secret, so that whoever is in one is asked for it.
fn body_of_cases(route: &str, method: &str, nothing: Uuid) -> Option<Value> {
    let content = json!({"kind": "note", "text": "n"});
    Some(match (method, route.strip_prefix("/api/cases")?) {
        ("post", "") => crate::cases::wish(),
        ("put", "/{id}/sheet") => {
            json!({"sheet": crate::cases::sheet(), "risk": "low", "next_review": "2030-01-01", "sheet_seq": 1})
        }
        ("put", "/{id}/phase") => json!({"to": "assessment"}),
        ("put", "/{id}/side") => json!({"side": null}),
        ("post", "/{id}/members") => json!({"account": nothing, "mandate": "lawyer", "ground": "service"}),
        ("patch", "/{id}/members/{account}") => json!({"expires_at": "2030-01-01"}),
        ("post", "/{id}/acceptance") => json!({"terms": "none"}),
        ("post", "/{id}/proposals") => json!({"kind": "erasure"}),
        ("post", "/{id}/entries") => json!({"content": content}),
        ("put", "/{id}/entries/{item}") => json!({"content": content, "seq": 1}),
        ("post", "/{id}/files") => json!({"file": nothing, "name": "a.txt"}),
        ("post", "/{id}/search") => json!({"q": "word"}),
        ("post", "/{id}/missing" | "/{id}/proposals/{proposal}/confirmation") => json!({}),
        _ => return None,
    })
}

/// The same for file cards and what follows from them: refused after it was asked who may.
fn body_of_cards(route: &str, method: &str, nothing: Uuid) -> Option<Value> {
    Some(match (method, route) {
        ("post", "/api/cards") => {
            let mut card = card("sealed");
            card["exploitation"] = json!([]);
            card
        }
        ("put", "/api/cards/{id}") => json!({"card": card("sealed"), "revision": 99}),
        ("put", "/api/overlaps/{id}") => json!({"state": "dismissed"}),
        ("post", "/api/matching") => {
            json!({"asking": nothing, "answering": nothing, "file_number": "", "basis": "", "points": ""})
        }
        ("put", "/api/matching/{id}/answer") => json!({"doubled": "", "own": ""}),
        ("put", "/api/matching/{id}/result") => json!({"band": 0}),
        _ => return None,
    })
}

/// Sees to it that there is something to take away.
async fn prepare(region: &Region, target: &Target, method: &str, route: &str) {
    if (method, route) == ("delete", "/api/channels/{id}/members/{account}") && target.name != "absent" {
        let moderator = region.person(if target.name.starts_with('A') { "moderator.ro" } else { "moderator.rs" }).await;
        moderator.put(&format!("/api/channels/{}/members/{}", target.channel, target.account)).await.is(204);
    }
}

/// Puts back what a row that succeeded has changed.
async fn mend(region: &Region, target: &mut Target, method: &str, route: &str) {
    if (method, route) == ("put", "/api/people/{id}/departure") {
        target.account = colleague(region, if target.name.starts_with('A') { "RO" } else { "RS" }).await;
        return;
    }
    let moderator = region.person(if target.name.starts_with('A') { "moderator.ro" } else { "moderator.rs" }).await;
    if (method, route) == ("put", "/api/exercises/{id}/end") {
        target.items.exercise = Items::exercise(&moderator, country(target), &[&region.person("social.xk").await]).await;
        return;
    }
    if (method, route) == ("post", "/api/requests/{id}/closing") {
        let draft = target.name.ends_with("closed");
        target.items.request = Items::request(&moderator, draft, &[&region.person("social.xk").await]).await;
    }
    if (method, route) == ("delete", "/api/cards/{id}") {
        target.items.card = Items::card(&moderator, target.name.ends_with("closed")).await;
        return;
    }
    let undone = match (method, route) {
        ("put", "/api/channels/{id}/archive") => moderator.delete(&format!("/api/channels/{}/archive", target.channel)).await,
        ("put", "/api/channels/{id}/members/{account}") => {
            moderator.delete(&format!("/api/channels/{}/members/{}", target.channel, target.account)).await
        }
        ("post", "/api/people/{id}/factor-removal") => {
            let admin = region.person("admin").await;
            let open = admin.get("/api/factor-removals").await.is(200);
            admin.delete(&format!("/api/factor-removals/{}", text(&items(&open)[0]["id"]))).await
        }
        ("post", "/api/people/{id}/suspension-proposal") => {
            let admin = region.person("admin").await;
            let open = admin.get("/api/moderation/suspensions").await.is(200);
            admin.delete(&format!("/api/moderation/suspensions/{}", text(&items(&open)[0]["id"]))).await
        }
        ("put", "/api/accounts/{id}/suspension") => {
            region.person("admin").await.delete(&format!("/api/accounts/{}/suspension", target.account)).await
        }
        _ => return,
    };
    undone.is(204);
}

/// The routes of the contract.
fn routes(document: &Value) -> Vec<(String, &'static str)> {
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        routes.extend(METHODS.iter().filter(|method| operations.get(**method).is_some()).map(|method| (path.clone(), *method)));
    }
    routes.sort();
    // What takes something away for good comes last, the message before all.
    routes.sort_by_key(|(path, method)| {
        *method == "delete"
            && ["/api/messages/{id}", "/api/invitations/{id}", "/api/practices/{id}", "/api/requests/{id}"]
                .contains(&path.as_str())
    });
    routes
}

/// Whether what is asked depends on the place that the body names.
fn by_place(method: &str, route: &str) -> bool {
    const ROUTES: [&str; 7] = [
        "/api/approvals",
        "/api/exercises",
        "/api/channels",
        "/api/invitations",
        "/api/grants",
        "/api/organisations",
        "/api/organisation-confirmations",
    ];
    method == "post" && ROUTES.contains(&route)
}

/// What nobody has made.
fn nothing_there() -> Target {
    let absent = || Uuid::now_v7().to_string();
    Target {
        name: "absent",
        channel: absent(),
        topic: absent(),
        message: absent(),
        file: absent(),
        account: absent(),
        invitation: absent(),
        organisation: absent(),
        practice: absent(),
        items: Items {
            event: absent(),
            study: absent(),
            recommendation: absent(),
            exercise: absent(),
            request: absent(),
            card: absent(),
        },
        campaign: absent(),
        case: absent(),
    }
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_table_says() {
    let region = Region::start(&[]).expect("a region");
    let people = [
        region.anonymous(),
        region.person("pending.ro").await,
        region.person("expired.gr").await,
        region.person("member.ro").await,
        region.person("member.rs").await,
        region.person("social.xk").await,
        region.person("moderator.ro").await,
        region.person("moderator.rs").await,
        region.person("auditor.region").await,
        region.person("admin").await,
    ];
    let (member_a, member_b, inside) = (&people[3], &people[4], &people[5]);
    let mut targets = [
        target(&region, "A open", "open", "RO", &[member_a, inside]).await,
        target(&region, "A closed", "closed", "RO", &[inside]).await,
        target(&region, "B open", "open", "RS", &[member_b]).await,
        target(&region, "B closed", "closed", "RS", &[member_b]).await,
        nothing_there(),
    ];
    let document = std::thread::spawn(egida::openapi_json).join().expect("the contract");
    let document = serde_json::from_str(&document).expect("JSON");
    let nothing = shown(&people[3].get(&format!("/api/channels/{}", Uuid::now_v7())).await);
    let (mut lines, mut unknown, mut told) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (route, method) in routes(&document) {
        let about = if route.contains('{') || by_place(method, &route) { &mut targets[..] } else { &mut targets[..1] };
        let several = about.len() > 1;
        for target in about {
            let mut line = format!("{} {route} | {} |", method.to_uppercase(), if several { target.name } else { "-" });
            for person in &people {
                let body = match body(&route, method, target) {
                    Ok(body) => body,
                    Err(route) => {
                        unknown.push(route);
                        continue;
                    }
                };
                prepare(&region, target, method, &route).await;
                let path = filled(&route, target) + if route == "/api/search" { "?q=text" } else { "" };
                let answer = person.send(method.to_uppercase().parse::<Method>().expect("a method"), &path, body).await;
                let _ = write!(line, " {}", answer.status);
                if answer.status == 404 && route.contains("{id}") && shown(&answer) != nothing {
                    told.push(format!("{method} {route} | {}: {:?}", target.name, shown(&answer)));
                }
                if answer.status < 300 {
                    mend(&region, target, method, &route).await;
                }
            }
            lines.insert(line);
        }
    }
    for frame in egida::frame_types() {
        for target in &targets {
            let mut line = format!("FRAME {frame} | {} |", target.name);
            for person in &people {
                match sent(&region, person, frame, target).await {
                    Some(outcome) => {
                        let _ = write!(line, " {outcome}");
                    }
                    None => unknown.push(format!("frame {frame}")),
                }
            }
            lines.insert(line);
        }
    }
    assert!(unknown.is_empty(), "routes or frames without a row: {unknown:?}");
    assert!(told.is_empty(), "answers that tell something hidden from something absent: {told:#?}");
    let mut table = format!("# Status, or what a frame came to, by actor: {}\n", ACTORS.join(", "));
    for line in lines {
        let _ = writeln!(table, "{line}");
    }
    // The snapshot stands beside the other promises of the server.
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract/access-matrix.txt");
    if WRITE.iter().any(|name| std::env::var_os(name).is_some()) {
        std::fs::write(&file, &table).expect("a writable snapshot");
    }
    let then = std::fs::read_to_string(&file).unwrap_or_default();
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (then.lines().collect(), table.lines().collect());
    let gone: Vec<_> = old.difference(&new).collect();
    let come: Vec<_> = new.difference(&old).collect();
    assert!(
        gone.is_empty() && come.is_empty(),
        "the table says\n{gone:#?}\nthe server says\n{come:#?}\n(UPDATE_SNAPSHOTS=1 writes it)"
    );
    assert!(items(&people[3].get("/api/channels").await.is(200)).len() > 20, "nobody was signed out by asking");
}

#[tokio::test]
async fn the_running_server_shows_its_contract() {
    let region = Region::shared();
    let shown = region.anonymous().get("/api/openapi.json").await.is(200);
    let written = std::thread::spawn(egida::openapi_json).join().expect("the contract");
    assert_eq!(shown, serde_json::from_str::<Value>(&written).expect("JSON"));
}
