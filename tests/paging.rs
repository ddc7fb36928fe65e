//! Connections: every list can be walked both ways, a page at a time, and comes out the same, while rows come and go.

mod lists;
pub mod world;

use std::collections::{BTreeMap, BTreeSet};

use entity::values::Audience;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};
use lists::{LISTS, List};
use world::world;

/// A page, as a client sees it.
#[derive(Debug)]
struct Page {
    rows: Vec<String>,
    cursors: Vec<String>,
    next: bool,
    previous: bool,
    total: u64,
}

async fn everyone(client: &Client) -> Value {
    client.ask("{ people(first: 100) { nodes { id familyName } } }").await
}

/// A directory with these rows in each list, and somebody who may see them all.
async fn directory(numbers: &[usize]) -> (TestApp, Client) {
    let app = TestApp::of(&world(numbers)).await;
    let client = app.seeing(Audience::SignedIn);
    (app, client)
}

/// The id of the person who is on every list of a person.
async fn everywhere(client: &Client) -> String {
    let people = everyone(client).await;
    let found =
        people["people"]["nodes"].as_array().into_iter().flatten().find(|node| node["familyName"] == "Överallt");
    found.and_then(|node| node["id"].as_str()).expect("the person").to_owned()
}

impl List {
    fn query(&self, arguments: &str, person: &str) -> String {
        let page = "{ totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { NODE } } nodes { NODE } }";
        self.query
            .replace("$page", page)
            .replace("NODE", self.node)
            .replace("$arguments", arguments)
            .replace("$everywhere", person)
    }

    async fn page(&self, client: &Client, person: &str, arguments: &str) -> Page {
        let query = self.query(arguments, person);
        let answer = client.ask(&query).await;
        let found = self.path.iter().fold(&answer, |value, step| match step.parse::<usize>() {
            Ok(place) => &value[place],
            Err(_) => &value[*step],
        });
        assert!(found["edges"].is_array(), "{query}\n{answer:#}");
        let cursors = all(found, "edges.*.cursor");
        let ends = [cursors.first(), cursors.last()].map(|cursor| json!(cursor));
        assert_eq!(
            [&found["pageInfo"]["startCursor"], &found["pageInfo"]["endCursor"]],
            [&ends[0], &ends[1]],
            "{query}"
        );
        let rows = all(found, "edges.*.node");
        assert_eq!(rows, all(found, "nodes.*"), "{query}");
        Page {
            rows,
            cursors,
            next: found["pageInfo"]["hasNextPage"] == true,
            previous: found["pageInfo"]["hasPreviousPage"] == true,
            total: found["totalCount"].as_u64().expect("a total"),
        }
    }

    /// The rows of all pages from a cursor on.
    async fn forward(&self, client: &Client, person: &str, from: Option<&str>) -> Vec<String> {
        let (mut rows, mut from) = (Vec::new(), from.map(str::to_owned));
        loop {
            let after = from.as_ref().map_or(String::new(), |cursor| format!(", after: \"{cursor}\""));
            let page = self.page(client, person, &format!("first: 2{after}")).await;
            assert_eq!(page.previous, from.is_some(), "{}: hasPreviousPage", self.field);
            rows.extend(page.rows);
            assert!(rows.len() <= 300, "{} goes on for ever", self.field);
            match page.cursors.last() {
                Some(last) if page.next => from = Some(last.clone()),
                _ => return rows,
            }
        }
    }

    /// The rows of all pages from the end, in the order of the list.
    async fn backward(&self, client: &Client, person: &str) -> Vec<String> {
        let (mut pages, mut from) = (Vec::new(), None::<String>);
        loop {
            let before = from.as_ref().map_or(String::new(), |cursor| format!(", before: \"{cursor}\""));
            let page = self.page(client, person, &format!("last: 2{before}")).await;
            assert_eq!(page.next, from.is_some(), "{}: hasNextPage", self.field);
            pages.push(page.rows);
            assert!(pages.len() <= 150, "{} goes on for ever", self.field);
            match page.cursors.first() {
                Some(first) if page.previous => from = Some(first.clone()),
                _ => return pages.into_iter().rev().flatten().collect(),
            }
        }
    }
}

#[tokio::test]
async fn no_connection_of_the_schema_is_left_out_here() {
    let introspection = "{ __schema { types { name fields { name type { name ofType { name } } } } } }";
    let answer = TestApp::empty().await.public().ask(introspection).await;
    let mut fields = BTreeSet::new();
    for kind in answer["__schema"]["types"].as_array().into_iter().flatten() {
        for field in kind["fields"].as_array().into_iter().flatten() {
            let names = [&field["type"]["name"], &field["type"]["ofType"]["name"]].map(Value::as_str);
            if names.into_iter().flatten().any(|name| name.ends_with("Connection")) {
                fields.insert(format!(
                    "{}.{}",
                    kind["name"].as_str().unwrap_or_default(),
                    field["name"].as_str().unwrap_or_default()
                ));
            }
        }
    }
    let listed: BTreeSet<String> = LISTS.iter().map(|list| list.field.to_owned()).collect();
    // What is read of the trail and of grants comes from changes, not from a document: tests/change.rs walks those lists. Invitations
    // come from sending mail: tests/meeting_invitation/seen.rs.
    let changes = ["Query.changes", "Query.grants", "Query.identities", "Meeting.invitations"];
    fields.retain(|field| !changes.contains(&field.as_str()) && !field.ends_with(".history"));
    assert_eq!(fields, listed, "lists.rs and the schema differ");
}

#[tokio::test]
async fn walking_a_list_gives_what_one_page_of_it_gives() {
    let (_app, client) = directory(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).await;
    let person = everywhere(&client).await;
    for list in LISTS {
        let whole = list.page(&client, &person, "first: 100").await;
        assert!((9..100).contains(&whole.rows.len()), "{}: {} rows", list.field, whole.rows.len());
        assert_eq!(whole.rows.iter().collect::<BTreeSet<_>>().len(), whole.rows.len(), "{}: a row twice", list.field);
        assert_eq!(whole.total, whole.rows.len() as u64, "{}: totalCount", list.field);
        assert!(!whole.next && !whole.previous, "{}: there is only one page", list.field);
        assert_eq!(list.page(&client, &person, "last: 100").await.rows, whole.rows, "{}: last: 100", list.field);
        assert_eq!(list.forward(&client, &person, None).await, whole.rows, "{}: forward", list.field);
        assert_eq!(list.backward(&client, &person).await, whole.rows, "{}: backward", list.field);
    }
}

#[tokio::test]
async fn two_cursors_cut_a_list_out_of_itself() {
    let (_app, client) = directory(&[1, 2, 3, 4, 5, 6, 7]).await;
    let person = everywhere(&client).await;
    for list in LISTS {
        let whole = list.page(&client, &person, "first: 100").await;
        let between = format!("after: \"{}\", before: \"{}\"", whole.cursors[1], whole.cursors[5]);
        for (window, first, last) in [("first: 100", 2, 5), ("last: 100", 2, 5), ("first: 2", 2, 4), ("last: 2", 3, 5)]
        {
            let page = list.page(&client, &person, &format!("{window}, {between}")).await;
            assert_eq!(page.rows, whole.rows[first..last], "{}: {window}", list.field);
            assert_eq!(page.total, whole.total, "{}: a page counts the whole list", list.field);
        }
        let none = list.page(&client, &person, "first: 0").await;
        assert_eq!((none.rows.len(), none.total, none.next), (0, whole.total, true), "{}: first: 0", list.field);
    }
}

#[tokio::test]
async fn rows_that_come_between_two_pages_neither_hide_nor_repeat_others() {
    let (app, client) = directory(&[2, 5, 8, 11]).await;
    let person = everywhere(&client).await;
    let (mut first, mut before) = (Vec::new(), Vec::new());
    for list in LISTS {
        before.push(list.page(&client, &person, "first: 100").await.rows);
        first.push(list.page(&client, &person, "first: 2").await);
    }
    // A seat's place in its group is its place in the document: those that were there keep theirs.
    app.load(&world(&[2, 5, 8, 11, 1, 3, 4, 6, 7, 9, 10, 12, 13])).await.expect("more rows");
    for ((list, page), before) in LISTS.iter().zip(first).zip(before) {
        let rest = list.forward(&client, &person, Some(&page.cursors[1])).await;
        let seen: Vec<String> = page.rows.into_iter().chain(rest).collect();
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{}: a row twice", list.field);
        let missed: Vec<_> = before.iter().filter(|row| !seen.contains(row)).collect();
        assert!(missed.is_empty(), "{}: missed {missed:?}", list.field);
    }
}

#[tokio::test]
async fn a_page_goes_on_after_a_row_that_has_gone() {
    let group =
        |key: &str, period: &str| format!("[[group]]\nkey = \"{key}\"\nname = \"{key}\"\nkind = \"FORUM\"\n{period}\n");
    let app = TestApp::of(&["a", "b", "c", "d", "e"].map(|key| group(key, "")).concat()).await;
    let client = app.public();
    let page = client.ask("{ groups(first: 2) { nodes { name } pageInfo { endCursor } } }").await;
    assert_eq!(all(&page, "groups.nodes.*.name"), ["a", "b"]);
    app.load(&["b", "d"].map(|key| group(key, "lastDay = \"2020\"")).concat()).await.expect("groups that ended");
    let cursor = page["groups"]["pageInfo"]["endCursor"].as_str().unwrap_or_default();
    let rest = client.ask(&format!("{{ groups(first: 2, after: \"{cursor}\") {{ nodes {{ name }} }} }}")).await;
    assert_eq!(all(&rest, "groups.nodes.*.name"), ["c", "e"]);
}

#[tokio::test]
async fn what_is_no_page_is_refused_with_a_code() {
    let (_app, client) = directory(&[1, 2, 3]).await;
    let person = everywhere(&client).await;
    let sizes = ["first: 101", "last: 101", "first: -1", "last: -1", "first: 1, last: 1", "first: 2147483647"];
    let cursors = ["", "x", "åäö", "AAAA", "AAAAAAAAAAAAAAAA", "../../etc/passwd"];
    for list in LISTS {
        for size in sizes {
            assert_eq!(client.code(&list.query(size, &person)).await, "INVALID_PAGE", "{}: {size}", list.field);
        }
        for cursor in cursors {
            for side in ["first: 1, after", "last: 1, before"] {
                let code = client.code(&list.query(&format!("{side}: \"{cursor}\""), &person)).await;
                assert_eq!(code, "INVALID_CURSOR", "{}: {side}: {cursor}", list.field);
            }
        }
        let cursor = list.page(&client, &person, "first: 1").await.cursors.remove(0);
        for changed in [cursor[1..].to_owned(), format!("{cursor}A"), cursor[..cursor.len() - 2].to_owned()] {
            let code = client.code(&list.query(&format!("after: \"{changed}\""), &person)).await;
            assert_eq!(code, "INVALID_CURSOR", "{}: a cursor that was tampered with", list.field);
        }
    }
}

#[tokio::test]
async fn a_cursor_of_one_list_is_none_of_another() {
    let (_app, client) = directory(&[1, 2, 3]).await;
    let person = everywhere(&client).await;
    let mut cursors = BTreeMap::new();
    for list in LISTS {
        let cursor = list.page(&client, &person, "first: 1").await.cursors.remove(0);
        cursors.entry(list.order).or_insert(cursor);
    }
    for list in LISTS {
        for (order, cursor) in &cursors {
            let code = client.code(&list.query(&format!("after: \"{cursor}\""), &person)).await;
            let expected = if *order == list.order { "" } else { "INVALID_CURSOR" };
            assert_eq!(code, expected, "{}: a cursor of {order}", list.field);
        }
    }
}

fn people(names: &[(&str, &str)]) -> String {
    let person = |(number, (given, family)): (usize, &(&str, &str))| {
        format!("[[person]]\nkey = \"p{number}\"\ngivenName = \"{given}\"\nfamilyName = \"{family}\"\n")
    };
    names.iter().enumerate().map(person).collect()
}

#[tokio::test]
async fn names_stand_in_swedish_order() {
    let ordered = [
        "anders",
        "Anders",
        "André",
        "aneby",
        "Bo",
        "FoU Jämt",
        "FoU-rådet",
        "FoUU-enheten",
        "Tyra",
        "Türk",
        "Ulla",
        "Vera",
        "Vilda",
        "Wanja",
        "Zebra",
        "Åre",
        "Älvdalen",
        "ödet",
        "Ödet",
        "Östersund",
    ];
    let names: Vec<(&str, &str)> = ordered.iter().rev().map(|name| ("Eva", *name)).collect();
    let app = TestApp::of(&people(&names)).await;
    let client = app.seeing(Audience::SignedIn);
    let answer = client.ask("{ people(first: 100) { nodes { familyName } } }").await;
    let down = client.ask("{ people(first: 100, orderBy: {direction: DESC}) { nodes { familyName } } }").await;
    let mut reversed = all(&down, "people.nodes.*.familyName");
    reversed.reverse();
    assert_eq!(all(&answer, "people.nodes.*.familyName"), reversed);
    assert_eq!(reversed, ordered);
}

#[tokio::test]
async fn people_stand_by_family_name_and_then_by_given_name() {
    let names = [("Öjar", "Berg"), ("Anna", "Berg"), ("Anna", "Bergman"), ("Åke", "Berg"), ("Anna", "Berg Ek")];
    let client = TestApp::of(&people(&names)).await.seeing(Audience::SignedIn);
    let answer = client.ask("{ people { nodes { name } } }").await;
    assert_eq!(
        all(&answer, "people.nodes.*.name"),
        ["Anna Berg", "Åke Berg", "Öjar Berg", "Anna Berg Ek", "Anna Bergman"]
    );
}
