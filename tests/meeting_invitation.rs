//! Invitations by e-mail: who is told what, how often, and what happens when nobody takes it.

mod delivery;
mod seen;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use entity::values::Instant;
use samverkan::app::App;
use samverkan::config;
use samverkan::domain::meeting_invitation::{begin, round};
use samverkan::mail::Mail;
use serde_json::{Value, json};

use crate::meeting::world::{MEETING, WORLD, group, joint_day, keeper, person, plan, seen, sitting, with};
use crate::support::mail::{Letter, MailServer};
use crate::support::{Client, TestApp, clock};

/// A directory whose people have addresses, and that sends mail.
pub struct Post {
    pub app: TestApp,
    /// The same directory, as the instance that sends sees it.
    pub sender: App,
    pub mail: Mail,
    pub server: MailServer,
    now: Arc<AtomicI64>,
}

impl Post {
    /// It begins to send at once.
    pub async fn start() -> Self {
        let app = TestApp::of(&reachable(WORLD)).await;
        let now = Arc::new(AtomicI64::new(clock()().0));
        let time = now.clone();
        let sender = App::open(&app.url, Arc::new(move || Instant(time.load(Ordering::SeqCst)))).await;
        let sender = sender.expect("a directory");
        begin(&sender).await.expect("a place in the trail");
        let server = MailServer::start().await;
        let from = "\"Region Jämtland Härjedalen, Samverkan\" <samverkan@example.org>".parse().expect("a mailbox");
        let mail = Mail::new(&config::Mail { url: server.url.clone(), from }).expect("a mail server");
        Self { app, sender, mail, server, now }
    }

    /// Sends what is due, and says what was handed over.
    pub async fn letters(&self) -> Vec<Letter> {
        round(&self.sender, &self.mail, &|| false).await.expect("a round");
        self.server.letters()
    }

    pub fn wait(&self, minutes: i64) {
        self.now.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }
}

/// Everybody has an address.
fn reachable(documents: &str) -> String {
    let mut text = documents.to_owned();
    for name in ["Anna", "Bo", "Cia", "Dan", "Eva", "Fia", "Gro"] {
        let point = format!("{{ kind = \"EMAIL\", value = \"{}@example.org\" }}", name.to_lowercase());
        let line = format!("givenName = \"{name}\"\n");
        text = text.replace(&line, &format!("{line}contactPoints = [{point}]\n"));
    }
    text
}

fn told(letters: &[Letter]) -> Vec<(&str, &str)> {
    letters.iter().map(|letter| (letter.to.as_str(), letter.method.as_str())).collect()
}

async fn moved(client: &Client, meeting: &Value, to: &str) -> Value {
    let input = with(seen(meeting), json!({ "startsAt": to, "place": "Gamla teatern" }));
    client.done("moveMeeting", input, MEETING).await["meeting"].take()
}

#[tokio::test]
async fn who_should_come_is_called_and_told_of_every_change() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    let letters = post.letters().await;
    // Dan sits on a substitute's seat, and comes only for another.
    assert_eq!(
        told(&letters),
        [("anna@example.org", "REQUEST"), ("eva@example.org", "REQUEST"), ("gro@example.org", "REQUEST")]
    );
    let anna = &letters[0];
    assert_eq!(anna.subject, "Kallelse: SVOM, 2026-12-18 09:00–10:00");
    assert!(anna.text.contains("Du kallas till ett möte.") && anna.text.contains("När: 2026-12-18 09:00–10:00"));
    assert!(anna.raw.contains("Auto-Submitted: auto-generated"));
    let calendar =
        |letter: &Letter, names: &[&str]| names.iter().map(|name| letter.value(name).to_owned()).collect::<Vec<_>>();
    let feed = post.app.public().get("/groups/svom.ics").send().await.0.into_body().into_string().await;
    let feed = Letter { calendar: feed.expect("a calendar"), ..Letter::default() };
    let same = ["UID", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"];
    assert_eq!(calendar(anna, &same), calendar(&feed, &same), "the same event as in the group's calendar");
    assert_eq!(
        calendar(anna, &["METHOD", "ATTENDEE", "ORGANIZER"]),
        ["REQUEST", "mailto:anna@example.org", "mailto:samverkan@example.org"]
    );
    assert!(anna.calendar.contains("ORGANIZER;CN=\"Region Jämtland Härjedalen, Samverkan\":mailto:"));
    assert_eq!(anna.calendar.matches("ATTENDEE").count(), 1, "nobody learns who else is called");
    assert!(post.letters().await.is_empty(), "once is enough");

    let meeting = moved(&client, &meeting, "2026-12-17T13:00:00+01:00").await;
    let letters = post.letters().await;
    assert_eq!(letters.len(), 3);
    assert_eq!(letters[0].subject, "Ändrad kallelse: SVOM, 2026-12-17 13:00–14:00");
    assert!(letters[0].text.contains("Var: Gamla teatern\nFlyttat från 2026-12-18 09:00."), "{}", letters[0].text);
    assert_eq!(calendar(&letters[0], &["UID"]), calendar(anna, &["UID"]));
    assert_eq!(calendar(&letters[0], &["METHOD", "SEQUENCE", "DTSTART"]), ["REQUEST", "1", "20261217T120000Z"]);

    client.done("cancelMeeting", seen(&meeting), MEETING).await;
    let letters = post.letters().await;
    assert_eq!(letters[2].subject, "Inställt: SVOM, 2026-12-17 13:00–14:00");
    assert_eq!(letters.iter().map(|letter| letter.method.as_str()).collect::<Vec<_>>(), ["CANCEL"; 3]);
    assert_eq!(
        calendar(&letters[2], &["UID", "METHOD", "STATUS", "SEQUENCE"]),
        [anna.value("UID"), "CANCEL", "CANCELLED", "2"]
    );
    assert!(post.letters().await.is_empty());
}

#[tokio::test]
async fn what_changes_before_it_is_told_is_told_as_it_is() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    let meeting = moved(&client, &meeting, "2026-12-17T13:00:00+01:00").await;
    moved(&client, &meeting, "2026-12-16T13:00:00+01:00").await;
    let other = plan(&client, "buz", "2026-12-21").await;
    client.done("cancelMeeting", seen(&other), MEETING).await;
    let letters = post.letters().await;
    assert_eq!(letters.len(), 3, "nobody was called to the other meeting, so nobody is told that it is cancelled");
    assert_eq!(letters[0].subject, "Kallelse: SVOM, 2026-12-16 13:00–14:00");
    assert_eq!(letters[0].value("SEQUENCE"), "2");
}

#[tokio::test]
async fn whoever_stands_in_is_called_instead() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    post.letters().await;
    let anna = person(&post.app, "Ask").await;
    let excused = json!({ "attendance": [{ "person": anna, "mode": "EXCUSED" }] });
    let excused = with(seen(&meeting), excused);
    let meeting = client.done("recordAttendance", excused, MEETING).await["meeting"].take();
    let letters = post.letters().await;
    assert_eq!(told(&letters), [("anna@example.org", "CANCEL"), ("bo@example.org", "REQUEST")]);
    assert_eq!(letters[0].subject, "Återkallad kallelse: SVOM, 2026-12-18 09:00–10:00");
    assert!(letters[0].text.contains("Mötet hålls ändå."));

    let comes = json!({ "attendance": [{ "person": anna, "mode": null }] });
    client.done("recordAttendance", with(seen(&meeting), comes), MEETING).await;
    let letters = post.letters().await;
    assert_eq!(told(&letters), [("anna@example.org", "REQUEST"), ("bo@example.org", "CANCEL")]);
    assert!(letters[0].subject.starts_with("Kallelse:"), "as if anew: {}", letters[0].subject);
}

#[tokio::test]
async fn a_changed_plan_tells_what_it_changes() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let input = json!({
        "groups": [group(&client, "svom").await], "recurrence": "FREQ=MONTHLY;BYDAY=2TU", "startTime": "09:00", "minutes": 90,
        "from": "2026-12-01", "until": "2027-03-01",
    });
    let fields = "schedule { id version }";
    let schedule = client.done("createSchedule", input, fields).await["schedule"].take();
    let letters = post.letters().await;
    assert_eq!(letters.len(), 9, "three meetings, three members");
    let change = |schedule: &Value, more: Value| {
        with(json!({ "schedule": schedule["id"], "expectedVersion": schedule["version"] }), more)
    };
    let place = change(&schedule, json!({ "place": "Gamla teatern" }));
    let schedule = client.done("updateSchedule", place, fields).await["schedule"].take();
    let letters = post.letters().await;
    assert_eq!(letters.len(), 9);
    assert!(
        letters.iter().all(|letter| letter.value("SEQUENCE") == "1" && letter.value("LOCATION") == "Gamla teatern")
    );
    let feed = post.app.public().get("/groups/svom.ics").send().await.0.into_body().into_string().await;
    assert_eq!(feed.expect("a calendar").matches("SEQUENCE:1\r\n").count(), 3, "subscribers learn it too");

    let fewer = change(&schedule, json!({ "recurrence": "FREQ=MONTHLY;BYDAY=2TU;COUNT=2" }));
    client.done("updateSchedule", fewer, fields).await;
    let letters = post.letters().await;
    assert_eq!(told(&letters).iter().map(|(_, method)| *method).collect::<Vec<_>>(), ["CANCEL"; 3]);
    assert!(
        letters.iter().all(|letter| letter.value("SEQUENCE") == "2" && letter.value("DTSTART").starts_with("202702"))
    );
}

#[tokio::test]
async fn who_comes_into_a_group_is_called_and_who_leaves_it_no_longer() {
    let post = Post::start().await;
    let (client, admin) = (keeper(&post.app).await, post.app.administrator());
    plan(&client, "svom", "2026-12-18").await;
    plan(&client, "svom", "2027-01-22").await;
    post.letters().await;
    let query = "{ group(by: {slug: \"svom\"}) { members { nodes { id version role person { givenName } } } } }";
    let members = admin.ask(query).await["group"]["members"]["nodes"].take();
    let anna = members.as_array().expect("members").iter().find(|row| row["person"]["givenName"] == "Anna");
    let anna = anna.expect("Anna");
    let replaced = json!({
        "membership": anna["id"], "expectedVersion": anna["version"], "person": person(&post.app, "Ceder").await, "on": "2027-01-01",
    });
    admin.done("replaceMember", replaced, "membership { id }").await;
    let letters = post.letters().await;
    assert_eq!(told(&letters), [("anna@example.org", "CANCEL"), ("cia@example.org", "REQUEST")], "from January on");
    assert!(letters.iter().all(|letter| letter.value("DTSTART") == "20270122T080000Z"));
}

#[tokio::test]
async fn a_new_address_is_called_and_the_old_one_no_longer() {
    let post = Post::start().await;
    let (client, admin) = (keeper(&post.app).await, post.app.administrator());
    plan(&client, "svom", "2026-12-18").await;
    post.letters().await;
    let query = format!("{{ person(id: {}) {{ contactPoints {{ id version }} }} }}", person(&post.app, "Ek").await);
    let point = admin.ask(&query).await["person"]["contactPoints"][0].take();
    let update =
        json!({ "contactPoint": point["id"], "expectedVersion": point["version"], "value": "eva.ek@example.com" });
    admin.done("updateContactPoint", update, "contactPoint { id }").await;
    let letters = post.letters().await;
    assert_eq!(told(&letters), [("eva.ek@example.com", "REQUEST"), ("eva@example.org", "CANCEL")]);
    assert_eq!(letters[0].value("UID"), letters[1].value("UID"));
}

#[tokio::test]
async fn nobody_reads_of_groups_that_they_do_not_see() {
    let post = Post::start().await;
    let admin = post.app.administrator();
    let (svom, hidden) = (group(&admin, "svom").await, group(&admin, "dold").await);
    let sittings = json!({ "sittings": [sitting("2026-12-18", "09:00", "10:00", &[&svom, &hidden])] });
    admin.done("planMeeting", sittings, MEETING).await;
    let letters = post.letters().await;
    let titles: Vec<(&str, &str)> =
        letters.iter().map(|letter| (letter.to.as_str(), letter.value("SUMMARY"))).collect();
    assert_eq!(
        titles,
        [
            ("anna@example.org", "SVOM"),
            ("eva@example.org", "SVOM"),
            // Fia sits in the hidden group alone, and Gro in both.
            ("fia@example.org", "Den dolda\\, SVOM"),
            ("gro@example.org", "Den dolda\\, SVOM"),
        ]
    );
    assert!(letters[..2].iter().all(|letter| !letter.raw.contains("dolda")));
}

#[tokio::test]
async fn of_a_joint_day_everybody_is_called_to_their_own_part() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    joint_day(&client).await;
    let letters = post.letters().await;
    let of = |to: &str| letters.iter().filter(|letter| letter.to == to).count();
    // Eva sits in both groups; the opening is one event for her.
    assert_eq!((of("anna@example.org"), of("fia@example.org"), of("eva@example.org")), (2, 2, 3));
}
