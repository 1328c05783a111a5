//! Whether what is stored of messages agrees with itself.

mod store;

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::base::db::{Conn, Result};

/// What doesn't agree, each finding in words.
pub async fn verify(conn: &mut Conn) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut say = |what: &str, ids: Vec<Uuid>, why: &str| {
        findings.extend(ids.into_iter().map(|id| format!("{what} {id}: {why}")));
    };
    say("message", store::strays(conn).await?, "it is in another channel than its topic");
    say("message", store::ahead(conn).await?, "its place comes after its last change");
    say("message", store::shared(conn).await?, "the change of another topic has the same number");
    say("topic", store::miscounted(conn).await?, "it counts other messages than there are");
    say("message", disagreeing(conn).await?, "whom it mentions is not who is told so");
    Ok(findings)
}

/// Messages of which the mentions that readers see and the mentions that are counted differ.
async fn disagreeing(conn: &mut Conn) -> Result<Vec<Uuid>> {
    let mut of: BTreeMap<i64, (Uuid, BTreeSet<Uuid>, BTreeSet<Uuid>)> = BTreeMap::new();
    for (n, id, mentions) in store::mentioning(conn).await? {
        let seen = serde_json::from_str(&mentions).unwrap_or_default();
        of.insert(n, (id, seen, BTreeSet::new()));
    }
    for (n, id, account) in store::mentioned(conn).await? {
        of.entry(n).or_insert_with(|| (id, BTreeSet::new(), BTreeSet::new())).2.insert(account);
    }
    Ok(of.into_values().filter(|(_, seen, counted)| seen != counted).map(|(id, ..)| id).collect())
}
