//! What is found: the retrieval test set (`tests/retrieval`) asked of a running region, beside SQLite's own full-text index
//! over the same texts; and words that nobody may find from outside.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use support::region::{Client, Region, items, text};

use crate::count;
use crate::guard::UNLIMITED;
use crate::report::{Limit, Report};

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
    let mut ours: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    let mut raw: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    for query in queries() {
        let asker = people.get(query.language).context("nobody asks in it")?;
        let expected = |of: fn(&(String, i64)) -> String| -> Vec<String> {
            query.expected.iter().filter_map(|id| stored.get(id)).map(of).collect()
        };
        let key = (query.mode, query.language);
        ours.entry(key).or_default().add(&found(asker, &room, query.text).await?, &expected(|(id, _)| id.clone()));
        raw.entry(key).or_default().add(&plainly(&plain, query.text)?, &expected(|(_, row)| row.to_string()));
    }
    tell(report, &ours, &raw);
    Ok(())
}

fn queries() -> Vec<Query> {
    let rows = QUERIES.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|cells| Query { language: cells[0], mode: cells[1], text: cells[2], expected: cells[3].split(' ').collect() })
        .collect()
}

/// The first ten answers, best match first.
async fn found(asker: &Client, room: &str, query: &str) -> Result<Vec<String>> {
    let query = encoded(&format!("{query} in:{room}"));
    let answer = asker.get(&format!("/api/search?sort=relevance&limit=10&q={query}")).await;
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
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn tell(report: &mut Report, ours: &BTreeMap<(&str, &str), Tally>, raw: &BTreeMap<(&str, &str), Tally>) {
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
    report.add("  plain index: recall@10", "%", Limit::None, within(raw, |tally| tally.in_ten));
    report.add("  plain index: top-1", "%", Limit::None, within(raw, |tally| tally.first));
    report.add("across languages: top-3", "%", Limit::AtLeast(75.0), across(ours, |tally| tally.in_three));
    report.add("across languages: recall@10", "%", Limit::None, across(ours, |tally| tally.in_ten));
    report.add("  plain index: top-3", "%", Limit::None, across(raw, |tally| tally.in_three));
}

/// A figure over all queries of these modes, in percent.
fn over(tallies: &BTreeMap<(&str, &str), Tally>, of: fn(&str) -> bool, one: fn(&Tally) -> f64) -> f64 {
    let (sum, queries) = tallies
        .iter()
        .filter(|((mode, _), _)| of(mode))
        .fold((0.0, 0.0), |(sum, queries), (_, tally)| (sum + one(tally), queries + tally.queries));
    100.0 * sum / f64::max(queries, 1.0)
}
