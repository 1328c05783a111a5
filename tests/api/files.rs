//! Files: sent in pieces, hung on messages, handed out to those who may open these.

use reqwest::Method;
use serde_json::json;
use support::region::{Region, draft, text};
use uuid::Uuid;

/// A picture of two colours.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb(if (x / 8 + y / 8) % 2 == 0 { [200, 30, 60] } else { [20, 90, u8::try_from(x % 251).expect("a byte")] })
    });
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Png).expect("a picture");
    out.into_inner()
}

#[tokio::test]
async fn a_file_is_sent_in_pieces_and_goes_on_where_it_stopped() {
    let region = Region::shared();
    let (owner, other) = (region.person("member.ro").await, region.person("member.gr").await);
    let whole = "a line of a text that is long enough for several pieces\n".repeat(4_000).into_bytes();
    let begun = owner.post("/api/files", json!({"name": "../notes.txt", "size": whole.len(), "media_type": "x"})).await.is(201);
    assert_eq!((&begun["offset"], &begun["state"], &begun["file"]), (&json!(0), &json!("uploading"), &json!(null)));
    let path = format!("/api/files/{}", text(&begun["id"]));
    let send = async |from: usize, to: usize| {
        let piece = whole[from..to].to_vec();
        owner.with("upload-offset", &from.to_string()).send_raw(Method::PATCH, &path, "application/octet-stream", piece).await
    };
    // What makes no whole 64 KiB is not kept yet.
    assert_eq!(send(0, 100_000).await.is(200)["offset"], 65_536);
    let problem = send(100_000, 120_000).await.refused(409, "upload_offset");
    assert_eq!(problem["offset"], 65_536);
    assert_eq!(owner.get(&path).await.is(200)["offset"], 65_536);
    // It is nobody else's business.
    let nothing = other.get(&format!("/api/files/{}", Uuid::now_v7())).await;
    for (method, kind) in [(Method::GET, None), (Method::DELETE, None), (Method::PATCH, Some("application/octet-stream"))] {
        let answer = match kind {
            Some(kind) => other.with("upload-offset", "65536").send_raw(method, &path, kind, vec![1]).await,
            None => other.send(method, &path, None).await,
        };
        assert_eq!((answer.status, &answer.text), (404, &nothing.text));
    }
    owner.get(&format!("{path}/content")).await.refused(404, "not_found");
    assert_eq!(send(65_536, 200_000).await.is(200)["offset"], 196_608);
    let done = send(196_608, whole.len()).await.is(200);
    assert_eq!(
        (&done["state"], &done["file"]["name"], &done["file"]["kind"]),
        (&json!("ready"), &json!("notes.txt"), &json!("document"))
    );
    assert_eq!(done["file"]["media_type"], "text/plain; charset=utf-8");
    // Whoever has lost the answer asks again.
    assert_eq!(send(whole.len(), whole.len()).await.is(200)["file"], done["file"]);
    let (status, headers, bytes) = owner.bytes(&format!("{path}/content")).await;
    assert_eq!((status, bytes == whole), (200, true));
    assert_eq!(headers["content-disposition"], "attachment; filename*=UTF-8''notes.txt");
    other.get(&format!("{path}/content")).await.refused(404, "not_found");
    owner.delete(&path).await.is(204);
    owner.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_can_not_be_sent_is_refused_before_it_comes() {
    let region = Region::shared();
    let owner = region.person("member.ro").await;
    owner.post("/api/files", json!({"name": "a.txt", "size": 0})).await.refused(422, "file_empty");
    let large = owner.post("/api/files", json!({"name": "a.txt", "size": 25 * 1024 * 1024 + 1})).await;
    assert_eq!(large.refused(422, "file_too_large")["limit"], 25 * 1024 * 1024);
    let begun = owner.post("/api/files", json!({"name": "a.txt", "size": 10})).await.is(201);
    let path = format!("/api/files/{}", text(&begun["id"]));
    let at = |offset: &str| owner.with("upload-offset", offset);
    at("0").send_raw(Method::PATCH, &path, "application/json", b"{}".to_vec()).await.refused(415, "unsupported_media_type");
    owner.send_raw(Method::PATCH, &path, "application/octet-stream", b"x".to_vec()).await.refused(400, "bad_request");
    at("0").send_raw(Method::PATCH, &path, "application/octet-stream", vec![b'x'; 11]).await.refused(413, "payload_too_large");
    // Everywhere else a body is as small as before.
    let long = vec![b' '; 300_000];
    owner.send_raw(Method::POST, "/api/files", "application/json", long.clone()).await.refused(413, "payload_too_large");
    owner.send_raw(Method::PATCH, "/api/me", "application/json", long).await.refused(413, "payload_too_large");
}

#[tokio::test]
async fn what_a_message_carries_is_for_those_who_may_read_it() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let outsider = region.person("member.rs").await;
    let room = region.room("closed", &[&author, &reader]).await;
    let mut socket = reader.live().await;
    let picture = author.file("Постер.PNG", &png(900, 600)).await;
    let notes = author.file("notes.txt", b"what was agreed").await;
    let message = author.say_with(&room, "the poster and the notes", &[&picture, &notes]).await;
    let told = socket.next_of("message").await.expect("told")["message"].clone();
    assert_eq!((told["attachments"].as_array().map(Vec::len), &told["attachments"][1]["name"]), (Some(2), &json!("notes.txt")));
    let shown = reader.get(&format!("/api/messages/{message}")).await.is(200);
    assert_eq!(shown["attachments"], told["attachments"]);
    let file = &shown["attachments"][0];
    assert_eq!(
        (&file["kind"], &file["width"], &file["height"], &file["thumbnail"]),
        (&json!("image"), &json!(900), &json!(600), &json!(true))
    );
    for path in [
        format!("/api/files/{picture}/content"),
        format!("/api/files/{picture}/thumbnail"),
        format!("/api/files/{notes}/content"),
    ] {
        let (status, headers, bytes) = reader.bytes(&path).await;
        assert_eq!((status, bytes.is_empty()), (200, false), "{path}");
        assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        assert_eq!(headers["cache-control"], "private, no-store");
        assert!(headers["content-disposition"].to_str().expect("text").starts_with("attachment; "));
        assert!(headers.get("content-encoding").is_none(), "{path}");
        let nothing = outsider.get(&format!("/api/files/{}/content", Uuid::now_v7())).await;
        let hidden = outsider.get(&path).await;
        assert_eq!((hidden.status, &hidden.text, hidden.headers.len()), (404, &nothing.text, nothing.headers.len()), "{path}");
    }
    // Our own pictures are shown in our own page, and nothing else is.
    let inline = reader.with("sec-fetch-dest", "image").with("sec-fetch-site", "same-origin");
    for (path, shown) in [(format!("/api/files/{picture}/content"), true), (format!("/api/files/{notes}/content"), false)] {
        let (_, headers, _) = inline.bytes(&path).await;
        assert_eq!(headers["content-disposition"].to_str().expect("text").starts_with("inline; "), shown, "{path}");
    }
    let place = reader.get(&format!("/api/files/{notes}")).await.is(200);
    assert_eq!((&place["holder"]["kind"], &place["holder"]["place"]), (&json!("message"), &json!(format!("/m/{message}"))));
    // It hangs there, and on nothing else.
    let mut again = draft("again");
    again["attachments"] = json!([notes]);
    author.post(&format!("/api/channels/{room}/messages"), again.clone()).await.refused(422, "attachment_unusable");
    again["attachments"] = json!([reader.file("b.txt", b"theirs").await]);
    author.post(&format!("/api/channels/{room}/messages"), again).await.refused(422, "attachment_unusable");
    author.delete(&format!("/api/files/{notes}")).await.refused(409, "file_attached");
    author.delete(&format!("/api/messages/{message}")).await.is(204);
    for file in [&picture, &notes] {
        author.get(&format!("/api/files/{file}/content")).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn pictures_are_for_rooms_unless_a_channel_takes_them() {
    let region = Region::shared();
    let author = region.person("member.ro").await;
    let room = region.room("open", &[&author]).await;
    let posts = format!("/api/channels/{room}/messages");
    let mut wish = draft("a poster");
    wish["attachments"] = json!([author.file("poster.png", &png(40, 30)).await]);
    author.post(&posts, wish.clone()).await.refused(422, "pictures_not_here");
    author.say_with(&room, "a document", &[&author.file("a.txt", b"words").await]).await;
    let moderator = region.person("moderator.region").await;
    assert_eq!(moderator.patch(&format!("/api/channels/{room}"), json!({"pictures": true})).await.is(200)["pictures"], true);
    author.post(&posts, wish).await.is(201);
}
