//! Asking the service (the shape is `LibreTranslate`'s): one question, one answer, nothing of its own words.

use std::time::Duration;

use hyper::Request;
use hyper::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::settings::{Settings, is_language};
use crate::base::text;

/// It must have answered whole by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// What it made of a text.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) text: String,
    /// The language that it took the text for.
    pub(super) from: Option<String>,
}

/// It didn't answer, or not as it should; why stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failed;

/// Has a text translated.
pub(super) async fn ask(service: &Settings, text: &str, to: &str) -> Result<Answered, Failed> {
    converse(service, text, to).await.map_err(|why| {
        tracing::warn!(host = service.host, why, "a message was not translated");
        Failed
    })
}

async fn converse(service: &Settings, text: &str, to: &str) -> Result<Answered, String> {
    let mut question = json!({"q": text, "source": "auto", "target": to, "format": "text"});
    if let Some(key) = &service.key {
        question["api_key"] = key.as_str().into();
    }
    let question = Request::post(&service.url).header(CONTENT_TYPE, "application/json").body(question.to_string().into_bytes());
    let question = question.map_err(|error| error.to_string())?;
    let answer = service.outgoing.ask_within(PATIENCE, question).await.map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("it answered {}", answer.status()));
    }
    understood(answer.body())
}

/// The answer, if it is one that can be shown.
fn understood(body: &[u8]) -> Result<Answered, String> {
    // What a parser says of it may repeat it.
    let answer: Value = serde_json::from_slice(body).map_err(|_| "its answer can't be understood")?;
    let text = answer["translatedText"].as_str().ok_or("its answer holds no translation")?;
    let text = text::unified(text).trim().to_owned();
    if text.is_empty() || text::has_controls(&text) {
        return Err("its answer can't be shown".into());
    }
    let from = answer["detectedLanguage"]["language"].as_str().filter(|code| is_language(code)).map(ToOwned::to_owned);
    Ok(Answered { text, from })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_text_and_perhaps_a_language() {
        let good =
            understood(r#"{"translatedText":" Bonjour\r\n ","detectedLanguage":{"confidence":90,"language":"en"}}"#.as_bytes());
        let good = good.expect("understood");
        assert_eq!((good.text.as_str(), good.from.as_deref()), ("Bonjour", Some("en")));
        for bare in [r#"{"translatedText":"Bonjour"}"#, r#"{"translatedText":"Bonjour","detectedLanguage":[{"language":"<b>"}]}"#]
        {
            assert_eq!(understood(bare.as_bytes()).expect("understood").from, None, "{bare}");
        }
    }

    #[test]
    fn what_is_no_answer_is_not_repeated() {
        for bad in
            ["", "canary", "{\"error\":\"canary\"}", "{\"translatedText\":7}", "{\"translatedText\":\" \"}", "[\"canary\"]"]
        {
            let why = understood(bad.as_bytes()).expect_err(bad);
            assert!(!why.contains("canary"), "{bad}: {why}");
        }
        assert!(understood("{\"translatedText\":\"a\\u202Eb\"}".as_bytes()).is_err(), "nothing turns the writing around");
    }
}
