//! What becomes of messages: handed over once, kept until somebody takes them, and never lost with a process.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use samverkan::db::Sql;
use samverkan::domain::meeting_invitation::round;
use serde_json::json;

use super::{Post, moved, reachable, told};
use crate::meeting::world::{MEETING, WORLD, group, keeper, plan, seen, sitting};
use crate::support::TestApp;
use crate::support::mail::{Letter, MailServer};
use crate::support::server::{Server, token};

#[tokio::test]
async fn what_is_not_taken_is_sent_again_later() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    post.server.refuse(Some("451 try again later"));
    assert!(post.letters().await.is_empty());
    post.server.refuse(None);
    assert!(post.letters().await.is_empty(), "not before a minute has passed");
    post.wait(1);
    let letters = post.letters().await;
    assert_eq!(letters.len(), 3);
    assert!(letters[0].subject.starts_with("Kallelse:"));

    // What changes meanwhile is what is sent.
    post.server.refuse(Some("451 try again later"));
    let meeting = moved(&client, &meeting, "2026-12-17T13:00:00+01:00").await;
    assert!(post.letters().await.is_empty());
    client.done("cancelMeeting", seen(&meeting), MEETING).await;
    post.server.refuse(None);
    let letters = post.letters().await;
    assert_eq!(told(&letters).iter().map(|(_, method)| *method).collect::<Vec<_>>(), ["CANCEL"; 3]);
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_sent_again() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    post.server.refuse(Some("550 5.1.1 nobody here by that name"));
    assert!(post.letters().await.is_empty());
    post.server.refuse(None);
    post.wait(24 * 60);
    assert!(post.letters().await.is_empty());
    // What is new is tried again: perhaps there is somebody now.
    moved(&client, &meeting, "2026-12-17T13:00:00+01:00").await;
    let letters = post.letters().await;
    assert_eq!(letters.len(), 3);
    assert!(letters[0].subject.starts_with("Kallelse:"), "they have not been told before: {}", letters[0].subject);
}

#[tokio::test]
async fn it_is_given_up_after_twenty_attempts() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    plan(&client, "svom", "2026-12-18").await;
    post.server.refuse(Some("451 try again later"));
    for _ in 0..20 {
        assert!(post.letters().await.is_empty());
        post.wait(4 * 60);
    }
    post.server.refuse(None);
    assert!(post.letters().await.is_empty());
}

#[tokio::test]
async fn a_mail_server_that_is_away_for_a_day_loses_nothing() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    plan(&client, "svom", "2026-12-18").await;
    post.server.refuse(Some(""));
    for _ in 0..24 * 6 {
        assert!(post.letters().await.is_empty());
        post.wait(10);
    }
    post.server.refuse(None);
    post.wait(4 * 60);
    assert_eq!(post.letters().await.len(), 3);
}

#[tokio::test]
async fn several_instances_send_each_message_once() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    for day in ["2026-12-14", "2026-12-15", "2026-12-16", "2026-12-17"] {
        plan(&client, "svom", day).await;
    }
    let rounds = (0..4).map(|_| {
        let (sender, mail) = (post.sender.clone(), post.mail.clone());
        tokio::spawn(async move { round(&sender, &mail, &|| false).await })
    });
    for round in rounds.collect::<Vec<_>>() {
        round.await.expect("a task").expect("a round");
    }
    let letters = post.letters().await;
    assert_eq!(letters.len(), 12, "{:?}", told(&letters));
    let ids: HashSet<&str> = letters.iter().map(|letter| letter.id.as_str()).collect();
    assert_eq!(ids.len(), 12, "{ids:?}");
}

#[tokio::test]
async fn what_is_over_is_nobodys_news_and_is_forgotten() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    post.letters().await;
    post.wait(60 * 24 * 60);
    client.done("cancelMeeting", seen(&meeting), MEETING).await;
    assert!(post.letters().await.is_empty());
    let kept = post.sender.db.query(Sql::text("SELECT id FROM meeting_invitation")).await.expect("rows");
    assert!(kept.is_empty(), "a month later nothing says who was called");
}

async fn arrived(mail: &MailServer) -> Vec<Letter> {
    let begun = Instant::now();
    loop {
        let letters = mail.letters();
        if !letters.is_empty() || begun.elapsed() > Duration::from_secs(60) {
            return letters;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_binary_sends_what_was_planned_before_it_was_killed() {
    let app = TestApp::of(&reachable(WORLD)).await;
    let mail = MailServer::start().await;
    let settings =
        [("SAMVERKAN_SMTP_URL", mail.url.as_str()), ("SAMVERKAN_MAIL_FROM", "Samverkan <samverkan@example.org>")];
    let mut server = Server::start_with(&app.url, &settings);
    let asker = server.asker(&token(&app.url, &["--role", "administrator"]));
    let buz = group(&app.administrator(), "buz").await;
    let plan = json!({ "sittings": [sitting("2029-03-01", "09:00", "10:00", &[&buz])] });
    let planned = asker.change("planMeeting", &plan, "meeting { id }").await;
    server.kill();
    assert_eq!(planned.expect("an answer")["errors"], json!([]));
    let _server = Server::start_with(&app.url, &settings);
    let letters = arrived(&mail).await;
    assert!(letters.iter().any(|letter| letter.value("DTSTART") == "20290301T080000Z"), "{letters:?}");
}
