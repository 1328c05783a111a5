//! Files: sent in pieces, hung on messages, handed out to those who may open these.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use support::region::{Client, Region, draft, text};
use support::server_process::{Launch, outcome, run};
use uuid::Uuid;

use crate::erasing::{journalled, restore};
use crate::hostile_files::page;

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

/// The files in the data folder's folder of files.
fn lying(data: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(data.join("files")).into_iter().flatten();
    all.filter(|entry| entry.file_type().is_file()).map(|entry| entry.path().to_owned()).collect()
}

/// Whether any file of a folder holds these bytes.
fn held_in(folder: &Path, bytes: &[u8]) -> bool {
    let all = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    all.map(|entry| std::fs::read(entry.path()).unwrap_or_default())
        .any(|content| memchr::memmem::find(&content, bytes).is_some())
}

#[tokio::test]
async fn a_stolen_disk_shows_nothing_of_a_file_and_a_killed_server_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    let region = Region::start(&[]).expect("a region");
    let owner = region.person("member.ro").await;
    region.stop().expect("stopped");
    let mut server = Launch::egida(region.folder()).expect("built").start().expect("it serves");
    let there = owner.at(&format!("http://{}", server.address()));
    let whole = "nobody reads kanarinac on a stolen disk\n".repeat(10_000).into_bytes();
    let begun = there.post("/api/files", json!({"name": "a.txt", "size": whole.len()})).await.is(201);
    let path = format!("/api/files/{}", text(&begun["id"]));
    let piece = |from: usize, to: usize| whole[from..to].to_vec();
    let sent =
        there.with("upload-offset", "0").send_raw(Method::PATCH, &path, "application/octet-stream", piece(0, 250_000)).await;
    assert_eq!(sent.is(200)["offset"], 196_608);
    assert!(!held_in(region.folder(), b"kanarinac"), "encrypted from the first byte on");
    server.kill().expect("killed");
    let mut server = Launch::egida(region.folder()).expect("built").start().expect("it serves again");
    let there = owner.at(&format!("http://{}", server.address()));
    let offset = there.get(&path).await.is(200)["offset"].as_u64().expect("an offset");
    assert_eq!(offset, 196_608, "what was kept is kept");
    let from = usize::try_from(offset).expect("short");
    let rest = there.with("upload-offset", &offset.to_string());
    let done = rest.send_raw(Method::PATCH, &path, "application/octet-stream", piece(from, whole.len())).await.is(200);
    assert_eq!(done["state"], "ready");
    assert_eq!(there.bytes(&format!("{path}/content")).await.2, whole);
    // A picture's words are its pixels: none of them lie there as they are sent.
    let picture = there.file("a.png", &png(700, 500)).await;
    let (_, _, shown) = there.bytes(&format!("/api/files/{picture}/content")).await;
    assert!(!held_in(region.folder(), &shown[shown.len() / 2..shown.len() / 2 + 48]));
    let files = lying(region.folder());
    assert_eq!(files.len(), 3, "{files:?}");
    for file in &files {
        assert_eq!(std::fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600, "{file:?}");
        assert!(!file.to_string_lossy().contains("a.txt"));
    }
    run(region.folder(), &["verify"], None).expect("sound");
    // One changed byte is found.
    let mut bytes = std::fs::read(&files[0]).expect("there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&files[0], bytes).expect("written");
    let found = outcome(region.folder(), &["verify"]).expect("run");
    assert!(found.code == Some(1) && found.stdout.contains("files: ") && found.stdout.contains("can't be read"), "{found:?}");
    server.stop().expect("stopped");
}

#[tokio::test]
async fn what_is_deleted_leaves_nothing_and_does_not_come_back_with_a_backup() {
    let region = Region::start(&[]).expect("a region");
    let author = region.person("member.ro").await;
    let room = region.room("closed", &[&author]).await;
    let gone = author.file("gone.txt", b"zwergkanariqux was here").await;
    let stays = author.file("stays.txt", b"this one stays").await;
    let message = author.say_with(&room, "a file", &[&gone]).await;
    author.say_with(&room, "another file", &[&stays]).await;
    let place = tempfile::tempdir().expect("a folder");
    let (backup, restored) = (place.path().join("region.db"), place.path().join("restored"));
    run(region.folder(), &["backup", backup.to_str().expect("text")], None).expect("a backup");
    assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 1, "one file");
    author.delete(&format!("/api/messages/{message}")).await.is(204);
    let begun = Instant::now();
    while lying(region.folder()).len() > 1 || held_in(region.folder(), b"kanariqux") {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", lying(region.folder()));
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    journalled(&region, &[&gone, "\nfile "]).await;
    region.stop().expect("stopped");
    // Without the key its files are lost, which is said; all else is there.
    let keyless = place.path().join("keyless");
    run(&keyless, &["restore", backup.to_str().expect("text")], None).expect("restored");
    let told = outcome(&keyless, &["verify"]).expect("run");
    assert!(told.code == Some(1) && told.stdout.contains("2 can't be opened"), "{told:?}");
    restore(&region, &backup, &restored);
    run(&restored, &["verify"], None).expect("sound");
    assert_eq!(lying(&restored).len(), 2);
    let server = Launch::egida(&restored).expect("built").start().expect("it serves");
    let there = author.at(&format!("http://{}", server.address()));
    assert_eq!(there.bytes(&format!("/api/files/{stays}/content")).await.2, b"this one stays");
    there.get(&format!("/api/files/{gone}/content")).await.refused(404, "not_found");
    let begun = Instant::now();
    while lying(&restored).len() > 1 {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", lying(&restored));
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

#[tokio::test]
async fn nobody_sends_more_than_their_share() {
    let region = Region::shared();
    let owner = region.person("member.gr").await;
    let mut refused = None;
    for _ in 0..30 {
        let answer = owner.post("/api/files", json!({"name": "a.pdf", "size": 25 * 1024 * 1024})).await;
        if answer.status != 201 {
            refused = Some(answer);
            break;
        }
    }
    let problem = refused.expect("an end").refused(422, "file_quota");
    assert_eq!((&problem["of"], &problem["limit"]), (&json!("day"), &json!(512 * 1024 * 1024)));
}

#[tokio::test]
async fn a_download_stops_when_its_reader_is_put_out() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("interpreter.ro").await);
    let room = region.room("closed", &[&author, &reader]).await;
    let long = "x".repeat(12_000_000);
    let whole = page("", "", &[&format!("<</Length {}>>\nstream\n{long}\nendstream", long.len())]);
    let file = author.file("long.pdf", &whole).await;
    author.say_with(&room, "long", &[&file]).await;
    let mut coming = reader.request(Method::GET, &format!("/api/files/{file}/content")).send().await.expect("an answer");
    assert_eq!(coming.status(), 200);
    let mut got = coming.chunk().await.expect("bytes").expect("a piece").len();
    let moderator = region.person("moderator.region").await;
    moderator.delete(&format!("/api/channels/{room}/members/{}", reader.id)).await.is(204);
    while let Ok(Some(piece)) = coming.chunk().await {
        got += piece.len();
    }
    // What the network holds is on its way already.
    assert!(got < whole.len(), "{got} of {}", whole.len());
    reader.get(&format!("/api/files/{file}/content")).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_red_is_handed_out_in_person_and_noted() {
    let region = Region::shared();
    let (author, reader) = (region.signed_in("member.ro").await, region.signed_in("member.gr").await);
    let room = region.room("closed", &[&author, &reader]).await;
    let file = region.person("member.ro").await.file("red.txt", b"for those here alone").await;
    let mut wish = draft("RED");
    (wish["attachments"], wish["marking"]) = (json!([file]), "red".into());
    let message = text(&author.post(&format!("/api/channels/{room}/messages"), wish).await.is(201)["id"]);
    let among_others = reader.get(&format!("/api/channels/{room}/messages")).await.is(200);
    assert_eq!(among_others["items"][0]["attachments"], json!([]), "{among_others}");
    let path = format!("/api/files/{file}/content");
    region.person("member.gr").await.get(&path).await.refused(403, "withheld");
    let moderator = region.signed_in("moderator.region").await;
    moderator.delete(&format!("/api/channels/{room}/members/me")).await.is(204);
    moderator.get(&path).await.refused(403, "withheld");
    let readers = format!("/api/messages/{message}/readers");
    assert_eq!(author.get(&readers).await.is(200)["items"], json!([]));
    assert_eq!(reader.bytes(&path).await.2, b"for those here alone");
    assert_eq!(author.get(&readers).await.is(200)["items"][0]["person"]["id"], reader.id.as_str());
    assert_eq!(reader.get(&format!("/api/messages/{message}")).await.is(200)["attachments"][0]["name"], "red.txt");
    assert!(!reader.get("/api/search?q=red.txt").await.text.contains(&file), "nothing RED is found elsewhere");
}

#[tokio::test]
async fn what_waits_waits_with_its_files() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.rs").await, region.person("member.gr").await);
    let moderator = region.person("moderator.region").await;
    let room = region.room("closed", &[&author, &reader]).await;
    let policy = json!({"hold_all": true, "newcomer_posts": 0, "slow_seconds": 0, "trigger_words": []});
    moderator.put_json(&format!("/api/channels/{room}/moderation"), policy).await.is(204);
    let posts = format!("/api/channels/{room}/messages");
    for (outcome, status) in [("release", 200), ("refuse", 404)] {
        let file = author.file("waits.txt", b"what waits").await;
        let mut wish = draft("with a file");
        wish["attachments"] = json!([file]);
        let held = text(&author.post(&posts, wish).await.is(202)["id"]);
        let path = format!("/api/files/{file}/content");
        assert_eq!((author.bytes(&path).await.0, moderator.bytes(&path).await.0), (200, 200));
        reader.get(&path).await.refused(404, "not_found");
        let decision = json!({"outcome": outcome, "reason": "unsafe", "note": "n"});
        moderator.put_json(&format!("/api/moderation/queue/{held}/decision"), decision).await.is(204);
        assert_eq!(reader.bytes(&path).await.0, status, "{outcome}");
        if outcome == "release" {
            let shown = reader.get(&format!("/api/messages/{held}")).await.is(200);
            assert_eq!(shown["attachments"][0]["id"], file.as_str());
        }
    }
}

#[tokio::test]
async fn a_file_is_found_by_what_stands_in_it_and_only_where_it_may_be_read() {
    let region = Region::shared();
    let (author, reader) = (region.person("member.ro").await, region.person("member.gr").await);
    let outsider = region.person("social.xk").await;
    let room = region.room("closed", &[&author, &reader]).await;
    let file = author.file("Field notes.txt", b"quokkaberry shelters were visited").await;
    let finds = async |who: &Client| who.get("/api/search?q=quokkaberry").await.is(200)["things"].to_string().contains(&file);
    assert!(finds(&author).await, "one's own is found before it hangs on something");
    assert!(!finds(&reader).await);
    let message = author.say_with(&room, "notes", &[&file]).await;
    assert!(finds(&reader).await && !finds(&outsider).await);
    author.delete(&format!("/api/messages/{message}")).await.is(204);
    assert!(!finds(&reader).await && !finds(&author).await);
}
