//! Asking the service (the shape is `OpenAI`'s): texts there, their vectors back, nothing of its own words.

use std::time::Duration;

use hyper::Request;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::json;

use super::settings::Settings;

/// Bytes of an answer at most: 32 vectors of 2,048 numbers, written out.
pub(super) const ANSWER_MAX: usize = 4 * 1024 * 1024;
/// Numbers of a vector at most.
const DIMENSIONS_MAX: usize = 2_048;
/// Texts of messages must have come back by then.
const PATIENCE: Duration = Duration::from_mins(1);
/// A query must have: somebody waits for it.
const PATIENCE_OF_A_READER: Duration = Duration::from_millis(150);

/// Why there are no vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// It doesn't take these texts.
    Refused(String),
    /// It doesn't answer, or not as it should.
    Otherwise(String),
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Refused(why) | Self::Otherwise(why)) = self;
        f.write_str(why)
    }
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    index: usize,
    embedding: Vec<f32>,
}

/// The vectors of texts of messages.
pub(super) async fn of_messages(settings: &Settings, texts: &[String]) -> Result<Vec<Vec<f32>>, Failed> {
    ask(settings, &settings.model, texts, PATIENCE).await
}

/// The vector of what somebody searches for.
pub(super) async fn of_query(settings: &Settings, text: String) -> Result<Vec<f32>, Failed> {
    let vectors = ask(settings, &settings.query_model, &[text], PATIENCE_OF_A_READER).await?;
    vectors.into_iter().next().ok_or_else(|| Failed::Otherwise("its answer holds no vector".into()))
}

async fn ask(settings: &Settings, model: &str, texts: &[String], patience: Duration) -> Result<Vec<Vec<f32>>, Failed> {
    let otherwise = |error: &dyn std::fmt::Display| Failed::Otherwise(error.to_string());
    let service = &settings.service;
    let mut question = Request::post(format!("{}/v1/embeddings", service.url)).header(CONTENT_TYPE, "application/json");
    if let Some(key) = &service.key {
        question = question.header(AUTHORIZATION, format!("Bearer {key}"));
    }
    let question = question.body(json!({"model": model, "input": texts}).to_string().into_bytes());
    let question = question.map_err(|error| otherwise(&error))?;
    let answer = service.outgoing.ask_within(patience, question).await.map_err(|error| otherwise(&error))?;
    match answer.status().as_u16() {
        200 => understood(answer.body(), texts.len()),
        400 | 413 | 422 => Err(Failed::Refused(format!("it answered {}", answer.status()))),
        _ => Err(Failed::Otherwise(format!("it answered {}", answer.status()))),
    }
}

/// One vector a text, in the order of the texts: all of one length and of finite numbers.
fn understood(body: &[u8], texts: usize) -> Result<Vec<Vec<f32>>, Failed> {
    let broken = |why: &str| Failed::Otherwise(why.into());
    // What a parser says of it may repeat it.
    let answer: Answer = serde_json::from_slice(body).map_err(|_| broken("its answer can't be understood"))?;
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
    for Embedding { index, embedding } in answer.data {
        let place = vectors.get_mut(index).ok_or_else(|| broken("its answer holds vectors of nothing that was asked"))?;
        if place.replace(embedding).is_some() {
            return Err(broken("its answer holds two vectors of one text"));
        }
    }
    let vectors: Vec<Vec<f32>> = vectors.into_iter().collect::<Option<_>>().ok_or_else(|| broken("its answer lacks vectors"))?;
    let length = vectors.first().map_or(0, Vec::len);
    let good = |vector: &Vec<f32>| vector.len() == length && vector.iter().all(|value| value.is_finite());
    if !(1..=DIMENSIONS_MAX).contains(&length) || !vectors.iter().all(good) {
        return Err(broken("its answer holds vectors that are none"));
    }
    Ok(vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_back_in_the_order_of_their_texts() {
        let body =
            br#"{"object":"list","data":[{"index":1,"embedding":[0,1]},{"object":"embedding","index":0,"embedding":[0.5,-2e-1]}],
            "model":"m","usage":{"total_tokens":3}}"#;
        assert_eq!(understood(body, 2), Ok(vec![vec![0.5, -0.2], vec![0.0, 1.0]]));
    }

    #[test]
    fn what_is_no_answer_is_not_repeated() {
        for bad in [
            "",
            "canary",
            r#"{"error":"canary"}"#,
            r#"{"data":[]}"#,
            r#"{"data":[{"index":0,"embedding":[1]}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":-1,"embedding":[1]}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}"#,
            r#"{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1e300]}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":["canary"]}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":"canary"}]}"#,
            r#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[null]}]}"#,
        ] {
            let why = understood(bad.as_bytes(), 2).expect_err(bad).to_string();
            assert!(!why.contains("canary"), "{bad}: {why}");
        }
        let long = format!(r#"{{"data":[{{"index":0,"embedding":[{}0]}}]}}"#, "0,".repeat(DIMENSIONS_MAX));
        assert!(understood(long.as_bytes(), 1).is_err(), "one number too many");
    }
}
