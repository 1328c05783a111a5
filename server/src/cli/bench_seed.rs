//! `egida bench-seed`: a region of a million believable messages, for the benchmark alone.

mod campaigns;
mod cards;
mod directory;
mod library;

use std::path::Path;
use std::process::ExitCode;

use uuid::Uuid;

use super::{Failure, open_empty, say};
use crate::access::ChannelKind;
use crate::access::handling::Labels;
use crate::base::clock::{Clock, DAY, SECOND};
use crate::base::seal::Seal;
use crate::base::{db, ids};
use crate::channels::{self, NewChannel};
use crate::context::Ctx;
use crate::identity::{self, NewAccount};
use crate::messages::{self, Imported};
use crate::search;
use crate::vocabulary::Words;

/// Messages stored in one transaction.
const BATCH: usize = 2_000;
/// Campaigns stored in one transaction.
const CAMPAIGNS_AT_ONCE: usize = 250;
/// Words of a message.
const WORDS: usize = 14;
/// Topics a channel's messages are spread over.
const TOPICS: u64 = 12;
/// Syllables of the made-up vocabulary, so that words are rare and common as in a language.
const SYLLABLES: [&str; 24] = [
    "pro", "tek", "cija", "ne", "re", "fer", "al", "de", "ca", "mi", "gra", "ti", "on", "sta", "ra", "telj", "za", "po", "vi",
    "na", "lo", "ga", "ter", "um",
];

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Accounts with a token.
    #[arg(long, default_value_t = 200)]
    accounts: usize,
    /// Channels beside those of the region, all accounts being members of each.
    #[arg(long, default_value_t = 0)]
    rooms: usize,
    /// Messages in all.
    #[arg(long, default_value_t = 1_000_000)]
    messages: usize,
    /// Practices in the library.
    #[arg(long, default_value_t = 0)]
    practices: usize,
    /// Campaigns.
    #[arg(long, default_value_t = 0)]
    campaigns: usize,
    /// File cards.
    #[arg(long, default_value_t = 0)]
    cards: usize,
    /// Prints JSON (the only form there is).
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(folder: &Path, args: &Args) -> Result<ExitCode, Failure> {
    let ctx = open_empty(folder, Seal::beside(folder)).await?;
    search::renew(&ctx.db).await?;
    let (bench, others, accounts, tokens) = found(&ctx, args.accounts, args.rooms).await?;
    let mut dice = Dice(0x5eed);
    let began = ctx.now() - 300 * DAY;
    let mut stored = 0;
    while stored < args.messages {
        let count = BATCH.min(args.messages - stored);
        let batch: Vec<_> = (0..count)
            .map(|n| {
                let at = began + i64::try_from(stored + n).unwrap_or(0) * SECOND;
                let channel = others[dice.below(others.len())];
                (channel, invent(&mut dice, &accounts, at))
            })
            .collect();
        let inner = ctx.clone();
        let done: db::Result<()> = ctx
            .db
            .write(async move |tx| {
                for (channel, message) in &batch {
                    let Some(facts) = inner.standing.channel(*channel).await? else { continue };
                    messages::import(tx, &inner, &facts, message).await?;
                }
                Ok(())
            })
            .await;
        done?;
        stored += count;
    }
    practise(&ctx, &accounts, args.practices).await?;
    plan(&ctx, &accounts, args.campaigns).await?;
    open_files(&ctx, &accounts, args.cards).await?;
    search::optimise(&ctx.db).await?;
    ctx.db.close().await;
    // From nearly everywhere to hardly anywhere.
    let words: Vec<_> = [3, 40, 150, 400, 900, 2_000].iter().map(|rank| word(*rank)).collect();
    say(&serde_json::json!({"channel": bench, "tokens": tokens, "search_words": words}).to_string());
    let _ = args.json;
    Ok(ExitCode::SUCCESS)
}

/// Those who make something, each with the organisation it belongs to.
async fn owners(ctx: &Ctx, accounts: &[Uuid]) -> Result<Vec<(Uuid, Option<Uuid>)>, Failure> {
    let mut owners = Vec::with_capacity(accounts.len());
    for account in accounts {
        owners.push((*account, ctx.standing.actor(*account).await?.and_then(|actor| actor.organisation)));
    }
    Ok(owners)
}

/// Fills the library.
async fn practise(ctx: &Ctx, accounts: &[Uuid], practices: usize) -> Result<(), Failure> {
    let people = owners(ctx, accounts).await?;
    for from in (0..practices).step_by(BATCH) {
        let (inner, people, count) = (ctx.clone(), people.clone(), BATCH.min(practices - from));
        let done: db::Result<()> = ctx
            .db
            .write(async move |tx| {
                let mut dice = Dice(0x11b + u64::try_from(from).unwrap_or(0));
                library::fill(tx, &inner, &people, &mut dice, from, count).await
            })
            .await;
        done?;
    }
    Ok(())
}

/// Plans campaigns, some hundred in one transaction.
async fn plan(ctx: &Ctx, accounts: &[Uuid], campaigns: usize) -> Result<(), Failure> {
    let owners = owners(ctx, accounts).await?;
    for first in (0..campaigns).step_by(CAMPAIGNS_AT_ONCE) {
        let (inner, owners) = (ctx.clone(), owners.clone());
        let range = first..campaigns.min(first + CAMPAIGNS_AT_ONCE);
        let done: db::Result<()> = ctx.db.write(async move |tx| campaigns::fill(tx, &inner, &owners, range.clone()).await).await;
        done?;
    }
    Ok(())
}

/// Makes file cards.
async fn open_files(ctx: &Ctx, accounts: &[Uuid], cards: usize) -> Result<(), Failure> {
    let owners: Vec<(Uuid, Uuid)> =
        owners(ctx, accounts).await?.into_iter().filter_map(|(account, organisation)| Some((account, organisation?))).collect();
    for first in (0..cards).step_by(BATCH) {
        let (inner, owners) = (ctx.clone(), owners.clone());
        let range = first..cards.min(first + BATCH);
        let done: db::Result<()> = ctx.db.write(async move |tx| cards::fill(tx, &inner, &owners, range.clone()).await).await;
        done?;
    }
    Ok(())
}

type Founded = (Uuid, Vec<Uuid>, Vec<Uuid>, Vec<String>);

async fn found(ctx: &Ctx, accounts: usize, rooms: usize) -> Result<Founded, Failure> {
    let inner = ctx.clone();
    let made: db::Result<Founded> = ctx
        .db
        .write(async move |tx| {
            channels::found_region(tx, &inner).await?;
            let bench = room(&inner, "bench".into());
            channels::create(tx, &inner, &bench, &[]).await?;
            let rooms: Vec<_> = (0..rooms).map(|n| room(&inner, format!("room-{n}"))).collect();
            for room in &rooms {
                channels::create(tx, &inner, room, &[]).await?;
            }
            let mut ids = Vec::with_capacity(accounts);
            let mut tokens = Vec::with_capacity(accounts);
            for n in 0..accounts {
                let account = NewAccount {
                    id: inner.id(),
                    email: format!("bench.{n}@demo.egida.example"),
                    name: format!("Bench {n}"),
                    country: directory::country(n),
                    function: Some("SOCIAL-WORKER".into()),
                    organisation: Some(directory::organisation(n)),
                    language: "en".into(),
                    // Nobody signs in by password here.
                    password_hash: String::new(),
                    sponsor: None,
                    accredited_until: Some(inner.now() + inner.limits.accreditation.lasts()),
                    created_at: inner.now(),
                };
                identity::create_account(tx, &account).await?;
                for room in rooms.iter().chain([&bench]) {
                    channels::join(tx, &inner, room.id, account.id).await?;
                }
                channels::welcome(tx, &inner, account.id, None).await?;
                tokens.push(identity::create_token(tx, &inner, account.id, "bench").await?);
                ids.push(account.id);
            }
            directory::fill(tx, &inner, &ids).await?;
            let mut others = channels::region_ids(tx).await?;
            others.extend(rooms.iter().map(|room| room.id));
            Ok((bench.id, others, ids, tokens))
        })
        .await;
    Ok(made?)
}

fn room(ctx: &Ctx, slug: String) -> NewChannel {
    NewChannel {
        id: ctx.id(),
        kind: ChannelKind::Open,
        purpose: "group",
        name: Some(Words::new(slug.clone(), slug.clone())),
        slug: Some(slug),
        description: None,
        country: None,
        theme: None,
        marking: "green".into(),
        ceiling: None,
        grading: false,
        retention_days: None,
        exercise: None,
        listed: true,
        general: ctx.id(),
        direct_key: None,
        created_at: ctx.now(),
        created_by: None,
    }
}

fn invent(dice: &mut Dice, accounts: &[Uuid], at: i64) -> Imported {
    // Few words are common and many are rare (Zipf): the product of two throws leans to the small ranks.
    let body: Vec<_> = (0..WORDS).map(|_| word(dice.below(100) * dice.below(100))).collect();
    let topic = dice.next() % TOPICS;
    Imported {
        id: ids::make(Clock::Fixed(at)),
        author: accounts[dice.below(accounts.len())],
        topic: (topic > 0).then(|| format!("Topic {topic}")),
        body: body.join(" "),
        marking: None,
        labels: Labels::default(),
        edited_from: None,
        quote: None,
        reactions: Vec::new(),
        pinned: false,
        deleted: false,
        posted_at: at,
    }
}

/// The made-up word of a rank.
fn word(rank: usize) -> String {
    let mut rank = rank + SYLLABLES.len();
    let mut word = String::new();
    while rank > 0 {
        word.push_str(SYLLABLES[rank % SYLLABLES.len()]);
        rank /= SYLLABLES.len();
    }
    word
}

/// The same throws in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }
}
