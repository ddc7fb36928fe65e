//! Who sees who has been called, and what became of it.

use serde_json::{Value, json};

use super::{Post, moved};
use crate::meeting::world::{MEETING, group, keeper, person, plan, seen, sitting, with};
use crate::support::{Client, all};

const INVITATIONS: &str = "invitations { totalCount nodes {
    person { givenName } group { slug } sitting { id } standing told toldAt delivery } }";

async fn invitations(client: &Client, meeting: &Value) -> Value {
    let query = format!("{{ node(id: {}) {{ ... on Meeting {{ {INVITATIONS} }} }} }}", meeting["id"]);
    client.ask(&query).await["node"]["invitations"].take()
}

#[tokio::test]
async fn whoever_keeps_the_group_sees_what_became_of_its_invitations() {
    let post = Post::start().await;
    let client = keeper(&post.app).await;
    let meeting = plan(&client, "svom", "2026-12-18").await;
    assert_eq!(invitations(&client, &meeting).await["totalCount"], 0, "nobody has looked yet");
    post.server.refuse(Some("451 try again later"));
    post.letters().await;
    let waiting = invitations(&client, &meeting).await;
    assert_eq!(all(&waiting, "nodes.*.person.givenName"), ["Anna", "Eva", "Gro"]);
    assert_eq!(all(&waiting, "nodes.*.delivery"), ["WAITING"; 3]);
    post.server.refuse(None);
    post.wait(1);
    post.letters().await;
    let (mut pages, mut after) = (Vec::new(), Value::Null);
    for _ in 0..2 {
        let query = format!(
            "query($after: String) {{ node(id: {}) {{ ... on Meeting {{ invitations(first: 2, after: $after) {{
                nodes {{ person {{ givenName }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}",
            meeting["id"]
        );
        let page = client.ask_with(&query, json!({ "after": after })).await["node"]["invitations"].take();
        after = page["pageInfo"]["endCursor"].clone();
        pages.push((all(&page, "nodes.*.person.givenName"), page["pageInfo"]["hasNextPage"] == true));
    }
    assert_eq!(pages, [(vec!["Anna".to_owned(), "Eva".to_owned()], true), (vec!["Gro".to_owned()], false)]);
    let sent = invitations(&client, &meeting).await["nodes"][0].take();
    let anna = json!({
        "person": { "givenName": "Anna" }, "group": { "slug": "svom" }, "sitting": { "id": meeting["sittings"][0]["id"] },
        "standing": "INVITED", "told": "INVITED", "toldAt": "2026-11-21T12:01:00+01:00", "delivery": "SENT",
    });
    assert_eq!(sent, anna);

    post.server.refuse(Some("550 nobody here by that name"));
    let meeting = moved(&client, &meeting, "2026-12-17T13:00:00+01:00").await;
    post.letters().await;
    let refused = invitations(&client, &meeting).await;
    assert_eq!(all(&refused, "nodes.*.delivery"), ["REFUSED"; 3]);
    assert_eq!(all(&refused, "nodes.*.told"), ["INVITED"; 3], "of the meeting as it was");
    post.server.refuse(None);
    client.done("cancelMeeting", seen(&meeting), MEETING).await;
    post.letters().await;
    assert_eq!(all(&invitations(&client, &meeting).await, "nodes.*.told"), ["CANCELLED"; 3]);
    for other in [post.app.public(), post.app.signed_in("somebody", Vec::new())] {
        assert_eq!(invitations(&other, &meeting).await, json!({ "totalCount": 0, "nodes": [] }));
    }
    assert_eq!(invitations(&post.app.auditor(), &meeting).await["totalCount"], 3);
}

#[tokio::test]
async fn nobody_learns_by_them_who_sits_in_a_group_that_they_do_not_see() {
    let post = Post::start().await;
    let (client, admin) = (keeper(&post.app).await, post.app.administrator());
    let (svom, hidden) = (group(&admin, "svom").await, group(&admin, "dold").await);
    let sittings = json!({ "sittings": [sitting("2026-12-18", "09:00", "10:00", &[&svom, &hidden])] });
    let meeting = admin.done("planMeeting", sittings, MEETING).await["meeting"].take();
    post.letters().await;
    // Who keeps one of the groups may not change what both share.
    assert_eq!(invitations(&client, &meeting).await["totalCount"], 0);
    let seen = invitations(&admin, &meeting).await;
    assert_eq!(all(&seen, "nodes.*.person.givenName"), ["Anna", "Eva", "Fia", "Gro"]);
    // Gro sits in both, and is called in the one that more people see.
    assert_eq!(all(&seen, "nodes.*.group.slug"), ["svom", "svom", "dold", "svom"]);
}

#[tokio::test]
async fn people_who_turn_out_to_be_one_are_called_once() {
    let post = Post::start().await;
    let (client, admin) = (keeper(&post.app).await, post.app.administrator());
    let meeting = plan(&client, "svom", "2026-12-18").await;
    let excused = json!({ "attendance": [{ "person": person(&post.app, "Ask").await, "mode": "EXCUSED" }] });
    client.done("recordAttendance", with(seen(&meeting), excused), "meeting { id }").await;
    post.letters().await;
    let query = "{ people(filter: {familyNameStartsWith: \"Berg\"}) { nodes { id version } } }";
    let bo = admin.ask(query).await["people"]["nodes"][0].take();
    let other = json!({ "givenName": "Bo", "familyName": "Bergh" });
    let other = admin.done("createPerson", other, "person { id version }").await["person"].take();
    let merged = json!({
        "keep": other["id"], "expectedVersion": other["version"], "duplicate": bo["id"], "duplicateExpectedVersion": bo["version"],
    });
    admin.done("mergePeople", merged, "person { id }").await;
    assert!(post.letters().await.is_empty(), "the mailbox is the same");
    let told = invitations(&client, &meeting).await;
    assert_eq!(all(&told, "nodes.*.person.givenName"), ["Bo", "Eva", "Gro"]);
}
