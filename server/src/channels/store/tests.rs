//! What others ask of channels in their own transactions, over a database of its own.

use serde_json::json;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::access::{ChannelKind, Standing};
use crate::audit::Recorder;
use crate::base::clock::Clock;
use crate::base::db::{self, Db, On};
use crate::base::guard::LastSaid;
use crate::base::limits::Limits;
use crate::base::seal::Seal;
use crate::base::secret;
use crate::base::vault::Vault;
use crate::channels::{NewChannel, create, keeping, retention_of, set_retention};
use crate::context::{Ctx, Shared};
use crate::realtime::{Hub, Relay};

const ROOM: Uuid = Uuid::from_u128(7);
const ACTS: &str = "SELECT act, target, detail FROM audit ORDER BY n";

async fn house() -> (Ctx, std::path::PathBuf) {
    let folder = std::env::temp_dir().join(format!("egida-channels-{}", secret::token()));
    let db = Db::open(&folder).await.expect("a folder");
    let (clock, limits) = (Clock::Fixed(1_000), Limits::default());
    let ctx = Ctx::new(Shared {
        hub: Hub::new(Relay::Local, limits),
        standing: Standing::new(db.clone(), clock),
        recorder: Recorder::new(db.clone(), clock),
        seal: Seal::beside(&folder),
        vault: Vault::of(&folder),
        last_said: LastSaid::default(),
        said: Notify::new(),
        db,
        clock,
        limits,
    });
    (ctx, folder)
}

fn room() -> NewChannel {
    NewChannel {
        id: ROOM,
        kind: ChannelKind::Closed,
        purpose: "group",
        slug: None,
        name: None,
        description: None,
        country: None,
        theme: None,
        marking: "green".into(),
        ceiling: None,
        grading: false,
        retention_days: Some(90),
        listed: false,
        general: Uuid::from_u128(8),
        direct_key: None,
        created_at: 0,
        created_by: None,
    }
}

#[tokio::test]
async fn how_long_a_channel_keeps_what_is_said_is_changed_and_recorded() {
    let (ctx, folder) = house().await;
    let inner = ctx.clone();
    let made: db::Result<bool> = ctx.db.write(async move |tx| create(tx, &inner, &room(), &[]).await).await;
    assert!(made.expect("created"));
    let before = ctx.standing.channel(ROOM).await.expect("read").expect("a room");
    assert_eq!(before.retention_days, Some(90));
    for (days, all) in [(Some(30), vec![(ROOM, 30)]), (None, Vec::new())] {
        let (inner, by) = (ctx.clone(), Uuid::from_u128(3));
        let set: db::Result<()> = ctx.db.write(async move |tx| set_retention(tx, &inner, ROOM, days, by).await).await;
        set.expect("stored");
        let mut conn = ctx.db.read().await.expect("a reader");
        assert_eq!(retention_of(&mut conn, ROOM).await.expect("read"), days);
        assert_eq!(keeping(&mut conn).await.expect("read"), all);
        drop(conn);
        let now = ctx.standing.channel(ROOM).await.expect("read").expect("a room");
        assert_eq!(now.retention_days, days, "what is kept in memory follows");
    }
    let mut conn = ctx.db.read().await.expect("a reader");
    let acts: Vec<(String, String, String)> = on!(&mut conn, c => sqlx::query_as(ACTS).fetch_all(c)).expect("read");
    drop(conn);
    let target = format!("channel:{ROOM}");
    let act = |detail: &str| ("channel.retention".to_owned(), target.clone(), detail.to_owned());
    assert_eq!(json!(acts), json!([act("from=90 to=30"), act("from=30 to=none")]));
    ctx.db.close().await;
    std::fs::remove_dir_all(folder).expect("removed");
}
