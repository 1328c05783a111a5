//! A running server: opened, served, stopped.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::access::Standing;
use crate::audit::Recorder;
use crate::base::clock::Clock;
use crate::base::db::{self, Db};
use crate::base::limits::Limits;
use crate::base::seal::Seal;
use crate::base::vault::Vault;
use crate::config::Config;
use crate::context::{Ctx, Shared};
use crate::glossary::Glossary;
use crate::messages::Erasures;
use crate::realtime::{Hub, Relay, socket};
use crate::record::Keeper;
use crate::{
    agenda, approvals, base, cases, deconfliction, directory, exercises, files, home, idempotency, identity, messages,
    moderation, newsletter, referrals, requests, routes, search, translation, vetting,
};

/// Sockets have this long to say goodbye when the server stops; those that were being opened meanwhile, as long again.
const FAREWELL: Duration = Duration::from_millis(500);
/// How often it is looked whether they are gone.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Opens a data folder, with what seals secrets in it.
pub(crate) async fn open(folder: &Path, seal: Seal, limits: Limits) -> db::Result<Ctx> {
    let db = Db::open(folder).await?;
    Ok(context(db, Vault::of(folder), seal, limits))
}

fn context(db: Db, vault: Vault, seal: Seal, limits: Limits) -> Ctx {
    let clock = Clock::System;
    let standing = Standing::new(db.clone(), clock);
    let hub = Hub::new(Relay::Local, limits);
    let recorder = Recorder::new(db.clone(), clock);
    Ctx::new(Shared {
        db,
        hub,
        standing,
        recorder,
        seal,
        vault,
        last_said: base::guard::LastSaid::default(),
        said: Notify::new(),
        clock,
        limits,
    })
}

/// What must be done before anybody is let in: an index of another version of the text pipeline is emptied, what was
/// erased and came back with a backup is erased again, and who only names an organisation in words is put into it. Gives
/// the glossary as this region has corrected it.
pub(crate) async fn prepare(ctx: &Ctx, erasures: &Erasures) -> db::Result<Glossary> {
    search::renew(&ctx.db).await?;
    erasures.settle(ctx).await?;
    cases::settle(ctx).await?;
    deconfliction::settle(ctx).await?;
    files::settle(ctx).await?;
    directory::settle_all(ctx).await?;
    Glossary::load(&ctx.db).await
}

/// Serves until `stop` turns true; then tells the sockets to come back later, and finishes what is under way.
/// `record_key` is the file of the key that signs the record's head.
pub(crate) async fn serve(
    ctx: Ctx,
    glossary: &Glossary,
    config: &Config,
    record_key: &Path,
    erasures: Erasures,
    listener: TcpListener,
    stop: watch::Receiver<bool>,
) {
    let keeper = Arc::new(Keeper::new(ctx.clone(), record_key, config.record_head.clone()));
    let post = newsletter::Post::new(config.mail.clone(), config.print.clone(), config.public_origin.as_deref());
    let background = [
        tokio::spawn(identity::sweep(ctx.clone())),
        tokio::spawn(idempotency::sweep(ctx.clone())),
        tokio::spawn(vetting::sweep(ctx.clone())),
        tokio::spawn(messages::expire(ctx.clone())),
        tokio::spawn(messages::keep_retention(ctx.clone())),
        tokio::spawn(erasures.keep(ctx.clone())),
        tokio::spawn(moderation::sweep(ctx.clone())),
        tokio::spawn(files::sweep(ctx.clone())),
        tokio::spawn(approvals::sweep(ctx.clone())),
        tokio::spawn(agenda::remind(ctx.clone())),
        tokio::spawn(exercises::end_and_wipe(ctx.clone())),
        tokio::spawn(cases::sweep(ctx.clone())),
        tokio::spawn(referrals::sweep(ctx.clone())),
        tokio::spawn(requests::sweep(ctx.clone())),
        tokio::spawn(deconfliction::sweep(ctx.clone())),
        tokio::spawn(search::keep_up(ctx.clone(), config.meaning.clone())),
        tokio::spawn(home::keep_up(ctx.clone())),
        tokio::spawn(search::alert(ctx.clone(), glossary.clone())),
        tokio::spawn(newsletter::send(ctx.clone(), post.clone())),
        tokio::spawn(socket::announce(ctx.hub.clone())),
        tokio::spawn(keep_record(ctx.clone())),
        tokio::spawn(keep_heads(keeper.clone())),
    ];
    let translating = config.translation.clone().map(|service| tokio::spawn(translation::sweep(ctx.clone(), service)));
    let router = routes::router(&ctx, glossary, config, &post);
    let (quiet_in, quiet) = watch::channel(false);
    let farewell = {
        let (hub, mut stop) = (ctx.hub.clone(), stop);
        tokio::spawn(async move {
            let _ = stop.wait_for(|stop| *stop).await;
            hub.close(1012, "restart");
            tokio::time::sleep(FAREWELL).await;
            let _ = quiet_in.send(true);
        })
    };
    base::http::serve(listener, router, config.certificate.clone(), quiet).await;
    let _ = farewell.await;
    let emptied = async {
        while ctx.hub.seated() > 0 {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let _ = tokio::time::timeout(FAREWELL, emptied).await;
    for task in background.into_iter().chain(translating) {
        task.abort();
    }
    if let Err(error) = ctx.recorder.settle().await {
        tracing::warn!(%error, "the record could not be written");
    }
    keeper.finish().await;
    ctx.db.close().await;
}

async fn keep_record(ctx: Ctx) {
    ctx.recorder.run().await;
}

async fn keep_heads(keeper: Arc<Keeper>) {
    keeper.run().await;
}

/// The HTTP contract. Its routes need a context to be served; to be described, one over nothing will do.
pub(crate) fn openapi_json() -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    #[expect(clippy::expect_used, reason = "a machine without a runtime can't run anything of this")]
    let runtime = runtime.expect("a runtime");
    let guard = runtime.enter();
    let nowhere = Path::new("nowhere");
    let document = routes::document(&context(Db::nowhere(), Vault::of(nowhere), Seal::beside(nowhere), Limits::default()));
    drop(guard);
    document
}

/// Turns true when the operator asks the process to stop.
pub(crate) fn stop_signal() -> watch::Receiver<bool> {
    let (tell, stop) = watch::channel(false);
    tokio::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut term) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        let _ = tell.send(true);
    });
    stop
}
