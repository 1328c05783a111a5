//! A translation service of `LibreTranslate`'s shape, small and obedient: it keeps what it was asked, and can fail in several ways.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// With the words it got behind the language they are wanted in, as in `[fr] words`.
    Well,
    /// The same, as a machine that takes placeholders for words: in small letters and with blanks in them.
    Careless,
    /// Without any placeholder.
    Forgetful,
    /// With an error, and the words it got in it.
    Broken,
    /// With the words it got in something that is no answer.
    Nonsense,
    /// With a redirect to a place that would answer well.
    Elsewhere,
    /// With more than anybody wants to read.
    Endless,
    /// Never.
    Silent,
}

struct Shared {
    mood: Mood,
    asked: Vec<Value>,
}

/// A service that runs for as long as its test does.
#[derive(Clone)]
pub struct Translator {
    origin: String,
    shared: Arc<Mutex<Shared>>,
}

impl std::fmt::Debug for Translator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Translator({})", self.origin)
    }
}

impl Translator {
    /// Starts one on a free port of this machine, by plain HTTP.
    ///
    /// # Panics
    /// When it can't listen.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Mutex::new(Shared { mood: Mood::Well, asked: Vec::new() }));
        let translator = Self { origin, shared };
        let app = Router::new()
            .route("/translate", post(answer))
            .route("/elsewhere", post(answer_here).get(answer_here))
            .with_state(translator.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        translator
    }

    /// What a server is told to ask it, up to this marking.
    pub fn settings<'a>(&'a self, marking: &'a str) -> [(&'static str, &'a str); 3] {
        [
            ("EGIDA_TRANSLATION_URL", self.origin.as_str()),
            ("EGIDA_TRANSLATION_HOSTS", "127.0.0.1"),
            ("EGIDA_TRANSLATION_MARKING", marking),
        ]
    }

    /// Answers like this from now on.
    pub fn is(&self, mood: Mood) {
        self.shared().mood = mood;
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Value> {
        self.shared().asked.clone()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn translated(question: &Value, change: impl Fn(&str) -> String) -> Response {
    let (words, to) = (question["q"].as_str().unwrap_or_default(), question["target"].as_str().unwrap_or_default());
    Json(json!({
        "translatedText": format!("[{to}] {}", change(words)),
        "detectedLanguage": {"confidence": 90, "language": "sq"},
    }))
    .into_response()
}

async fn answer(State(translator): State<Translator>, Json(question): Json<Value>) -> Response {
    let mood = {
        let mut shared = translator.shared();
        shared.asked.push(question.clone());
        shared.mood
    };
    match mood {
        Mood::Well => translated(&question, str::to_owned),
        Mood::Careless => translated(&question, |words| words.replace("XG", "x g ").to_lowercase()),
        Mood::Forgetful => translated(&question, |words| words.replace("XG", " ").replace('X', "")),
        Mood::Broken => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"error": question["q"]}))).into_response(),
        Mood::Nonsense => Json(json!({"translation": question["q"]})).into_response(),
        Mood::Elsewhere => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("{}/elsewhere", translator.origin))]).into_response()
        }
        Mood::Endless => Json(json!({"translatedText": "x".repeat(1024 * 1024)})).into_response(),
        Mood::Silent => {
            tokio::time::sleep(Duration::from_mins(2)).await;
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

async fn answer_here(State(translator): State<Translator>) -> Response {
    translator.shared().asked.push(json!("along a redirect"));
    Json(json!({"translatedText": "from elsewhere"})).into_response()
}
