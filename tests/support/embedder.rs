//! A service of `OpenAI`'s shape that makes vectors of texts, small and obedient: words that mean the same point the same way. It
//! keeps what it was asked, and can fail in several ways.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Numbers of a vector.
const DIMENSIONS: usize = 96;
/// Words that mean the same: they have a direction of their own.
const SYNONYMS: [&[&str]; 4] =
    [&["shelter", "refuge", "safehouse"], &["lawyer", "attorney", "counsel"], &["lorry", "truck"], &["harbour", "port", "quay"]];
/// How much more these say than others.
const WEIGHT: f32 = 6.0;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// With a vector for each text, the last one first.
    Well,
    /// The same, later than a reader waits.
    Slow,
    /// Unless a text holds the word `poison`: then it takes none of them.
    Picky,
    /// With an error, and what it was asked in it.
    Broken,
    /// With something that is no answer.
    Nonsense,
    /// With vectors of no length.
    Empty,
    /// With a vector too few.
    Short,
    /// With vectors of another length than before.
    Longer,
    /// With a redirect to a place that would answer well.
    Elsewhere,
    /// With more than anybody wants to read.
    Endless,
    /// Never.
    Silent,
}

/// A question that it was asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The model that was named.
    pub model: String,
    /// The texts.
    pub texts: Vec<String>,
    /// What it was shown as a key.
    pub key: Option<String>,
}

struct Shared {
    mood: Mood,
    asked: Vec<Question>,
}

/// A service that runs for as long as its test does.
#[derive(Clone)]
pub struct Embedder {
    origin: String,
    shared: Arc<Mutex<Shared>>,
}

impl std::fmt::Debug for Embedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Embedder({})", self.origin)
    }
}

impl Embedder {
    /// Starts one on a free port of this machine, by plain HTTP.
    ///
    /// # Panics
    /// When it can't listen.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let embedder = Self { origin, shared: Arc::new(Mutex::new(Shared { mood: Mood::Well, asked: Vec::new() })) };
        let app = Router::new()
            .route("/v1/embeddings", post(answer))
            .route("/elsewhere", post(elsewhere).get(elsewhere))
            .with_state(embedder.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        embedder
    }

    /// What a server is told to ask it, up to this marking.
    pub fn settings<'a>(&'a self, marking: &'a str) -> [(&'static str, &'a str); 5] {
        [
            ("EGIDA_EMBEDDINGS_URL", self.origin.as_str()),
            ("EGIDA_EMBEDDINGS_HOSTS", "127.0.0.1"),
            ("EGIDA_EMBEDDINGS_MODEL", "stand-in"),
            ("EGIDA_EMBEDDINGS_QUERY_MODEL", "stand-in-query"),
            ("EGIDA_EMBEDDINGS_MARKING", marking),
        ]
    }

    /// Answers like this from now on.
    pub fn is(&self, mood: Mood) {
        self.shared().mood = mood;
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Question> {
        self.shared().asked.clone()
    }

    /// All texts that it was sent so far, one behind the other.
    pub fn heard(&self) -> String {
        self.asked().into_iter().flat_map(|question| question.texts).collect::<Vec<_>>().join("\n")
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sum of the directions of the words of a text.
fn vector(text: &str) -> Vec<f32> {
    let mut sum = vec![0.0_f32; DIMENSIONS];
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if let Some(at) = SYNONYMS.iter().position(|words| words.contains(&word)) {
            sum[at] += WEIGHT;
        } else {
            let hash = word.bytes().fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
            sum[SYNONYMS.len() + hash % (DIMENSIONS - SYNONYMS.len())] += 1.0;
        }
    }
    sum
}

fn vectors(texts: &[String], longer: bool) -> Response {
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .rev()
        .map(|(index, text)| {
            let mut vector = vector(text);
            if longer {
                vector.push(1.0);
            }
            json!({"object": "embedding", "index": index, "embedding": vector})
        })
        .collect();
    Json(json!({"object": "list", "data": data})).into_response()
}

async fn answer(State(embedder): State<Embedder>, headers: HeaderMap, Json(question): Json<Value>) -> Response {
    let texts: Vec<String> = serde_json::from_value(question["input"].clone()).unwrap_or_default();
    let mood = {
        let mut shared = embedder.shared();
        let key = headers.get(header::AUTHORIZATION).and_then(|key| key.to_str().ok()).map(ToOwned::to_owned);
        let model = question["model"].as_str().unwrap_or_default().to_owned();
        shared.asked.push(Question { model, texts: texts.clone(), key });
        shared.mood
    };
    match mood {
        Mood::Picky if texts.iter().any(|text| text.contains("poison")) => StatusCode::BAD_REQUEST.into_response(),
        Mood::Well | Mood::Picky => vectors(&texts, false),
        Mood::Slow => {
            tokio::time::sleep(Duration::from_millis(400)).await;
            vectors(&texts, false)
        }
        Mood::Broken => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"error": question["input"]}))).into_response(),
        Mood::Nonsense => "[\"canary\"".into_response(),
        Mood::Empty => Json(json!({"data": [{"index": 0, "embedding": []}]})).into_response(),
        Mood::Short => vectors(texts.get(1..).unwrap_or_default(), false),
        Mood::Longer => vectors(&texts, true),
        Mood::Elsewhere => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("{}/elsewhere", embedder.origin))]).into_response()
        }
        Mood::Endless => Json(json!({"data": [{"index": 0, "embedding": vec![0.125; 2 * 1024 * 1024]}]})).into_response(),
        Mood::Silent => {
            tokio::time::sleep(Duration::from_mins(2)).await;
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

async fn elsewhere(State(embedder): State<Embedder>) -> Response {
    let question = Question { model: "along a redirect".into(), texts: Vec::new(), key: None };
    embedder.shared().asked.push(question);
    vectors(&["shelter".into()], false)
}
