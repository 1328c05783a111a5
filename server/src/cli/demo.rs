//! `egida demo`: a made-up region, so that every screen has something real to show. Nobody in it exists.

mod agenda;
mod campaigns;
mod cards;
mod cases;
mod directory;
mod exercises;
mod glossary;
mod library;
mod referrals;
#[expect(clippy::similar_names, reason = "who asks and who is asked are called so")]
mod requests;
mod studies;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::ExitCode;

use rust_embed::RustEmbed;
use serde::Deserialize;
use uuid::Uuid;

use super::{FILLING, FactorKey, Failure, WHOLE, check_password, note_made, open_empty, say};
use crate::access::handling::Labels;
use crate::access::{self, ChannelKind, SecondFactor};
use crate::base::clock::{Clock, DAY, HOUR, MINUTE};
use crate::base::db::{self, Tx};
use crate::base::ids;
use crate::base::limits;
use crate::channels::changes::{self, Change, Kind};
use crate::channels::{self, NewChannel, topics};
use crate::context::Ctx;
use crate::identity::{self, NewAccount};
use crate::messages::{self, Imported, Reaction};
use crate::vocabulary::Words;
use crate::{search, vetting};

const DOMAIN: &str = "demo.egida.example";
/// Messages younger than this are unread, so that the demo opens as a working day does.
const UNREAD_SINCE: i64 = 40 * HOUR;
/// How long powers are awake without a second factor, so that the region can be tried out at once.
const GRACE: i64 = 14 * DAY;

/// The region was founded this long before it is made.
const BEGAN: i64 = 80 * DAY;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/demo"]
struct Texts;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The password of everybody in it.
    #[arg(long, default_value = "egida demo region")]
    password: String,
    /// Prints who can sign in as JSON.
    #[arg(long)]
    json: bool,
    /// Lets powers sleep without a second factor from the start, and prints a secret for an authenticator app for
    /// everybody who holds one. Otherwise they have two weeks.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    key: FactorKey,
}

#[derive(Clone, Deserialize)]
struct Person {
    handle: String,
    name: String,
    country: Option<String>,
    function: String,
    organisation: String,
    language: String,
    grants: Vec<Grant>,
    /// The handle of who invited this person.
    #[serde(default)]
    sponsor: Option<String>,
    #[serde(default)]
    accreditation: Accreditation,
}

/// How far it is known who somebody is, so that every state has somebody to show it.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Accreditation {
    #[default]
    Fresh,
    Pending,
    Expiring,
    Expired,
}

impl Accreditation {
    fn until(self, now: i64) -> Option<i64> {
        match self {
            Self::Fresh => Some(now - BEGAN + limits::Accreditation::default().lasts()),
            Self::Pending => None,
            Self::Expiring => Some(now + 12 * DAY),
            Self::Expired => Some(now - 3 * DAY),
        }
    }
}

#[derive(Clone, Deserialize)]
struct Grant {
    role: String,
    scope: String,
}

#[derive(Deserialize)]
struct ExtraChannel {
    key: String,
    kind: String,
    country: Option<String>,
    theme: Option<String>,
    name: Option<Words>,
    description: Option<Words>,
    members: Vec<String>,
}

#[derive(Deserialize)]
struct Conversation {
    channel: String,
    topics: Vec<Topic>,
}

#[derive(Deserialize)]
struct Topic {
    title: String,
    #[serde(default)]
    countries: Vec<String>,
    #[serde(default)]
    themes: Vec<String>,
    #[serde(default)]
    resolved: bool,
    messages: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    by: String,
    days_ago: i64,
    at: String,
    body: String,
    marking: Option<String>,
    #[serde(default)]
    labels: Labels,
    reply_to: Option<usize>,
    edit: Option<String>,
    #[serde(default)]
    reactions: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pinned: bool,
    #[serde(default)]
    deleted: bool,
}

/// A message on its way in, with what its topic needs afterwards.
struct Placed {
    channel: Uuid,
    message: Imported,
}

type People = HashMap<String, (Uuid, String)>;

pub(super) async fn run(folder: &Path, args: Args) -> Result<ExitCode, Failure> {
    let people: Vec<Person> = read("people.json")?;
    for person in &people {
        check_password(&args.password, &format!("{}@{DOMAIN}", person.handle), &person.name)?;
    }
    let ctx = open_empty(folder, args.key.seal(folder)).await?;
    note_made(&ctx, FILLING).await?;
    search::renew(&ctx.db).await?;
    let hash =
        identity::Hasher::new().hash(args.password.clone()).await.map_err(|_| Failure::new("password: could not be hashed"))?;
    let known = populate(&ctx, people.clone(), hash).await?;
    directory::fill(&ctx, &known).await?;
    glossary::fill(&ctx, &known).await?;
    let practices = library::fill(&ctx, &known).await?;
    campaigns::fill(&ctx, &people, &known, &practices).await?;
    agenda::fill(&ctx, &known).await?;
    studies::fill(&ctx, &known).await?;
    cards::fill(&ctx, &known).await?;
    fill(&ctx, &people, &known).await?;
    let exercise = exercises::fill(&ctx, &known).await?;
    let rooms = cases::fill(&ctx, &known, &args.password).await?;
    referrals::fill(&ctx, &known, &args.password, &rooms).await?;
    requests::fill(&ctx, &people, &known, exercise).await?;
    let secrets = if args.strict { give_apps(&ctx, &people, &known).await? } else { HashMap::new() };
    ask_for_second_factor(&ctx, args.strict).await?;
    search::optimise(&ctx.db).await?;
    note_made(&ctx, WHOLE).await?;
    ctx.db.close().await;
    report(&people, &args, &secrets);
    Ok(ExitCode::SUCCESS)
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> Result<T, Failure> {
    let file = Texts::get(name).ok_or_else(|| Failure::new(format!("the demo's {name} is missing")))?;
    serde_json::from_slice(&file.data).map_err(|error| Failure::new(format!("the demo's {name}: {error}")))
}

/// Creates the channels and the people.
async fn populate(ctx: &Ctx, people: Vec<Person>, hash: String) -> Result<People, Failure> {
    let now = ctx.now();
    let began = now - BEGAN;
    let ids: HashMap<String, Uuid> = people.iter().map(|person| (person.handle.clone(), ctx.id())).collect();
    let accounts: Vec<_> = people
        .into_iter()
        .map(|person| {
            let account = NewAccount {
                id: ids[&person.handle],
                email: format!("{}@{DOMAIN}", person.handle),
                name: person.name.clone(),
                country: person.country.clone(),
                function: Some(person.function.clone()),
                organisation: Some(person.organisation.clone()),
                language: if person.language == "fr" { "fr".into() } else { "en".into() },
                password_hash: hash.clone(),
                sponsor: person.sponsor.as_ref().and_then(|handle| ids.get(handle)).copied(),
                accredited_until: person.accreditation.until(now),
                created_at: began,
            };
            (person, account)
        })
        .collect();
    let known = accounts.iter().map(|(person, account)| (person.handle.clone(), (account.id, person.name.clone()))).collect();
    let inner = ctx.clone();
    let made: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            channels::found_region(tx, &inner).await?;
            for (person, account) in &accounts {
                identity::create_account(tx, account).await?;
                for grant in &person.grants {
                    if let (Ok(role), Ok(scope)) = (grant.role.parse(), grant.scope.parse()) {
                        identity::grant(tx, &inner, account.id, role, &scope, None).await?;
                    }
                }
                channels::welcome_newcomer(tx, &inner, account.id).await?;
                if let Some(until) = account.accredited_until {
                    vetting::accredited_by_operator(tx, &inner, account.id, until).await?;
                    channels::welcome(tx, &inner, account.id, account.country.as_deref()).await?;
                }
            }
            Ok(())
        })
        .await;
    made?;
    Ok(known)
}

/// Sets up an authenticator app for everybody who holds a power: their secrets, by handle.
async fn give_apps(ctx: &Ctx, people: &[Person], known: &People) -> Result<HashMap<String, String>, Failure> {
    let mut secrets = HashMap::new();
    for person in people.iter().filter(|person| !person.grants.is_empty()) {
        let Some((account, _)) = known.get(&person.handle) else { continue };
        let secret = identity::give_app(ctx, *account).await.map_err(Failure::new)?;
        secrets.insert(person.handle.clone(), secret);
    }
    Ok(secrets)
}

async fn ask_for_second_factor(ctx: &Ctx, strict: bool) -> Result<(), Failure> {
    let rule = if strict { SecondFactor::Required } else { SecondFactor::Grace(ctx.now() + GRACE) };
    let kept: db::Result<()> = ctx.db.write(async move |tx| access::ask_for_second_factor(tx, rule).await).await;
    Ok(kept?)
}

/// Creates the extra channels, lets people join where they speak, and lets them speak.
async fn fill(ctx: &Ctx, people: &[Person], known: &People) -> Result<(), Failure> {
    let conversations: Vec<Conversation> =
        Texts::iter().filter(|name| name.starts_with("conversations/")).map(|name| read(&name)).collect::<Result<_, _>>()?;
    let extra: HashMap<String, Uuid> = open_extra(ctx, known).await?;
    let mut placed = Vec::new();
    let mut tags = Vec::new();
    for conversation in conversations {
        let channel = locate(ctx, &conversation.channel, &extra).await?;
        join(ctx, channel, &conversation, people, known).await?;
        for topic in conversation.topics {
            place(ctx, channel, &topic, known, &mut placed)?;
            tags.push((channel, topic));
        }
    }
    placed.sort_by_key(|placed| placed.message.posted_at);
    let inner = ctx.clone();
    let now = ctx.now();
    let spoken: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            for Placed { channel, message } in &placed {
                let Some(facts) = inner.standing.channel(*channel).await? else { continue };
                messages::import(tx, &inner, &facts, message).await?;
            }
            for (channel, topic) in &tags {
                label(tx, &inner, *channel, topic).await?;
            }
            channels::read_until(tx, now - UNREAD_SINCE).await
        })
        .await;
    Ok(spoken?)
}

async fn open_extra(ctx: &Ctx, known: &People) -> Result<HashMap<String, Uuid>, Failure> {
    let extra: Vec<ExtraChannel> = read("channels.json")?;
    let mut opened = HashMap::new();
    for channel in extra {
        let kind: ChannelKind =
            channel.kind.parse().map_err(|()| Failure::new(format!("the demo's {}: unknown kind", channel.key)))?;
        let members: Vec<Uuid> = channel.members.iter().filter_map(|handle| Some(known.get(handle)?.0)).collect();
        let purpose = match (kind, &channel.country, &channel.theme) {
            (ChannelKind::Direct, ..) => "direct",
            (_, Some(_), Some(_)) => "cell",
            _ => "group",
        };
        let slug = (purpose == "cell").then(|| channel.key.trim_start_matches("cell-").to_owned());
        let new = NewChannel {
            id: ctx.id(),
            kind,
            purpose,
            slug,
            name: channel.name,
            description: channel.description,
            country: channel.country,
            theme: channel.theme,
            marking: if kind == ChannelKind::Closed { "amber".into() } else { "green".into() },
            ceiling: None,
            grading: false,
            retention_days: None,
            exercise: None,
            listed: kind == ChannelKind::Open,
            general: ctx.id(),
            direct_key: (kind == ChannelKind::Direct).then(|| channels::direct_key(&members)),
            created_at: ctx.now() - 79 * DAY,
            created_by: members.first().copied(),
        };
        opened.insert(channel.key, new.id);
        let inner = ctx.clone();
        let made: db::Result<bool> = ctx.db.write(async move |tx| channels::create(tx, &inner, &new, &members).await).await;
        made?;
    }
    Ok(opened)
}

async fn locate(ctx: &Ctx, name: &str, extra: &HashMap<String, Uuid>) -> Result<Uuid, Failure> {
    if let Some(id) = extra.get(name) {
        return Ok(*id);
    }
    let slug = name.split_once(':').map_or(name, |(_, slug)| slug).to_lowercase();
    let found = channels::by_slug(&mut ctx.db.read().await?, &slug).await?;
    found.ok_or_else(|| Failure::new(format!("the demo's channel {name} doesn't exist")))
}

/// Everybody who speaks in a channel, or reacts, belongs to it; those whom the journeys use belong to every open theme.
async fn join(ctx: &Ctx, channel: Uuid, conversation: &Conversation, people: &[Person], known: &People) -> Result<(), Failure> {
    let Some(facts) = ctx.standing.channel(channel).await? else { return Ok(()) };
    let mut handles: Vec<&str> = conversation
        .topics
        .iter()
        .flat_map(|topic| &topic.messages)
        .flat_map(|line| std::iter::once(&line.by).chain(line.reactions.values().flatten()))
        .map(String::as_str)
        .collect();
    if facts.kind == ChannelKind::Open && facts.theme.is_some() && facts.country.is_none() {
        handles.extend(
            people
                .iter()
                .map(|person| person.handle.as_str())
                .filter(|handle| handle.starts_with("member.") || handle.starts_with("moderator.")),
        );
    }
    let accounts: Vec<Uuid> = handles.into_iter().filter_map(|handle| Some(known.get(handle)?.0)).collect();
    let inner = ctx.clone();
    let joined: db::Result<()> = ctx
        .db
        .write(async move |tx| {
            for account in &accounts {
                channels::join(tx, &inner, channel, *account).await?;
            }
            Ok(())
        })
        .await;
    Ok(joined?)
}

fn place(ctx: &Ctx, channel: Uuid, topic: &Topic, known: &People, placed: &mut Vec<Placed>) -> Result<(), Failure> {
    let now = ctx.now();
    let mut ids: Vec<Uuid> = Vec::new();
    let mut last = 0;
    for line in &topic.messages {
        let author = known.get(&line.by).ok_or_else(|| Failure::new(format!("the demo's {} is nobody", line.by)))?.0;
        let (hours, minutes) =
            line.at.split_once(':').and_then(|(h, m)| Some((h.parse::<i64>().ok()?, m.parse::<i64>().ok()?))).unwrap_or((9, 0));
        let midnight = now - now.rem_euclid(DAY);
        let said = midnight - line.days_ago * DAY + hours * HOUR + minutes * MINUTE;
        // Nothing is said in the future, and nothing before what it answers.
        let posted_at = said.min(now - 2 * MINUTE).max(last + MINUTE);
        last = posted_at;
        let id = ids::make(Clock::Fixed(posted_at));
        ids.push(id);
        let reactions = line.reactions.iter().map(|(emoji, handles)| Reaction {
            emoji: emoji.clone(),
            accounts: handles.iter().filter_map(|handle| Some(known.get(handle)?.0)).collect(),
        });
        placed.push(Placed {
            channel,
            message: Imported {
                id,
                author,
                topic: (topic.title != "General").then(|| topic.title.clone()),
                body: with_mentions(&line.body, known),
                marking: line.marking.clone(),
                labels: line.labels.clone(),
                edited_from: line.edit.as_deref().map(|text| with_mentions(text, known)),
                quote: line.reply_to.and_then(|at| ids.get(at).copied()),
                reactions: reactions.collect(),
                pinned: line.pinned,
                deleted: line.deleted,
                posted_at,
            },
        });
    }
    Ok(())
}

/// `@[handle]` as the server's own way to call somebody.
fn with_mentions(body: &str, known: &People) -> String {
    let mut body = body.to_owned();
    for (handle, (id, name)) in known {
        body = body.replace(&format!("@[{handle}]"), &format!("@[{name}](person:{id})"));
    }
    body
}

async fn label(tx: &mut Tx, ctx: &Ctx, channel: Uuid, topic: &Topic) -> db::Result<()> {
    let title = topics::title(&topic.title).unwrap_or_default();
    let Some(id) = topics::by_title(tx, channel, &title).await? else { return Ok(()) };
    for (kind, values) in [("country", &topic.countries), ("theme", &topic.themes)] {
        if !values.is_empty() {
            let seq = note(tx, channel, id).await?;
            topics::tag(tx, id, kind, values, seq).await?;
        }
    }
    if topic.resolved {
        let by = topics::topic(tx, id).await?.and_then(|row| row.created_by);
        if let Some(by) = by {
            let seq = note(tx, channel, id).await?;
            topics::resolve(tx, id, Some(ctx.now() - DAY), by, seq).await?;
        }
    }
    Ok(())
}

/// Takes the next number of a topic's channel.
async fn note(tx: &mut Tx, channel: Uuid, topic: Uuid) -> db::Result<i64> {
    let row = topics::topic(tx, topic).await?.ok_or(db::Error::Malformed("topic"))?;
    let digest = topics::digest(tx, &row, None).await?;
    changes::note(tx, channel, &Change { kind: Kind::Topic, id: topic, digest: &digest }).await
}

fn report(people: &[Person], args: &Args, secrets: &HashMap<String, String>) {
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            let grant = person.grants.first();
            serde_json::json!({
                "email": format!("{}@{DOMAIN}", person.handle), "name": person.name, "country": person.country,
                "role": grant.map_or("member", |grant| grant.role.as_str()), "scope": grant.map(|grant| grant.scope.as_str()),
                "password": args.password, "authenticator": secrets.get(&person.handle),
            })
        })
        .collect();
    if args.json {
        say(&serde_json::json!({"password": args.password, "accounts": rows}).to_string());
        return;
    }
    say(&format!("A made-up region is ready. Everybody's password is: {}\n", args.password));
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap_or("").to_owned();
        let line = format!(
            "{:<42} {:<14} {:<34} {:<32} {}",
            text("email"),
            text("role"),
            text("scope"),
            text("name"),
            text("authenticator")
        );
        say(line.trim_end());
    }
}
