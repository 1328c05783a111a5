//! What is found: the retrieval test set (`tests/retrieval`) asked of a running region, beside SQLite's own full-text index
//! over the same texts; and words that nobody may find from outside.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, ensure};
use futures_util::StreamExt;
use rusqlite::Connection;
use support::region::{Client, Region, draft, items, text};

use crate::guard::UNLIMITED;
use crate::report::{Limit, Report};
use crate::words::Dice;
use crate::{Run, count};

const TEXTS: &str = include_str!("../../../retrieval/texts.tsv");
const QUERIES: &str = include_str!("../../../retrieval/queries.tsv");
/// Who writes and asks in each language of the set.
const PEOPLE: [(&str, &str); 12] = [
    ("sq", "labour.al"),
    ("bs", "ngo.ba"),
    ("hr", "judge.hr"),
    ("sr-Latn", "helpline.rs"),
    ("sr-Cyrl", "member.rs"),
    ("bg", "psychologist.bg"),
    ("mk", "police.mk"),
    ("ro", "member.ro"),
    ("el", "guardian.gr"),
    ("cnr", "ngo.me"),
    ("en", "igo.region"),
    ("fr", "aris"),
];
const CROSS: &str = "cross";

/// A query of the set and where its answers stand.
struct Query {
    language: &'static str,
    mode: &'static str,
    text: &'static str,
    expected: Vec<&'static str>,
}

/// By mode and language.
type Tallies<'a> = BTreeMap<(&'a str, &'a str), Tally>;

/// How often the answers were found.
#[derive(Default)]
struct Tally {
    queries: f64,
    in_ten: f64,
    first: f64,
    in_three: f64,
}

impl Tally {
    /// Recall in the first ten; an answer first; an answer among the first three.
    fn add(&mut self, found: &[String], expected: &[String]) {
        let among = |most: usize| found.iter().take(most).filter(|id| expected.contains(id)).count();
        self.queries += 1.0;
        self.in_ten += count(u64::try_from(among(10)).unwrap_or(0)) / count(u64::try_from(expected.len()).unwrap_or(1));
        self.first += f64::from(u8::from(among(1) > 0));
        self.in_three += f64::from(u8::from(among(3) > 0));
    }

    fn of(&self, figure: fn(&Self) -> f64) -> f64 {
        100.0 * figure(self) / self.queries.max(1.0)
    }
}

/// Messages among which precision is measured.
const MANY: usize = 100_000;
/// Posts under way at once.
const AT_ONCE: usize = 32;
/// How a message goes on around a term of the glossary: the words of a language that say where and what.
const FRAMES: [(&str, &str, [&str; 6]); 8] = [
    ("en", "Note on {} near the", ["harbour", "station", "market", "school", "border", "hospital"]),
    ("fr", "Note sur {} près de", ["port", "gare", "marché", "école", "frontière", "hôpital"]),
    ("sr-Latn", "Beleška: {} kod", ["luke", "stanice", "pijace", "škole", "granice", "bolnice"]),
    ("bg", "Бележка за {} до", ["пристанището", "гарата", "пазара", "училището", "границата", "болницата"]),
    ("mk", "Белешка за {} кај", ["пристаништето", "станицата", "пазарот", "училиштето", "границата", "болницата"]),
    ("ro", "Notă despre {} lângă", ["port", "gară", "piață", "școală", "frontieră", "spital"]),
    ("el", "Σημείωμα για {} κοντά στο", ["λιμάνι", "σταθμό", "παζάρι", "σχολείο", "σύνορο", "νοσοκομείο"]),
    ("sq", "Shënim për {} pranë", ["portit", "stacionit", "tregut", "shkollës", "kufirit", "spitalit"]),
];
const GLOSSARY: &str = include_str!("../../../../server/vocabulary/glossary.tsv");

/// Asks every query of the set, of Egida and of a plain index of the same texts.
///
/// # Errors
/// When the server fails.
pub(crate) async fn retrieval(report: &mut Report) -> Result<()> {
    let region = Region::start(&UNLIMITED)?;
    let mut people = HashMap::new();
    for (language, handle) in PEOPLE {
        people.insert(language, region.person(handle).await);
    }
    let room = region.room("open", &people.values().collect::<Vec<_>>()).await;
    let plain = Connection::open_in_memory()?;
    plain.execute_batch("CREATE VIRTUAL TABLE plain USING fts5 (body, tokenize = 'unicode61 remove_diacritics 2')")?;
    let mut stored: HashMap<&str, (String, i64)> = HashMap::new();
    for (row, line) in (1..).zip(TEXTS.lines().skip(1)) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (id, language, body) = (cells[0], cells[1], cells[5]);
        let author = people.get(language).context("nobody writes in it")?;
        stored.insert(id, (text(&author.say(&room, body).await["id"]), row));
        plain.execute("INSERT INTO plain (rowid, body) VALUES (?1, ?2)", (row, body))?;
    }
    let mut ours: Tallies<'_> = BTreeMap::new();
    let mut newest: Tallies<'_> = BTreeMap::new();
    let mut raw: Tallies<'_> = BTreeMap::new();
    for query in queries() {
        let asker = people.get(query.language).context("nobody asks in it")?;
        let expected = |of: fn(&(String, i64)) -> String| -> Vec<String> {
            query.expected.iter().filter_map(|id| stored.get(id)).map(of).collect()
        };
        let key = (query.mode, query.language);
        let ids = expected(|(id, _)| id.clone());
        ours.entry(key).or_default().add(&ten(asker, &room, query.text, "relevance").await?, &ids);
        newest.entry(key).or_default().add(&ten(asker, &room, query.text, "newest").await?, &ids);
        raw.entry(key).or_default().add(&plainly(&plain, query.text)?, &expected(|(_, row)| row.to_string()));
    }
    tell(report, &ours, &newest, &raw);
    Ok(())
}

fn queries() -> Vec<Query> {
    let rows = QUERIES.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|cells| Query { language: cells[0], mode: cells[1], text: cells[2], expected: cells[3].split(' ').collect() })
        .collect()
}

/// The first ten answers.
async fn ten(asker: &Client, room: &str, query: &str, sort: &str) -> Result<Vec<String>> {
    let query = encoded(&format!("{query} in:{room}"));
    let answer = asker.get(&format!("/api/search?sort={sort}&limit=10&q={query}")).await;
    ensure!(answer.status == 200, "{}", answer.text);
    Ok(items(&answer.is(200)).iter().map(|hit| text(&hit["message"]["id"])).collect())
}

/// The same of a plain index: every word, by its own rank.
fn plainly(plain: &Connection, query: &str) -> Result<Vec<String>> {
    let words: Vec<_> =
        query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"")).collect();
    let mut statement = plain.prepare_cached("SELECT rowid FROM plain WHERE plain MATCH ?1 ORDER BY rank LIMIT 10")?;
    let rows = statement.query_map([words.join(" ")], |row| row.get::<_, i64>(0))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().map(|row| row.to_string()).collect())
}

/// Text for a query string.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

fn tell(report: &mut Report, ours: &Tallies, newest: &Tallies, raw: &Tallies) {
    eprintln!("    mode       language  queries  recall@10  top-1  top-3   plain index: recall@10  top-1");
    for (key, tally) in ours {
        let plain = &raw[key];
        eprintln!(
            "    {:<10} {:<9} {:>7}  {:>9.1}  {:>5.1}  {:>5.1}   {:>22.1}  {:>5.1}",
            key.0,
            key.1,
            tally.queries,
            tally.of(|tally| tally.in_ten),
            tally.of(|tally| tally.first),
            tally.of(|tally| tally.in_three),
            plain.of(|tally| tally.in_ten),
            plain.of(|tally| tally.first),
        );
    }
    let within = |tallies, one: fn(&Tally) -> f64| over(tallies, |mode| mode != CROSS, one);
    let across = |tallies, one: fn(&Tally) -> f64| over(tallies, |mode| mode == CROSS, one);
    report.add("within a language: recall@10", "%", Limit::AtLeast(95.0), within(ours, |tally| tally.in_ten));
    report.add("within a language: top-1", "%", Limit::AtLeast(90.0), within(ours, |tally| tally.first));
    report.add("  newest first: recall@10", "%", Limit::None, within(newest, |tally| tally.in_ten));
    report.add("  newest first: top-1", "%", Limit::None, within(newest, |tally| tally.first));
    report.add("  plain index: recall@10", "%", Limit::None, within(raw, |tally| tally.in_ten));
    report.add("  plain index: top-1", "%", Limit::None, within(raw, |tally| tally.first));
    report.add("across languages: top-3", "%", Limit::AtLeast(75.0), across(ours, |tally| tally.in_three));
    report.add("across languages: recall@10", "%", Limit::None, across(ours, |tally| tally.in_ten));
    report.add("  newest first: top-3", "%", Limit::None, across(newest, |tally| tally.in_three));
    report.add("  plain index: top-3", "%", Limit::None, across(raw, |tally| tally.in_three));
}

/// A figure over all queries of these modes, in percent.
fn over(tallies: &Tallies, of: fn(&str) -> bool, one: fn(&Tally) -> f64) -> f64 {
    let (sum, queries) = tallies
        .iter()
        .filter(|((mode, _), _)| of(mode))
        .fold((0.0, 0.0), |(sum, queries), (_, tally)| (sum + one(tally), queries + tally.queries));
    100.0 * sum / f64::max(queries, 1.0)
}

/// How many of the first ten are what was asked for, among 100,000 messages that are made so that one knows: each names a
/// concept of the glossary and a place in one of eight languages.
///
/// # Errors
/// When the server fails.
pub(crate) async fn precision(run: &Run, report: &mut Report) -> Result<()> {
    let region = Region::start(&UNLIMITED)?;
    let author = region.person("member.ro").await;
    let room = region.room("open", &[&author]).await;
    let concepts: Vec<HashMap<&str, &str>> = {
        let head: Vec<&str> = GLOSSARY.lines().next().context("no head")?.split('\t').collect();
        GLOSSARY.lines().skip(1).map(|line| head.iter().copied().zip(line.split('\t')).collect()).collect()
    };
    let many = if run.quick { MANY / 10 } else { MANY };
    let path = format!("/api/channels/{room}/messages");
    let mut dice = Dice::new(7);
    let made: Vec<_> = (0..many)
        .map(|_| {
            let (concept, frame, place) = (dice.below(concepts.len()), dice.below(FRAMES.len()), dice.below(6));
            let (language, words, places) = FRAMES[frame];
            (concept, place, words.replace("{}", concepts[concept][language]) + " " + places[place])
        })
        .collect();
    let posted: Vec<Result<(String, (usize, usize))>> = futures_util::stream::iter(made)
        .map(|(concept, place, body)| {
            let (author, path) = (author.clone(), path.clone());
            async move {
                let answer = author.post(&path, draft(&body)).await;
                ensure!(answer.status == 201, "{}", answer.text);
                Ok((text(&answer.is(201)["id"]), (concept, place)))
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let is: HashMap<String, (usize, usize)> = posted.into_iter().collect::<Result<_>>()?;
    let (mut within, mut across, mut newest) = (Tally::default(), Tally::default(), Tally::default());
    for _ in 0..if run.quick { 60 } else { 300 } {
        let (concept, frame, place) = (dice.below(concepts.len()), dice.below(FRAMES.len()), dice.below(6));
        let (language, _, places) = FRAMES[frame];
        let term = concepts[concept][language];
        let asked = async |query: &str, sort: &str, tally: &mut Tally, fits: &dyn Fn(&(usize, usize)) -> bool| -> Result<()> {
            let found = ten(&author, &room, query, sort).await?;
            let good = found.iter().filter(|id| is.get(*id).is_some_and(fits)).count();
            tally.queries += 1.0;
            tally.in_ten += count(u64::try_from(good).unwrap_or(0)) / count(u64::try_from(found.len().max(1)).unwrap_or(1));
            Ok(())
        };
        let both = format!("{term} {}", places[place]);
        asked(&both, "relevance", &mut within, &|(c, p)| (*c, *p) == (concept, place)).await?;
        asked(&both, "newest", &mut newest, &|(c, p)| (*c, *p) == (concept, place)).await?;
        asked(term, "relevance", &mut across, &|(c, _)| *c == concept).await?;
    }
    let good = |tally: &Tally| tally.of(|tally| tally.in_ten);
    report.add("precision in ten, term and place: best match", "%", Limit::None, good(&within));
    report.add("precision in ten, term and place: newest", "%", Limit::None, good(&newest));
    report.add("precision in ten, term: best match", "%", Limit::None, good(&across));
    Ok(())
}
