//! What the OpenAPI document says once about all routes, so that no handler has to repeat it: the answers of the layers
//! around them, the shape of a problem, and how one proves who one is.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi, Ref, RefOr, Response, ResponseBuilder, schema};

/// The name of the problem document's schema (RFC 9457).
const PROBLEM: &str = "Problem";
const PROBLEM_TYPE: &str = "application/problem+json";
/// The names of the two ways to prove who one is.
const SESSION: &str = "session";
const TOKEN: &str = "token";

/// What may be answered on every route.
const EVERYWHERE: [(&str, &str); 2] =
    [("500", "Something failed here"), ("503", "The server is busy: Retry-After says for how long")];
/// What is answered where a body can't be read.
const BODIES: [(&str, &str); 4] = [
    ("400", "The body can't be read"),
    ("408", "The body came too slowly"),
    ("413", "The body is too large"),
    ("415", "The body is no JSON"),
];
/// What is answered to a write of another site.
const WRITES: [(&str, &str); 1] = [("403", "The request came from another site, or isn't the caller's to make")];
/// What the `Idempotency-Key` of somebody signed in may come to.
const KEYS: [(&str, &str); 3] = [
    ("400", "The Idempotency-Key can't be one"),
    ("409", "It clashes with what is there, or the request with this key is still being carried out"),
    ("422", "Understood and refused for what it says, or the key belongs to another request"),
];
const PARAMETERS: [(&str, &str); 1] = [("400", "A parameter can't be read")];

/// Adds to a document what holds for all of its routes.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.schemas.insert(PROBLEM.into(), problem());
    let cookie = ApiKeyValue::with_description("egida_session", "Begun by POST /api/session. Behind TLS __Host-egida_session.");
    components.add_security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token of an integration")).build();
    components.add_security_scheme(TOKEN, SecurityScheme::Http(bearer));
    for (path, item) in &mut document.paths.paths {
        for (writes, operation) in operations(item) {
            complete_operation(path, writes, operation);
        }
    }
}

/// The operations of a path that we have, and whether each writes.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let all = [
        (false, &mut item.get),
        (true, &mut item.put),
        (true, &mut item.post),
        (true, &mut item.patch),
        (true, &mut item.delete),
    ];
    all.into_iter().filter_map(|(writes, operation)| Some((writes, operation.as_mut()?)))
}

fn complete_operation(path: &str, writes: bool, operation: &mut Operation) {
    let signs_in = path == "/api/session" || path == "/api/session/passkey";
    let signed_in = operation.responses.responses.contains_key("401") && !(writes && signs_in);
    let parameters = operation.parameters.iter().flatten().filter_map(inline);
    let asks = parameters.map(|parameter| &parameter.parameter_in).any(|place| *place == ParameterIn::Query);
    if asks {
        note(operation, &PARAMETERS);
    }
    if operation.request_body.is_some() {
        note(operation, &BODIES);
    }
    if writes {
        note(operation, &WRITES);
    }
    if writes && signed_in {
        note(operation, &KEYS);
    }
    note(operation, &EVERYWHERE);
    if signed_in {
        let none = Vec::<String>::new();
        operation.security = Some([SESSION, TOKEN].map(|way| SecurityRequirement::new(way, none.clone())).to_vec());
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.as_str() >= "400"
            && response.content.is_empty()
        {
            let shape = ContentBuilder::new().schema(Some(Ref::from_schema_name(PROBLEM))).build();
            response.content.insert(PROBLEM_TYPE.into(), shape.into());
        }
    }
}

fn inline<T>(it: &RefOr<T>) -> Option<&T> {
    match it {
        RefOr::T(it) => Some(it),
        RefOr::Ref(_) => None,
    }
}

/// Adds answers that the route itself doesn't name.
fn note(operation: &mut Operation, answers: &[(&str, &str)]) {
    for (status, meaning) in answers {
        let answer = || RefOr::T(Response::from(ResponseBuilder::new().description(*meaning)));
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(answer);
    }
}

fn problem() -> RefOr<schema::Schema> {
    let text = |what: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(what)).build();
    let problem = ObjectBuilder::new()
        .description(Some("A refusal or a failure (RFC 9457)"))
        .property("type", text("A name for this kind of problem"))
        .property("title", text("In English, for whoever reads the wire"))
        .property("status", ObjectBuilder::new().schema_type(Type::Integer).description(Some("The status once more")))
        .property("code", text("Stable: the screen chooses its words by it"))
        .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    ["type", "title", "status", "code"].into_iter().fold(problem, ObjectBuilder::required).build().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> OpenApi {
        let text = r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
            "/api/session": {"post": {"requestBody": {"content": {}}, "responses": {"401": {"description": "Wrong"}}}},
            "/api/things": {
                "get": {"parameters": [{"name": "q", "in": "query", "required": false}], "responses": {"401": {"description": ""}}},
                "put": {"responses": {"204": {"description": ""}, "401": {"description": ""}, "409": {"description": "Own words"}}}
            }}}"#;
        let mut document = serde_json::from_str(text).expect("a document");
        complete(&mut document);
        document
    }

    fn statuses(operation: Option<&Operation>) -> Vec<&str> {
        operation.expect("an operation").responses.responses.keys().map(String::as_str).collect()
    }

    #[test]
    fn every_route_names_the_answers_of_the_layers_around_it() {
        let document = document();
        let (sign_in, things) = (&document.paths.paths["/api/session"], &document.paths.paths["/api/things"]);
        assert_eq!(statuses(things.get.as_ref()), ["400", "401", "500", "503"]);
        assert_eq!(statuses(things.put.as_ref()), ["204", "400", "401", "403", "409", "422", "500", "503"]);
        assert_eq!(statuses(sign_in.post.as_ref()), ["400", "401", "403", "408", "413", "415", "500", "503"]);
    }

    #[test]
    fn refusals_are_problems_and_keep_their_words() {
        let document = document();
        let put = document.paths.paths["/api/things"].put.as_ref().expect("an operation");
        for (status, response) in &put.responses.responses {
            let RefOr::T(response) = response else { panic!("{status}") };
            assert_eq!(response.content.contains_key(PROBLEM_TYPE), status.as_str() >= "400", "{status}");
        }
        let RefOr::T(conflict) = &put.responses.responses["409"] else { panic!("no answer") };
        assert_eq!(conflict.description, "Own words");
    }

    #[test]
    fn who_signs_in_needs_no_session_yet() {
        let document = document();
        let (sign_in, things) = (&document.paths.paths["/api/session"], &document.paths.paths["/api/things"]);
        assert!(sign_in.post.as_ref().expect("an operation").security.is_none());
        assert!(things.get.as_ref().expect("an operation").security.is_some());
    }
}
