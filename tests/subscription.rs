//! Following changes: what is told, to whom, in which order, and for how long; over sockets and as events.

mod live;
mod protocol;
mod steady;

use std::sync::atomic::Ordering;
use std::time::Duration;

use entity::values::Role;
use samverkan::config::{Http, MAX_POINTS};
use samverkan::policy::Claim;
use serde_json::{Value, json};

use crate::support::TestApp;
use live::{Live, Socket};

const WORLD: &str = r#"
[[organisation]]
key = "bracke"
kind = "MUNICIPALITY"
name = "Bräcke kommun"
[[person]]
key = "anna"
givenName = "Anna"
familyName = "Exempel"
[[person]]
key = "berit"
givenName = "Berit"
familyName = "Exempel"
audience = "SIGNED_IN"
[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"
[[group.seats]]
key = "any"
role = "MEMBER"
description = "any"
organisation = "bracke"
capacity = 5
[[group]]
key = "dold"
name = "Dold"
kind = "NETWORK"
audience = "SIGNED_IN"
[[group.seats]]
key = "any"
role = "MEMBER"
description = "any"
organisation = "bracke"
capacity = 5
"#;

/// The world, served, and what its things are called.
struct World {
    live: Live,
    administrator: String,
    url: String,
}

impl World {
    async fn new() -> Self {
        Self::with(Http::default(), None).await
    }

    async fn with(settings: Http, points: Option<u64>) -> Self {
        let app = TestApp::of(WORLD).await;
        let live = Live::with(&app.url, settings, points).await;
        let administrator = live.administrator().await;
        Self { live, administrator, url: app.url }
    }

    async fn id(&self, query: &str, path: &str) -> String {
        let answer = self.live.post(Some(&self.administrator), query, json!({})).await;
        answer["data"].pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{answer:#}")).to_owned()
    }

    async fn group(&self, slug: &str) -> String {
        self.id(&format!("{{ group(by: {{slug: \"{slug}\"}}) {{ id }} }}"), "/group/id").await
    }

    async fn organisation(&self) -> String {
        self.id(r#"{ organisation(by: {slug: "bracke"}) { id } }"#, "/organisation/id").await
    }

    async fn person(&self, name: &str) -> String {
        let query = format!(r#"{{ people(filter: {{text: "{name}"}}) {{ nodes {{ id }} }} }}"#);
        self.id(&query, "/people/nodes/0/id").await
    }

    /// Gives somebody a seat; the change's id.
    async fn seat(&self, group: &str, person: &str) -> Value {
        let query = format!("{{ group(by: {{slug: \"{group}\"}}) {{ seats {{ nodes {{ id }} }} }} }}");
        let seat = self.id(&query, "/group/seats/nodes/0/id").await;
        let input = json!({ "seat": { "id": seat }, "person": self.person(person).await });
        self.live.done(&self.administrator, "addMember", input).await
    }

    /// Renames a group; the change's id.
    async fn rename(&self, slug: &str, name: &str) -> Value {
        let query = format!("{{ group(by: {{slug: \"{slug}\"}}) {{ id version }} }}");
        let answer = self.live.post(Some(&self.administrator), &query, json!({})).await;
        let (id, version) = (&answer["data"]["group"]["id"], &answer["data"]["group"]["version"]);
        let input = json!({ "group": id, "expectedVersion": version, "name": name });
        self.live.done(&self.administrator, "updateGroup", input).await
    }
}

const EVENT: &str =
    "cursor at groups { slug name } organisations { slug } people { name } subject { __typename } change { verb }";

fn changed(of: &str) -> String {
    format!("subscription {{ changed{of} {{ {EVENT} }} }}")
}

/// That an event is of a change, and of nothing that came before or in between.
fn is_of(event: &Value, change: &Value) {
    assert_eq!(event["cursor"], *change, "{event:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_concerns_what_is_followed_is_told_in_order_to_who_sees_it() {
    let world = World::new().await;
    let (run, dold, bracke) = (world.group("run").await, world.group("dold").await, world.organisation().await);
    let both = changed(&format!(r#"(groups: ["{run}", "{dold}"], organisations: ["{bracke}"])"#));
    let reader = world.live.token("reader", None).await;
    let mut public = world.live.socket(None).await;
    let mut signed_in = world.live.socket(Some(&reader)).await;
    let mut auditor = world.live.socket(Some(&world.administrator)).await;
    for socket in [&mut public, &mut signed_in] {
        socket.subscribe("1", &both).await;
    }
    auditor.subscribe("1", &changed("")).await;
    tokio::time::sleep(Duration::from_millis(500)).await;

    let hidden = world.rename("dold", "Dold grupp").await;
    let unseen = world.seat("run", "Berit").await;
    let hidden_seat = world.seat("dold", "Anna").await;
    let seen = world.seat("run", "Anna").await;

    let event = public.event().await;
    is_of(&event, &seen);
    assert_eq!(event["groups"], json!([{ "slug": "run", "name": "RUN" }]));
    assert_eq!(event["organisations"], json!([{ "slug": "bracke" }]));
    assert_eq!(event["people"], json!([]), "nobody is followed");
    assert_eq!(event["subject"], json!({ "__typename": "Membership" }));
    assert_eq!(event["change"], Value::Null, "who did it, why, and what was before is not for everybody");
    public.nothing().await;

    for (change, groups) in
        [(&hidden, vec!["dold"]), (&unseen, vec!["run"]), (&hidden_seat, vec!["dold"]), (&seen, vec!["run"])]
    {
        let event = signed_in.event().await;
        is_of(&event, change);
        let slugs: Vec<&str> =
            event["groups"].as_array().expect("groups").iter().filter_map(|group| group["slug"].as_str()).collect();
        assert_eq!(slugs, groups);
        let told = auditor.event().await;
        is_of(&told, change);
        assert!(told["change"]["verb"].is_string(), "{told:#}");
    }
    signed_in.nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_everything_may_read_the_trail() {
    let world = World::new().await;
    let reader = world.live.token("reader", None).await;
    for token in [None, Some(reader.as_str())] {
        let mut socket = world.live.socket(token).await;
        socket.subscribe("1", &changed("")).await;
        let message = socket.heard().await.expect("a message");
        assert_eq!(message["type"], "error");
        assert_eq!(message["payload"][0]["extensions"]["code"], "FORBIDDEN", "{message:#}");
    }
}

/// A right that ends by its day is looked for once a minute; each event is held to it all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_no_longer_read_the_trail_is_told_nothing_before_the_end() {
    let world = World::new().await;
    let administrator = Claim { role: Role::Administrator, place: None };
    let world = World { administrator: world.live.long_token("administrator", Some(administrator)).await, ..world };
    let live = &world.live;
    let whose = json!({ "signIn": { "issuer": "samverkan", "subject": "ann" } });
    let input = json!({ "identity": whose, "role": "AUDITOR", "until": "2026-11-23" });
    live.done(&world.administrator, "grantRole", input).await;
    let mut socket = live.socket(Some(&live.long_token("ann", None).await)).await;
    socket.subscribe("1", &changed("")).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let told = world.rename("run", "RUN i dag").await;
    is_of(&socket.event().await, &told);

    live.time.fetch_add(2 * 86_400_000_000, Ordering::SeqCst);
    world.rename("run", "RUN i övermorgon").await;
    socket.nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_goes_on_where_it_was_without_loss_and_without_anything_twice() {
    let world = World::new().await;
    let run = world.group("run").await;
    let begin = world.id("{ viewer { changeCursor } }", "/viewer/changeCursor").await;
    let mut changes = Vec::new();
    for number in 0..5 {
        changes.push(world.rename("run", &format!("RUN {number}")).await);
        world.rename("dold", &format!("Dold {number}")).await;
    }
    let from = |cursor: &str| changed(&format!(r#"(groups: ["{run}"], since: "{cursor}")"#));
    let mut socket = world.live.socket(None).await;
    socket.subscribe("1", &from(&begin)).await;
    for change in &changes[..3] {
        is_of(&socket.event().await, change);
    }
    drop(socket);
    // Another socket, as after a lost connection; and once more as events.
    let mut socket = world.live.socket(None).await;
    socket.subscribe("1", &from(changes[2].as_str().expect("a cursor"))).await;
    changes.push(world.rename("run", "RUN igen").await);
    let mut events = world.live.events(None, &from(changes[2].as_str().expect("a cursor"))).await;
    for change in &changes[3..] {
        is_of(&socket.event().await, change);
        let (name, data) = events.next().await.expect("an event");
        assert_eq!(name, "next");
        is_of(&data["data"]["changed"], change);
    }
    socket.nothing().await;
    for wrong in [run.as_str(), "nonsense", &ahead()] {
        let mut socket = world.live.socket(None).await;
        socket.subscribe("1", &from(wrong)).await;
        let message = socket.heard().await.expect("a message");
        assert_eq!(message["payload"][0]["extensions"]["code"], "INVALID_CURSOR", "{wrong}: {message:#}");
    }
}

/// A place where the trail has not been yet.
fn ahead() -> String {
    let id = entity::values::GlobalId {
        kind: Some(entity::values::SubjectKind::Change),
        id: sea_orm::prelude::Uuid::from_u64_pair(0, 1 << 40),
        lens: None,
    };
    id.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_is_told_by_the_rights_of_its_moment() {
    let world = World::new().await;
    let dold = world.group("dold").await;
    let mut socket = world.live.socket(None).await;
    socket.subscribe("1", &changed(&format!(r#"(groups: ["{dold}"])"#))).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.rename("dold", "Dold ännu").await;
    socket.nothing().await;
    let query = r#"{ group(by: {slug: "dold"}) { id version } }"#;
    let answer = world.live.post(Some(&world.administrator), query, json!({})).await;
    let version = &answer["data"]["group"]["version"];
    let input = json!({ "group": dold, "expectedVersion": version, "audience": "PUBLIC" });
    let opened = world.live.done(&world.administrator, "updateGroup", input).await;
    is_of(&socket.event().await, &opened);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_granted_a_role_while_they_follow_is_told_what_it_shows() {
    let world = World::new().await;
    let (live, dold) = (&world.live, world.group("dold").await);
    let query = r#"{ group(by: {slug: "dold"}) { version } }"#;
    let answer = live.post(Some(&world.administrator), query, json!({})).await;
    let version = &answer["data"]["group"]["version"];
    let input = json!({ "group": dold, "expectedVersion": version, "audience": "COORDINATORS" });
    live.done(&world.administrator, "updateGroup", input).await;
    let mut socket = live.socket(Some(&live.token("ann", None).await)).await;
    socket.subscribe("1", &changed(&format!(r#"(groups: ["{dold}"])"#))).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.rename("dold", "Dold för Ann").await;
    socket.nothing().await;

    let whose = json!({ "signIn": { "issuer": "samverkan", "subject": "ann" } });
    let input = json!({ "identity": whose, "role": "COORDINATOR", "group": dold });
    live.done(&world.administrator, "grantRole", input).await;
    assert_eq!(socket.event().await["subject"], json!({ "__typename": "Grant" }), "it concerns the group, too");
    let shown = world.rename("dold", "Dold men inte för Ann").await;
    let event = socket.event().await;
    is_of(&event, &shown);
    assert_eq!(event["groups"], json!([{ "slug": "dold", "name": "Dold men inte för Ann" }]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_token_and_a_revoked_grant_end_it() {
    let world = World::new().await;
    let (live, run) = (&world.live, world.group("run").await);
    let query = changed(&format!(r#"(groups: ["{run}"])"#));
    let whose = json!({ "signIn": { "issuer": "samverkan", "subject": "ann" } });
    let input = json!({ "identity": whose, "role": "COORDINATOR", "group": run });
    live.done(&world.administrator, "grantRole", input).await;
    let grants = live.post(Some(&world.administrator), "{ grants { nodes { id version } } }", json!({})).await;
    let grant = &grants["data"]["grants"]["nodes"][0];

    let token = live.token("ann", None).await;
    let (mut socket, mut events) = (live.socket(Some(&token)).await, live.events(Some(&token), &query).await);
    let mut other = live.socket(Some(&live.token("berta", None).await)).await;
    for socket in [&mut socket, &mut other] {
        socket.subscribe("1", &query).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let input = json!({ "grant": grant["id"], "expectedVersion": grant["version"] });
    live.done(&world.administrator, "revokeRole", input).await;
    assert_eq!(socket.heard().await, Err(4403));
    let (_, told) = events.next().await.expect("why");
    assert_eq!(told["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(events.next().await.expect("an end").0, "complete");
    assert_eq!(events.next().await, None);
    other.nothing().await;

    // An hour, and the thirty seconds that clocks may be apart.
    live.time.fetch_add(3_629_000_000, Ordering::SeqCst);
    let mut socket = live.socket(Some(&token)).await;
    let mut events = live.events(Some(&token), &query).await;
    socket.subscribe("1", &query).await;
    assert_eq!(socket.heard().await, Err(4403));
    let (_, told) = events.next().await.expect("why");
    assert_eq!(told["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(events.next().await.expect("an end").0, "complete");
}

/// More follow something than there are connections to a database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_keeps_no_connection_to_the_database() {
    let world = World::new().await;
    let query = changed(&format!(r#"(groups: ["{}"])"#, world.group("run").await));
    let mut all = Vec::new();
    for _ in 0..40 {
        all.push(world.live.events(Some(&world.administrator), &query).await);
    }
    let begun = std::time::Instant::now();
    let change = world.rename("run", "RUN för alla").await;
    for events in &mut all {
        let (_, told) = events.next().await.expect("an event");
        is_of(&told["data"]["changed"], &change);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_takes_what_it_costs_from_the_budget() {
    let world = World::with(Http::default(), Some(MAX_POINTS)).await;
    let run = world.group("run").await;
    let dear = "members(first: 100) { nodes { id person { id } } }";
    let dear = format!("groups {{ a: {dear} b: {dear} c: {dear} }}");
    let query = format!(r#"subscription {{ changed(groups: ["{run}"]) {{ cursor {dear} }} }}"#);
    let mut socket = world.live.socket(None).await;
    socket.subscribe("1", &query).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut told = 0;
    let refused = loop {
        world.rename("run", &format!("RUN {told}")).await;
        let message = socket.heard().await.expect("a message");
        if message["type"] != "next" {
            break message;
        }
        told += 1;
        assert!(told < 20, "somebody pays");
    };
    assert!(told > 0, "the first has been paid for");
    assert_eq!(refused["type"], "error");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{refused:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_sends_everybody_away() {
    let world = World::new().await;
    let run = world.group("run").await;
    let query = changed(&format!(r#"(groups: ["{run}"])"#));
    let mut socket: Socket = world.live.socket(None).await;
    socket.subscribe("1", &query).await;
    let mut events = world.live.events(None, &query).await;
    let mut live = world.live;
    live.tell_to_stop();
    assert_eq!(socket.heard().await, Err(1001));
    assert_eq!(events.next().await, None, "nothing says that it is complete: who is cut off comes back");
    live.ended().await;
}
