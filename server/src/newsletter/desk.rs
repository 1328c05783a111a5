//! What the handlers of the newsletter share.

use std::sync::Arc;

use tokio::sync::{Mutex, Notify};

use crate::base::mail::Mailer;
use crate::base::print::Printer;
use crate::context::Ctx;
use crate::glossary::Glossary;
use crate::publishable::Feeds;

/// How released issues leave: by mail and in print, each if an operator has set it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Post {
    /// The mail server.
    pub mailer: Option<Mailer>,
    /// The browser that prints.
    pub printer: Option<Printer>,
    /// The address people type.
    pub origin: Option<Arc<str>>,
    /// Told when there is something to send.
    pub(super) wake: Arc<Notify>,
    /// Held by who makes a PDF: whoever wants the same one waits for it.
    pub(super) printing: Arc<Mutex<()>>,
}

impl Post {
    /// By these ways.
    pub fn new(mailer: Option<Mailer>, printer: Option<Printer>, origin: Option<&str>) -> Self {
        Self { mailer, printer, origin: origin.map(Into::into), wake: Arc::default(), printing: Arc::default() }
    }
}

/// See the module.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) ctx: Ctx,
    pub(super) glossary: Glossary,
    pub(super) feeds: Feeds,
    pub(super) post: Post,
}
