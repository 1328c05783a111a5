//! `egida escrow`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use uuid::Uuid;

use super::{Failure, open, say};
use crate::access::{Actor, Unfit, escrow_house};
use crate::audit::{self, Act};
use crate::base::clock::rfc3339;
use crate::base::db;
use crate::context::Ctx;
use crate::keys::escrow::{self, HOLDERS, Holder};
use crate::keys::{self, NoKeys};
use crate::{cases, directory, identity};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Sign-in address of somebody who is to hold it: three, of three organisations, each with keys, none an administrator. Any two
    /// of them together let a member back into a case room whose keys are lost.
    #[arg(long, value_name = "EMAIL", conflicts_with = "off")]
    account: Vec<String>,
    /// Turns it off: what it holds is destroyed at once.
    #[arg(long)]
    off: bool,
}

pub(super) async fn run(folder: &Path, args: Args) -> Result<ExitCode, Failure> {
    let ctx = open(folder).await?;
    let done = match (args.off, args.account.is_empty()) {
        (true, _) => turn_off(&ctx).await,
        (false, true) => show(&ctx).await,
        (false, false) => turn_on(&ctx, &args.account).await,
    };
    ctx.db.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

fn act(ctx: &Ctx, what: &'static str, detail: String) -> Act<'static> {
    Act { at: ctx.now(), actor: None, what, target: "escrow:cases".into(), detail }
}

async fn turn_on(ctx: &Ctx, emails: &[String]) -> Result<(), Failure> {
    if !escrow::holders(&mut ctx.db.read().await?).await?.is_empty() {
        return Err(Failure::new("the escrow is on; turn it off first with `egida escrow --off`, which destroys what it holds"));
    }
    if emails.len() != HOLDERS {
        return Err(Failure::usage(format!("account: name {HOLDERS} people, each with --account")));
    }
    let mut people: Vec<(Uuid, Uuid)> = Vec::new();
    for email in emails {
        let person = fit(ctx, email).await?;
        if people.iter().any(|(_, house)| *house == person.1) {
            return Err(Failure::usage(format!("account: {email} works for the same organisation as another one of them")));
        }
        people.push(person);
    }
    let (inner, named) = (ctx.clone(), people.clone());
    let done: db::Result<Result<(), NoKeys>> = ctx
        .db
        .write(async move |tx| {
            let begun = escrow::begin(tx, inner.now(), &named).await?;
            if begun.is_ok() {
                let holders: Vec<String> = named.iter().map(|(account, _)| format!("account:{account}")).collect();
                audit::record(tx, act(&inner, "escrow.on", format!("cli {}", holders.join(" ")))).await?;
            }
            Ok(begun)
        })
        .await;
    done?.map_err(|NoKeys(_)| Failure::usage("account: one of them has no keys any more"))?;
    say(
        "The escrow is on. It holds a case room's keys from the next time that a member opens the room; the room's page says so.",
    );
    Ok(())
}

/// Somebody who can hold it, and for which organisation.
async fn fit(ctx: &Ctx, email: &str) -> Result<(Uuid, Uuid), Failure> {
    let mut conn = ctx.db.read().await?;
    let found = identity::account_by_email(&mut conn, &email.trim().to_lowercase()).await?;
    let account = found.ok_or_else(|| Failure::usage(format!("account: nobody signs in with {email}")))?.id;
    let actor = ctx.standing.actor(account).await?;
    let actor = actor.ok_or_else(|| Failure::usage(format!("account: {email} is suspended")))?;
    let house = escrow_house(&actor).map_err(|unfit| {
        Failure::usage(match unfit {
            Unfit::NotConfirmed => format!("account: {email} isn't confirmed, or no longer"),
            Unfit::NoOrganisation => format!("account: {email} works for no organisation of the directory"),
            Unfit::Administers => format!("account: {email} is an administrator, who may not hold keys"),
        })
    })?;
    if keys::holders(&mut conn, &[account]).await?.is_empty() {
        return Err(Failure::usage(format!("account: {email} has made no keys; they do that at /me/keys")));
    }
    Ok((account, house))
}

async fn turn_off(ctx: &Ctx) -> Result<(), Failure> {
    let inner = ctx.clone();
    let done: db::Result<Option<usize>> = ctx
        .db
        .write(async move |tx| {
            if escrow::holders(tx).await?.is_empty() {
                return Ok(None);
            }
            let rooms = escrow::end(tx).await?;
            cases::escrow_ended(tx, &inner, &rooms).await?;
            audit::record(tx, act(&inner, "escrow.off", format!("cli rooms={}", rooms.len()))).await?;
            Ok(Some(rooms.len()))
        })
        .await;
    let said = match done? {
        None => "The escrow is off already.".into(),
        Some(rooms) => format!("The escrow is off; what it held is destroyed (rooms: {rooms}). Older backups still hold it."),
    };
    say(&said);
    Ok(())
}

async fn show(ctx: &Ctx) -> Result<(), Failure> {
    let mut conn = ctx.db.read().await?;
    let holders = escrow::holders(&mut conn).await?;
    let Some(since) = holders.iter().map(|holder| holder.since).max() else {
        say("The escrow is off.");
        return Ok(());
    };
    let rooms = escrow::spaces(&mut conn).await?.len();
    say(&format!("The escrow is on since {} (rooms whose keys it holds: {rooms}).", rfc3339(since)));
    let mut useful = 0;
    for holder in &holders {
        let person = identity::account(&mut conn, holder.account).await?;
        let house = directory::organisations_named(&mut conn, &[holder.organisation]).await?.pop();
        let actor = ctx.standing.actor(holder.account).await?;
        let useless = match actor {
            Some(actor) => useless(&actor, holder, escrow::is_current(&mut conn, holder).await?),
            None => Some("is suspended"),
        };
        useful += usize::from(useless.is_none());
        let (email, name) = person.map(|person| (person.email, person.name)).unwrap_or_default();
        let house = house.map(|house| house.name).unwrap_or_default();
        let note = useless.map(|why| format!("; useless: {why}")).unwrap_or_default();
        say(&format!("{email} {name}, {house}{note}"));
    }
    if useful < HOLDERS {
        let nobody = if useful < 2 { "Nobody can be let back in with it" } else { "Both others are needed each time" };
        say(&format!("{nobody}. Turn it off and on again with three who can: what the old ones hold is destroyed then."));
    }
    Ok(())
}

/// Why what somebody holds is good for nothing; `None` if it isn't.
fn useless(actor: &Arc<Actor>, holder: &Holder, same_keys: bool) -> Option<&'static str> {
    match escrow_house(actor) {
        Err(Unfit::NotConfirmed) => Some("isn't confirmed any more"),
        Err(Unfit::Administers) => Some("is an administrator now"),
        Ok(house) if house == holder.organisation => (!same_keys).then_some("has other keys now, or none"),
        Ok(_) | Err(Unfit::NoOrganisation) => Some("works elsewhere now"),
    }
}
