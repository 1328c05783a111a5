//! The region as it begins: a channel for every country and theme of the vocabulary, a lobby, a newcomers' room.

use uuid::Uuid;

use super::model::NewChannel;
use crate::access::ChannelKind;
use crate::base::db::{Result, Tx};
use crate::context::Ctx;
use crate::vocabulary::{ALL_COUNTRIES, ALL_THEMES, Words};

/// Creates the channels of an empty region. Channels that exist stay as they are.
pub async fn found_region(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    let lobby = NewChannel {
        slug: Some("lobby".into()),
        name: Some(Words::new("Lobby", "Accueil")),
        description: Some(Words::new(
            "For everybody: news of the platform, first questions, who is who.",
            "Pour tout le monde : nouvelles de la plateforme, premières questions, qui est qui.",
        )),
        ..blank(ctx, "lobby")
    };
    super::create(tx, ctx, &lobby, &[]).await?;
    let newcomers = NewChannel {
        slug: Some("newcomers".into()),
        name: Some(Words::new("Newcomers’ room", "Salle des nouveaux venus")),
        description: Some(Words::new(
            "Say who you are and what you work on. Moderators answer here first.",
            "Dites qui vous êtes et sur quoi vous travaillez. Les modérateurs répondent d’abord ici.",
        )),
        ..blank(ctx, "newcomers")
    };
    super::create(tx, ctx, &newcomers, &[]).await?;
    for country in ALL_COUNTRIES.iter() {
        let channel = NewChannel {
            slug: Some(country.code.to_lowercase()),
            name: Some(country.name.clone()),
            country: Some(country.code.clone()),
            ..blank(ctx, "country")
        };
        super::create(tx, ctx, &channel, &[]).await?;
    }
    for theme in ALL_THEMES.iter() {
        let channel = NewChannel {
            // Vetted themes are for those whom a moderator admits; they are listed, so that one can ask.
            kind: if theme.access == "vetted" { ChannelKind::Closed } else { ChannelKind::Open },
            slug: Some(theme.slug.clone()),
            name: Some(theme.name.clone()),
            description: Some(theme.definition.clone()),
            theme: Some(theme.slug.clone()),
            marking: theme.marking.clone(),
            ..blank(ctx, "theme")
        };
        super::create(tx, ctx, &channel, &[]).await?;
    }
    Ok(())
}

fn blank(ctx: &Ctx, purpose: &'static str) -> NewChannel {
    NewChannel {
        id: ctx.id(),
        kind: ChannelKind::Open,
        purpose,
        slug: None,
        name: None,
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
        created_by: None::<Uuid>,
    }
}
