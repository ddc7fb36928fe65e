//! Cards: what an address book is told of people and groups, in three formats, as far as the asker sees it.

mod format;
mod read;

use entity::values::{Audience, GlobalId, SubjectKind, Term};
use poem::http::{StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::server::{Server, token};
use crate::support::{Client, TestApp};
use read::{Read, of_json, of_text};

/// Anna leads SVOM and is its contact, Bo is for those who have signed in, Cia will be protected, Dan has left.
const WORLD: &str = include_str!("card/world.toml");

async fn world() -> TestApp {
    let app = TestApp::of(WORLD).await;
    let cia = id("cia").to_string();
    let protect = json!({ "person": cia, "expectedVersion": 1, "protected": true });
    app.administrator().done("protectPerson", protect, "change { id }").await;
    app
}

/// The id of a person of these documents.
fn id(key: &str) -> GlobalId {
    GlobalId { kind: Some(SubjectKind::Person), id: uuid_of(SubjectKind::Person, key), lens: None }
}

/// Ids follow from keys, today and always: address books know people by them.
fn uuid_of(kind: SubjectKind, key: &str) -> Uuid {
    let namespace = Uuid::from_u128(0x1f0b_7a5e_52d1_5c0a_9b1e_6b8f_3c7d_2a94);
    Uuid::new_v5(&namespace, format!("{}/{key}", kind.word().to_lowercase()).as_bytes())
}

/// The file at a path that must be there.
async fn file(client: &Client, path: &str) -> String {
    let response = client.get(path).send().await;
    assert_eq!(response.0.status(), StatusCode::OK, "{path}");
    response.0.into_body().into_string().await.expect("a body")
}

async fn cards(client: &Client, path: &str) -> Vec<Read> {
    of_text(&file(client, path).await)
}

async fn person(client: &Client, key: &str) -> Read {
    cards(client, &format!("/people/{}.vcf", id(key))).await.remove(0)
}

/// The body of a refusal with this status.
async fn refused(client: &Client, path: &str, status: StatusCode) -> Value {
    let response = client.get(path).send().await;
    assert_eq!(response.0.status(), status, "{path}");
    serde_json::from_str(&response.0.into_body().into_string().await.expect("a body")).expect("JSON")
}

fn names(cards: &[Read]) -> Vec<&str> {
    cards.iter().flat_map(|card| card.all("FN")).collect()
}

#[tokio::test]
async fn a_person_is_told_with_posts_seats_and_ways_to_be_reached() {
    let app = world().await;
    let anna = person(&app.public(), "anna").await;
    assert_eq!(anna.all("FN"), ["Anna Ångström"]);
    assert_eq!(anna.all("N"), ["Ångström|Anna|||"]);
    assert_eq!(anna.all("UID"), [format!("urn:uuid:{}", uuid_of(SubjectKind::Person, "anna"))]);
    assert_eq!(anna.all("TITLE"), ["Kommunchef"]);
    assert_eq!(anna.all("ORG"), ["Krokoms kommun"]);
    assert_eq!(anna.all("CATEGORIES"), ["Arbetsgruppen|SVOM"]);
    let seats = "Adjungerad i Arbetsgruppen\nOrdförande i SVOM för Krokoms kommun\nKontaktperson i SVOM";
    assert_eq!(anna.all("NOTE"), [seats]);
    assert_eq!(anna.all("TEL"), ["tel:+46701740605", "tel:+4664016100"], "her own, then that of her post");
    assert_eq!(anna.all("X-ABLABEL"), ["växel"]);
    assert_eq!(anna.all("ADR"), ["||Offerdalsvägen 8\n835 80 Krokom||||"]);
    assert!(anna.all("EMAIL").is_empty(), "for those who have signed in");
    assert!(anna.all("REV").is_empty(), "nothing says when a card changed");
}

#[tokio::test]
async fn somebody_with_several_posts_has_each_title_with_its_organisation() {
    let app = world().await;
    let bo = person(&app.seeing(Audience::SignedIn), "bo").await;
    assert_eq!(bo.grouped("TITLE"), [("item1".into(), "Utredare".into()), ("item2".into(), "Rektor".into())]);
    assert_eq!(bo.grouped("ORG"), [("item1".into(), "Region Norr".into()), ("item2".into(), "Krokoms kommun".into())]);
}

#[tokio::test]
async fn a_day_that_an_id_holds_is_the_day_of_the_card() {
    let app = world().await;
    let public = app.public();
    let answer = public
        .ask(&format!(
            r#"{{ person(id: "{}", asOf: "2019-06-01") {{ cardUrl }} group(by: {{slug: "svom"}}, asOf: "2019-06-01") {{ cardUrl }} }}"#,
            id("anna")
        ))
        .await;
    let path = |url: &Value| url.as_str().and_then(|url| url.strip_prefix("http://127.0.0.1:8080")).map(str::to_owned);
    let then = cards(&public, &path(&answer["person"]["cardUrl"]).expect("a URL")).await;
    assert_eq!(then[0].all("ORG"), ["Krokom"], "the name on that day");
    assert_eq!(then[0].all("CATEGORIES"), ["SVOM"]);
    let then = cards(&public, &path(&answer["group"]["cardUrl"]).expect("a URL")).await;
    assert_eq!(names(&then), ["SVOM", "Anna Ångström", "Dan Dahl"]);
    let answer = public.ask(r#"{ group(by: {slug: "svom"}) { cardUrl } }"#).await;
    assert_eq!(answer["group"]["cardUrl"], "http://127.0.0.1:8080/groups/svom.vcf");
}

#[tokio::test]
async fn links_begin_with_the_address_at_which_the_server_is_found() {
    let app = world().await;
    let found = TestApp::new(app.app.clone().found_at("https://example.org/samverkan/"), app.url);
    let query = format!(r#"{{ person(id: "{}") {{ cardUrl }} }}"#, id("anna"));
    let answer = found.public().ask(&query).await;
    let expected = format!("https://example.org/samverkan/people/{}.vcf", id("anna"));
    assert_eq!(answer["person"]["cardUrl"], expected);
}

#[tokio::test]
async fn a_group_is_told_with_its_members_each_once() {
    let app = world().await;
    let found = cards(&app.public(), "/groups/svom.vcf").await;
    assert_eq!(names(&found), ["SVOM", "Anna Ångström"]);
    let (group, anna) = (&found[0], &found[1]);
    assert_eq!(group.all("KIND"), ["group"]);
    assert_eq!(group.all("NICKNAME"), ["S, V & O"]);
    assert_eq!(group.all("UID"), [format!("urn:uuid:{}", uuid_of(SubjectKind::Group, "svom"))]);
    assert_eq!(group.all("MEMBER"), anna.all("UID"));
    assert_eq!(group.all("EMAIL"), ["svom@example.org"]);
    assert_eq!(group.all("URL"), ["https://example.org/svom;a,b?c=d"]);
    // As a member she is reached by the seat's number, and then, as a contact, by that of her own.
    assert_eq!(anna.all("TEL"), ["tel:+4663100000", "tel:+46701740605"]);
    assert_eq!(anna.all("CATEGORIES"), ["Arbetsgruppen|SVOM"], "the same as in her own file");
}

#[tokio::test]
async fn each_asker_is_told_what_they_see() {
    let app = world().await;
    let coordinator = app.coordinator("svom").await;
    let signed_in = app.seeing(Audience::SignedIn);
    let elsewhere = app.coordinator("arbetsgruppen").await;
    let (with_bo, with_cia) = (["SVOM", "Anna Ångström", "Bo Ek"], ["SVOM", "Anna Ångström", "Cia Ceder", "Bo Ek"]);
    for (who, client, people, numbers, emails) in [
        ("anyone", app.public(), &with_bo[..2], 0, vec![]),
        ("somebody", signed_in, &with_bo[..], 0, vec!["anna@example.org"]),
        ("the coordinator of another group", elsewhere, &with_bo[..], 0, vec!["anna@example.org"]),
        ("the coordinator", coordinator, &with_bo[..], 1, vec!["ordf@example.org", "anna@example.org"]),
        ("an auditor", app.auditor(), &with_bo[..], 1, vec!["ordf@example.org", "anna@example.org"]),
        ("an administrator", app.administrator(), &with_cia[..], 1, vec!["ordf@example.org", "anna@example.org"]),
    ] {
        for format in ["vcf", "vcf?version=3.0"] {
            let found = cards(&client, &format!("/groups/svom.{format}")).await;
            assert_eq!(names(&found), people, "{who}");
            assert_eq!(found[0].all("TEL").len(), numbers, "{who}: of the group");
            assert_eq!(found[1].all("EMAIL"), emails, "{who}: of the chair");
        }
        let json: Value = serde_json::from_str(&file(&client, "/groups/svom.json").await).expect("JSON");
        let found: Vec<&str> =
            json.as_array().into_iter().flatten().filter_map(|card| card["name"]["full"].as_str()).collect();
        assert_eq!(found, people, "{who}");
    }
}

#[tokio::test]
async fn a_hidden_group_is_in_no_card_of_whom_it_is_hidden_from() {
    let app = world().await;
    let anna = person(&app.seeing(Audience::SignedIn), "anna").await;
    assert_eq!(anna.all("CATEGORIES"), ["Arbetsgruppen|Den dolda|SVOM"]);
    let seen = file(&app.public(), &format!("/people/{}.vcf", id("anna"))).await;
    assert!(!seen.contains("dolda"), "{seen}");
}

#[tokio::test]
async fn what_is_hidden_is_not_there() {
    let app = world().await;
    let (public, administrator) = (app.public(), app.administrator());
    let group = GlobalId { kind: Some(SubjectKind::Group), id: uuid_of(SubjectKind::Group, "dold"), lens: None };
    let hidden = [id("bo").to_string(), id("cia").to_string()].map(|id| format!("/people/{id}"));
    let hidden = hidden.into_iter().chain(["/groups/dold".to_owned(), format!("/groups/{group}")]);
    let nothing = refused(&public, "/people/nobody.vcf", StatusCode::NOT_FOUND).await;
    assert_eq!(nothing["errors"][0]["extensions"]["code"], "NOT_FOUND");
    for path in hidden {
        for end in ["vcf", "vcf?version=3.0", "json"] {
            assert_eq!(refused(&public, &format!("{path}.{end}"), StatusCode::NOT_FOUND).await, nothing);
            file(&administrator, &format!("{path}.{end}")).await;
        }
    }
    let mine = GlobalId { kind: Some(SubjectKind::Group), ..id("anna") };
    for path in [format!("/people/{mine}.vcf"), format!("/groups/{}.vcf", id("anna")), "/groups/SVOM.vcf".to_owned()] {
        assert_eq!(refused(&administrator, &path, StatusCode::NOT_FOUND).await, nothing, "{path}");
    }
    for (who, client) in [("an auditor", app.auditor()), ("a coordinator", app.coordinator("svom").await)] {
        let path = format!("/people/{}.vcf", id("cia"));
        assert_eq!(refused(&client, &path, StatusCode::NOT_FOUND).await, nothing, "{who}: protected");
    }
}

#[tokio::test]
async fn files_are_named_after_whom_they_are_of() {
    let app = world().await;
    for (path, kind, name) in [
        (format!("/people/{}.vcf", id("anna")), "text/vcard; charset=utf-8", "anna-angstrom.vcf"),
        (format!("/people/{}.vcf?version=3.0", id("anna")), "text/vcard; charset=utf-8", "anna-angstrom.vcf"),
        (format!("/people/{}.json", id("anna")), "application/jscontact+json", "anna-angstrom.json"),
        ("/groups/svom.vcf".to_owned(), "text/vcard; charset=utf-8", "svom.vcf"),
        ("/groups/svom.json".to_owned(), "application/jscontact+json", "svom.json"),
    ] {
        let response = app.public().get(path).send().await;
        response.assert_header(header::CONTENT_TYPE, kind);
        response.assert_header(header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\""));
    }
}

#[tokio::test]
async fn all_formats_tell_the_same() {
    let app = world().await;
    let client = app.administrator();
    for path in [format!("/people/{}", id("anna")), format!("/people/{}", id("bo")), "/groups/svom".to_owned()] {
        let newer = cards(&client, &format!("{path}.vcf?version=4.0")).await;
        assert_eq!(
            file(&client, &format!("{path}.vcf")).await,
            file(&client, &format!("{path}.vcf?version=4.0")).await
        );
        let older = cards(&client, &format!("{path}.vcf?version=3.0")).await;
        let json = of_json(&file(&client, &format!("{path}.json")).await);
        assert_eq!((newer.len(), older.len()), (json.len(), json.len()));
        for ((newer, older), json) in newer.iter().zip(&older).zip(&json) {
            for line in ["FN", "UID", "EMAIL", "TITLE", "ORG", "NICKNAME", "NOTE", "URL"] {
                assert_eq!(newer.all(line), older.all(line), "{line} in 3.0");
                assert_eq!(newer.all(line), json.all(line), "{line} in JSContact");
            }
            let plain: Vec<&str> = newer.all("TEL").iter().map(|number| number.trim_start_matches("tel:")).collect();
            assert_eq!(plain, older.all("TEL"), "in E.164");
            assert_eq!(newer.all("TEL"), json.all("TEL"));
            assert_eq!(newer.all("ADR"), older.all("ADR"));
            assert_eq!(newer.all("MEMBER"), older.all("X-ADDRESSBOOKSERVER-MEMBER"));
            assert_eq!(read::sorted(&newer.all("MEMBER")), read::sorted(&json.all("MEMBER")));
        }
    }
}

#[tokio::test]
async fn a_token_makes_a_card_of_what_its_bearer_sees() {
    let app = world().await;
    let token = token(&app.url, &["--role", "coordinator", "--group", "svom"]);
    let server = Server::start(&app.url);
    let url = server.url.replace("/graphql", "/groups/svom.vcf");
    let get = |token: Option<&str>| {
        let request = reqwest::Client::new().get(&url);
        token.map_or(request.try_clone().expect("a request"), |token| request.bearer_auth(token)).send()
    };
    let public = get(None).await.expect("an answer");
    assert_eq!(public.headers()["cache-control"], "public, max-age=300");
    assert_eq!(names(&of_text(&public.text().await.expect("a text"))), ["SVOM", "Anna Ångström"]);
    let coordinator = get(Some(&token)).await.expect("an answer");
    assert_eq!(coordinator.headers()["cache-control"], "private, no-cache");
    let found = of_text(&coordinator.text().await.expect("a text"));
    assert_eq!(names(&found), ["SVOM", "Anna Ångström", "Bo Ek"]);
    assert_eq!(found[0].all("TEL"), ["tel:+4663146619"]);
    assert_eq!(get(Some("wrong")).await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
}

/// A group with so many members, half of whom sit twice, have posts and are reached by numbers of their own.
fn crowd(size: usize) -> String {
    let mut world = String::from(
        "[[organisation]]\nkey = \"o\"\nkind = \"MUNICIPALITY\"\nname = \"O\"\n[[group]]\nkey = \"g\"\nname = \"G\"\nkind = \"NETWORK\"\n\
         [[group.seats]]\nkey = \"m\"\nrole = \"MEMBER\"\norganisation = \"o\"\ncapacity = \"unbounded\"\n[[group.seats]]\nkey = \"c\"\nrole = \"CONTACT\"\ncapacity = \"unbounded\"\n",
    );
    for at in 0..size {
        world += &format!(
            "[[person]]\nkey = \"p{at}\"\ngivenName = \"P\"\nfamilyName = \"N{at}\"\n\
             contactPoints = [{{ kind = \"PHONE\", value = \"063-14 66 {:02}\" }}]\n[[membership]]\nseat = \"g/m\"\nperson = \"p{at}\"\n",
            at % 100
        );
        if at % 2 == 0 {
            world += &format!(
                "[[membership]]\nseat = \"g/c\"\nperson = \"p{at}\"\n[[position]]\nkey = \"o/t{at}\"\ntitle = \"T\"\norganisation = \"o\"\n\
                 [[tenure]]\nposition = \"o/t{at}\"\nperson = \"p{at}\"\n"
            );
        }
    }
    world
}

#[tokio::test]
async fn a_large_group_takes_as_many_statements_as_a_small_one() {
    let mut counted = Vec::new();
    for size in [3, 300] {
        let app = TestApp::of(&crowd(size)).await;
        let client = app.administrator();
        let before = app.app.db.statements();
        let found = cards(&client, "/groups/g.vcf").await;
        counted.push(app.app.db.statements() - before);
        assert_eq!(found.len(), size + 1, "all of them, whatever a page holds");
        assert_eq!(found[0].all("MEMBER").len(), size);
        assert!(found[1..].iter().all(|card| card.all("TEL").len() == 1));
    }
    assert_eq!(counted, [7, 7]);
}
