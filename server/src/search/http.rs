//! The search route.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use egida_text::Language;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::excerpt::{Piece, excerpt};
use super::facets::{self, Facets};
use super::items;
use super::lexicon::{Lexicon, Shelf};
use super::look::{self, Place};
use super::meaning::{self, Meaning};
use super::plan::{Also, Plan};
use super::query::Query;
use super::rank::Ranked;
use super::reach::{self, Asker};
use super::spelling::{self, Spelling};
use super::store::{self, Hit, Passing, Span, Within};
use super::unclear::Unclear;
use super::{numbered, rank};
use crate::access::Channel;
use crate::access::handling::{Code, Labels, RED};
use crate::base::budget::{self, Budgets, Spent};
use crate::base::clock::rfc3339;
use crate::base::db::Conn;
use crate::base::http::{Cursor, Json, Params, Problem};
use crate::base::{guard, text};
use crate::channels;
use crate::context::Ctx;
use crate::findable::{Kind, Sought, Source, Stock, Thing};
use crate::glossary::Glossary;
use crate::identity::Caller;
use crate::vocabulary::{Words, strictest};

/// Searches a person may ask for at once before the lasting rate counts: typing gives several.
const BURST: u32 = 10;
/// Things shown beside the messages, and where a query asks for their kind.
const THINGS: usize = 6;
const OF_EACH: usize = 2;
const THINGS_MAX: usize = 50;
/// The newest messages from which spellings are learned.
const LEARNED_FROM: i64 = 1_000;

#[derive(Clone)]
struct Desk {
    ctx: Ctx,
    by_person: Arc<Budgets<Uuid>>,
    lexicon: Arc<Shelf>,
    meaning: Option<Meaning>,
    sources: Arc<[Arc<dyn Source>]>,
    stocks: Arc<[Arc<dyn Stock>]>,
}

impl FromRef<Desk> for Ctx {
    fn from_ref(desk: &Desk) -> Self {
        desk.ctx.clone()
    }
}

/// What there is besides messages.
#[derive(Default)]
pub struct Beside {
    /// Who looks for it themselves.
    pub sources: Vec<Arc<dyn Source>>,
    /// Whose things stand in the index of items.
    pub stocks: Vec<Arc<dyn Stock>>,
}

/// The routes of this slice. By `meaning` messages are found where there is one.
pub fn router(ctx: Ctx, glossary: &Glossary, beside: Beside, meaning: Option<&Meaning>) -> OpenApiRouter {
    let (meaning, state) = (meaning.cloned(), meaning::router(ctx.clone(), meaning.cloned()));
    let by_person = Arc::new(Budgets::new(budget::per_second(ctx.limits.searches_per_second, BURST)));
    let lexicon = Arc::new(Shelf::new(glossary.clone()));
    let (sources, stocks) = (beside.sources.into(), beside.stocks.into());
    let desk = Desk { ctx, by_person, lexicon, meaning, sources, stocks };
    OpenApiRouter::new().routes(routes!(search)).with_state(desk).merge(state)
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wish {
    /// Words, "phrases", -exclusions, and operators whose value may stand in quotation marks: `in:` a channel's slug,
    /// name or id; `from:` an account's id, `me`, or the beginning of a name (which may fit 50 people at most);
    /// `before:` and `after:` a day; `country:`, `theme:`; `lang:` a language of the region; `marking:`; `has:` link, mention
    /// or quote; `is:` resolved, unresolved or pinned; `kind:` message, topic, person, organisation, country,
    /// term, practice, study, campaign, event or file.
    /// Exclusions need something beside them. Words are found in all their forms, and whichever alphabet they are typed in.
    q: String,
    /// `newest` first (when not named) or by `relevance`, among the newest few hundred.
    #[param(required = false, inline)]
    sort: Option<Sort>,
    /// Whether what the glossary knows is also looked for as other languages say it (it is, when not named).
    #[param(required = false)]
    across: Option<bool>,
    /// Whether to count what there is of each kind (first page only; not when not named).
    #[param(required = false)]
    facets: Option<bool>,
    /// The `next` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
    /// Rows at most (1 to 100; 20 when not named).
    #[param(required = false)]
    limit: Option<i64>,
}

impl Wish {
    /// Whether to count what there is of each kind.
    fn counts(&self) -> bool {
        self.cursor.is_none() && self.facets.unwrap_or(false)
    }
}

/// What comes first.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Sort {
    #[default]
    Newest,
    Relevance,
}

/// A page of what was found.
#[derive(Default, Serialize, ToSchema)]
struct Answer {
    items: Vec<Found>,
    next: Option<String>,
    /// What is found beside the messages, on the first page: a few of them, or more where the query asks for their kind.
    things: Vec<Thing>,
    /// What was looked for besides, on the first page.
    also: Vec<Also>,
    /// What there is of each kind, on the first page, if asked for.
    facets: Option<Facets>,
    /// Where nothing was found: words that would find something.
    spellings: Vec<Spelling>,
    /// The index is being made anew: messages of long ago may be missing.
    renewing: bool,
}

/// A message that was found.
#[derive(Serialize, ToSchema)]
struct Found {
    message: FoundMessage,
    /// Null for a direct channel.
    channel_name: Option<Words>,
    topic_title: String,
    excerpt: Vec<Piece>,
}

/// Where it is and who said it.
#[derive(Serialize, ToSchema)]
struct FoundMessage {
    id: Uuid,
    channel: Uuid,
    topic: Uuid,
    seq: i64,
    author: Uuid,
    author_name: String,
    posted_at: String,
    marking: String,
    /// Whether nothing of what it says is shown here: it is RED, or has an H3.
    withheld: bool,
    /// What is hard to read in it; the excerpt says this, and nothing of the message.
    warning: Option<String>,
    /// The language it is in, where that is known; `bcms` for Bosnian, Croatian, Montenegrin and Serbian.
    language: Option<&'static str>,
}

/// Searches what the reader may open.
///
/// A page may be empty and still have a `next`: the search goes on there.
#[utoipa::path(get, path = "/api/search", tag = "search", params(Wish),
    responses((status = 200, body = Answer), (status = 400), (status = 401), (status = 422), (status = 429)))]
async fn search(State(desk): State<Desk>, caller: Caller, Params(wish): Params<Wish>) -> Result<Json<Answer>, Problem> {
    desk.by_person.take(&caller.account()).map_err(|Spent| Problem::too_many(1))?;
    guard::refuse(&wish.q, desk.ctx.now())?;
    let query = Query::parse(&wish.q).map_err(bad_query)?;
    super::catch_up(&desk.ctx.db).await?;
    Search::new(&desk, &caller, &query, &wish).await?.answer(&wish).await.map(Json)
}

/// A search under way.
struct Search<'a> {
    desk: &'a Desk,
    caller: &'a Caller,
    query: &'a Query,
    /// What the reader may read.
    readable: Vec<Arc<Channel>>,
    /// The language of the reader's screen.
    screen: String,
    /// What the reader reads, best first.
    languages: Vec<Language>,
    lexicon: Arc<Lexicon>,
    plan: Plan,
    /// The same where it is not asked of channels.
    everywhere: Plan,
    also: Vec<Also>,
    /// `None` where nothing may be looked into.
    within: Option<Within>,
    /// Which messages the index holds.
    span: Span,
}

impl<'a> Search<'a> {
    async fn new(desk: &'a Desk, caller: &'a Caller, query: &'a Query, wish: &Wish) -> Result<Self, Problem> {
        let ctx = &desk.ctx;
        let readable = channels::searchable(ctx, &caller.actor).await?;
        let mut conn = ctx.db.read().await?;
        let reader = store::reader(&mut conn, caller.account()).await?;
        let languages = reader.languages();
        let lexicon = desk.lexicon.now();
        let across = wish.across.unwrap_or(true).then_some(&*lexicon);
        let (mut plan, also) = Plan::new(query, &languages, across);
        let everywhere = plan.clone();
        let span = store::span(&mut conn).await?;
        let asker = Asker { actor: &caller.actor, unseals: !caller.by_token, readable: &readable };
        let within = reach::within(ctx, &mut conn, asker, query, &mut plan, span).await?.map_err(bad_query)?;
        plan.look_abroad(&mut conn).await?;
        let screen = reader.screen;
        Ok(Self { desk, caller, query, readable, screen, languages, lexicon, plan, everywhere, also, within, span })
    }

    async fn answer(mut self, wish: &Wish) -> Result<Answer, Problem> {
        let paging = Cursor { cursor: wish.cursor.clone(), limit: wish.limit.or(Some(20)) };
        let limit = usize::try_from(paging.limit()?).unwrap_or(0);
        let first = wish.cursor.is_none();
        let mut answer = match wish.sort.unwrap_or_default() {
            Sort::Newest => self.newest(&paging, limit, wish).await?,
            Sort::Relevance => self.best(&paging, limit, wish).await?,
        };
        if first {
            answer.things = self.things(wish).await?;
            answer.facets = answer.facets.map(|facets| facets.with(&answer.things));
            answer.things = self.few(answer.things);
            answer.also = std::mem::take(&mut self.also);
            if answer.items.is_empty() && answer.things.is_empty() && answer.next.is_none() {
                answer.spellings = self.spellings().await?;
            }
        }
        answer.renewing = self.span.from > 0;
        Ok(answer)
    }

    async fn newest(&mut self, paging: &Cursor, limit: usize, wish: &Wish) -> Result<Answer, Problem> {
        let start = paging.position::<Place>()?.unwrap_or(Place::START);
        let Some(within) = self.messages() else { return Ok(Answer::default()) };
        let counted = if wish.counts() { facets::COUNTED } else { 0 };
        let mut conn = self.desk.ctx.db.read().await?;
        let found = look::page(&mut conn, self.query, &mut self.plan, &within, start, (limit, counted)).await?;
        let languages: HashMap<i64, i64> = found.hits.iter().map(|hit| (hit.n, hit.language)).collect();
        let ns: Vec<i64> = found.hits.iter().map(|hit| hit.n).collect();
        let mut hits = store::hits(&mut conn, &ns).await?;
        // A rung after the other, each newest first.
        hits.sort_by_key(|hit| ns.iter().position(|n| *n == hit.n));
        let facets = self.facets(&mut conn, &found.counted, found.whole, wish).await?;
        let items = hits.into_iter().map(|hit| self.found(hit, &languages)).collect();
        Ok(Answer { items, next: found.next.map(|place| place.to_string()), facets, ..Answer::default() })
    }

    async fn best(&mut self, paging: &Cursor, limit: usize, wish: &Wish) -> Result<Answer, Problem> {
        let start = paging.position::<usize>()?.unwrap_or(0);
        let Some(within) = self.messages() else { return Ok(Answer::default()) };
        let messages = self.span.reach - self.span.from;
        let mut conn = self.desk.ctx.db.read().await?;
        let meaning = self.desk.meaning.as_ref().filter(|_| wish.across.unwrap_or(true));
        let asked = async { meaning?.asked(&self.desk.ctx, self.query).await };
        let best = rank::best(&mut conn, self.query, &mut self.plan, &within, (&self.languages, messages));
        let (ranked, asked) = tokio::join!(best, asked);
        let mut ranked = ranked?;
        if let (Some(meaning), Some(vector)) = (meaning, asked) {
            meaning.add(&mut conn, vector, (self.query, &self.plan, &within), &self.languages, &mut ranked).await?;
        }
        let Ranked { hits, seen, .. } = ranked;
        let languages: HashMap<i64, i64> = seen.iter().map(|hit| (hit.n, hit.language)).collect();
        let facets = self.facets(&mut conn, &seen, seen.len() < rank::COMPARED, wish).await?;
        let next = (hits.len() > start + limit).then(|| (start + limit).to_string());
        let items = hits.into_iter().skip(start).take(limit).map(|hit| self.found(hit, &languages)).collect();
        Ok(Answer { items, next, facets, ..Answer::default() })
    }

    /// Where messages are looked for, if they are.
    fn messages(&self) -> Option<Within> {
        let wanted = self.query.kinds.is_empty() || self.query.kinds.contains(&Kind::Message);
        self.within.clone().filter(|_| wanted)
    }

    async fn facets(&self, conn: &mut Conn, seen: &[Passing], whole: bool, wish: &Wish) -> Result<Option<Facets>, Problem> {
        if !wish.counts() {
            return Ok(None);
        }
        Ok(Some(facets::count(conn, seen, (whole, self.desk.ctx.now()), &self.readable).await?))
    }

    /// How many things are shown.
    fn shown(&self) -> usize {
        if self.query.kinds.is_empty() { THINGS } else { THINGS_MAX }
    }

    /// As many as are shown, a few of each kind unless one was asked for.
    fn few(&self, things: Vec<Thing>) -> Vec<Thing> {
        let mut of: HashMap<&str, usize> = HashMap::new();
        let mut few: Vec<Thing> = Vec::new();
        for thing in things {
            let count = of.entry(thing.kind.as_str()).or_default();
            *count += 1;
            if *count <= OF_EACH || !self.query.kinds.is_empty() {
                few.push(thing);
            }
        }
        few.truncate(self.shown());
        few
    }

    /// What is found beside the messages. Whoever narrows messages down is looking for messages.
    async fn things(&self, wish: &Wish) -> Result<Vec<Thing>, Problem> {
        let wanted = &self.query.kinds;
        let limit = if wish.counts() { THINGS_MAX } else { self.shown() };
        let words: Vec<&str> = self.query.wanted.iter().flat_map(|words| words.split(' ')).collect();
        if words.is_empty() || (wanted.is_empty() && !self.query.is_plain()) {
            return Ok(Vec::new());
        }
        let sought = Sought {
            ctx: &self.desk.ctx,
            actor: &self.caller.actor,
            language: &self.screen,
            words: &words,
            channels: &self.readable,
            limit,
        };
        let mut things = self.terms(&words);
        for source in &*self.desk.sources {
            if wanted.is_empty() || source.kinds().iter().any(|kind| wanted.contains(kind)) {
                things.extend(source.find(sought).await?);
            }
        }
        things.extend(self.items(limit).await?);
        let mut of: HashMap<&str, usize> = HashMap::new();
        things.retain(|thing| {
            let count = of.entry(thing.kind.as_str()).or_default();
            *count += 1;
            *count <= limit && (wanted.is_empty() || wanted.contains(&thing.kind))
        });
        Ok(things)
    }

    /// The items that are found, of each kind the best first.
    async fn items(&self, limit: usize) -> Result<Vec<Thing>, Problem> {
        let wanted = |kind: &Kind| self.query.kinds.is_empty() || self.query.kinds.contains(kind);
        let kinds: Vec<Kind> = self.desk.stocks.iter().map(|stock| stock.kind()).filter(wanted).collect();
        let mut plan = self.everywhere.clone();
        let mut conn = self.desk.ctx.db.read().await?;
        plan.look_abroad(&mut conn).await?;
        let kinds = items::found_at_all(&mut conn, plan.clone(), &kinds).await?;
        drop(conn);
        let mut things = Vec::new();
        for stock in self.desk.stocks.iter().filter(|stock| kinds.contains(&stock.kind())) {
            let mut conn = self.desk.ctx.db.read().await?;
            // Some of them may be for others' eyes only.
            let asked = items::Asked { query: self.query, kinds: &[stock.kind()], readers: &self.languages, limit: 4 * limit };
            let found = items::found(&mut conn, plan.clone(), &asked).await?;
            drop(conn);
            let ids: Vec<Uuid> = found.into_iter().map(|(_, id)| id).collect();
            let mut shown = stock.shown(&self.desk.ctx, &self.caller.actor, &ids).await?;
            shown.sort_by_key(|thing| ids.iter().position(|id| thing.id == id.to_string()));
            shown.truncate(limit);
            things.extend(shown);
        }
        Ok(things)
    }

    /// The concepts of the glossary that are named.
    fn terms(&self, words: &[&str]) -> Vec<Thing> {
        self.lexicon.named(words).iter().filter_map(|named| named.thing(&self.screen)).collect()
    }

    async fn spellings(&self) -> Result<Vec<Spelling>, Problem> {
        let words: Vec<&str> = self.query.wanted.iter().filter(|words| !words.contains(' ')).map(String::as_str).collect();
        let mut bodies = Vec::new();
        if let Some(within) = self.within.as_ref().filter(|_| !words.is_empty()) {
            bodies = store::newest_bodies(&mut self.desk.ctx.db.read().await?, &within.places, LEARNED_FROM).await?;
        }
        let terms = self.lexicon.texts();
        Ok(spelling::spellings(&words, bodies.iter().map(String::as_str).chain(terms)))
    }

    fn found(&self, hit: Hit, languages: &HashMap<i64, i64>) -> Found {
        let marking = strictest(&hit.marking, &hit.channel_marking).to_owned();
        let labels = Labels::of(hit.labels.as_deref());
        let withheld = marking == RED || labels.has(Code::H3);
        let warning = labels.warning.filter(|_| !withheld);
        let language = languages.get(&hit.n).and_then(|number| numbered(*number));
        Found {
            excerpt: match &warning {
                _ if withheld => Vec::new(),
                Some(warning) => excerpt(warning, |_| false),
                None => excerpt(&text::plain(&hit.body), |word| self.plan.shows(word, language)),
            },
            message: FoundMessage {
                id: hit.id,
                channel: hit.channel,
                topic: hit.topic,
                seq: hit.seq,
                author: hit.author,
                author_name: hit.author_name,
                posted_at: rfc3339(hit.posted_at),
                marking,
                withheld,
                warning,
                language: language.map(Language::code).filter(|_| !withheld),
            },
            channel_name: hit.name_en.map(|en| Words { fr: hit.name_fr.unwrap_or_else(|| en.clone()), en }),
            topic_title: hit.topic_title,
        }
    }
}

/// The screen makes its sentence of the reason, the word and the example; the detail is English.
pub(super) fn bad_query(unclear: Unclear) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", "The query can't be understood")
        .with("detail", unclear.detail)
        .with("reason", unclear.reason)
        .with("word", unclear.word)
        .with("example", unclear.example)
}
