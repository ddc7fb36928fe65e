//! Merging: from a day on one organisation has what was the others'.

use entity::values::Role;
use samverkan::db::Sql;
use serde_json::{Value, json};

use super::world::{WORLD, about, announced, find, id, uuid, whole};
use crate::support::{TestApp, all};

async fn merger(app: &TestApp, into: &str, merged: &[&str], more: Value) -> Value {
    let mut organisations = Vec::new();
    for slug in merged {
        organisations.push(about(app, slug, json!({})).await);
    }
    let next = find(app, into).await;
    let mut input = json!({ "into": next["id"], "expectedVersion": next["version"], "organisations": organisations });
    more.as_object().into_iter().flatten().for_each(|(field, value)| input[field] = value.clone());
    input
}

/// The group and both municipalities as they are on a day, without when it all ends.
async fn picture(app: &TestApp, day: &str) -> Value {
    let query = format!(
        r#"{{ group(by: {{slug: "run"}}, asOf: "{day}") {{
            seats(first: 20) {{ nodes {{ id role organisation {{ slug }} position {{ id organisation {{ slug }} }} capacity
                members {{ nodes {{ id person {{ name }} onBehalfOf {{ slug }} substitutions {{ person {{ name }} }} }} }} }} }}
            relations {{ kind target {{ ... on Organisation {{ slug }} }} }}
        }}
        bracke: organisation(by: {{slug: "bracke"}}, asOf: "{day}") {{ name period {{ state }} positions {{ nodes {{ title holder {{ person {{ name }} }} contactPoints {{ text }} }} }} contactPoints {{ text }} }}
        nya: organisation(by: {{slug: "nya"}}, asOf: "{day}") {{ name period {{ state }} positions {{ nodes {{ title holder {{ person {{ name }} }} contactPoints {{ text }} }} }} contactPoints {{ text }} }}
        }}"#
    );
    app.administrator().ask(&query).await
}

/// Who sits on which seat for whom on a day: role, the seat's organisation, the person, on whose behalf.
async fn sitting(app: &TestApp, day: &str) -> Vec<[String; 4]> {
    let answer = picture(app, day).await;
    let mut rows = Vec::new();
    for seat in answer["group"]["seats"]["nodes"].as_array().into_iter().flatten() {
        for member in seat["members"]["nodes"].as_array().into_iter().flatten() {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            rows.push([
                text(&seat["role"]),
                text(&seat["organisation"]["slug"]),
                text(&member["person"]["name"]),
                text(&member["onBehalfOf"]["slug"]),
            ]);
        }
    }
    rows.sort();
    rows
}

#[tokio::test]
async fn before_the_day_is_the_old_world_and_from_it_on_the_new() {
    let app = TestApp::of(WORLD).await;
    let old = picture(&app, "2026-12-31").await;
    let input = merger(&app, "nya", &["bracke"], json!({ "on": "2027-01-01", "reason": "Kommunreform" })).await;
    announced(&app, "mergeOrganisations", input).await;
    assert_eq!(picture(&app, "2026-12-31").await, old);
    assert_eq!(
        sitting(&app, "2026-12-31").await,
        rows(&[
            ["ADJUNCT", "bracke", "Bo Ask", "bracke"],
            ["CHAIR", "berg", "Dan Lind", "bracke"],
            ["MEMBER", "bracke", "Ann Ek", "bracke"],
            ["OBSERVER", "-", "Bo Ask", "bracke"],
        ])
    );
    assert_eq!(
        sitting(&app, "2027-01-01").await,
        rows(&[
            ["ADJUNCT", "nya", "Bo Ask", "nya"],
            ["CHAIR", "berg", "Dan Lind", "nya"],
            ["MEMBER", "nya", "Ann Ek", "nya"],
            ["OBSERVER", "-", "Bo Ask", "nya"],
        ])
    );
    assert_eq!(
        sitting(&app, "2029-01-01").await,
        rows(&[
            ["ADJUNCT", "nya", "Cia Alm", "nya"],
            ["CHAIR", "berg", "Dan Lind", "nya"],
            ["MEMBER", "nya", "Dan Lind", "nya"],
            ["OBSERVER", "-", "Cia Alm", "nya"],
        ])
    );
}

#[tokio::test]
async fn posts_seats_and_whoever_stands_in_go_on() {
    let app = TestApp::of(WORLD).await;
    let input = merger(&app, "nya", &["bracke"], json!({ "on": "2027-01-01" })).await;
    app.administrator().done("mergeOrganisations", input, "change { id }").await;
    let new = picture(&app, "2028-06-01").await;
    assert_eq!(
        new["bracke"],
        json!({ "name": "Bräcke kommun", "period": { "state": "PAST" }, "positions": { "nodes": [] }, "contactPoints": [] })
    );
    assert_eq!(
        new["nya"]["positions"]["nodes"],
        json!([{ "title": "Chef", "holder": { "person": { "name": "Cia Alm" } }, "contactPoints": [{ "text": "chef@bracke.se" }] }])
    );
    assert_eq!(all(&new, "group.relations.*.target.slug"), ["nya"]);
    // The seat that it had itself stays beside the one that came, each with its capacity.
    let seats: Vec<&Value> = new["group"]["seats"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|seat| seat["role"] == "MEMBER")
        .collect();
    assert_eq!(
        seats.iter().map(|seat| (&seat["organisation"]["slug"], &seat["capacity"])).collect::<Vec<_>>(),
        [(&json!("nya"), &json!(1)); 2]
    );
    let substitutes: Vec<String> = new["group"]["seats"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|seat| all(seat, "members.nodes.*.substitutions.*.person.name"))
        .collect();
    assert_eq!(substitutes, ["Cia Alm", "Cia Alm"], "Ann's, and Dan's, who begins only later");
    assert_eq!(
        all(&picture(&app, "2028-05-31").await, "group.seats.nodes.*.members.nodes.*.substitutions.*.person.name")
            .len(),
        1
    );
}

fn rows(rows: &[[&str; 4]]) -> Vec<[String; 4]> {
    rows.iter().map(|row| row.map(str::to_owned)).collect()
}

#[tokio::test]
async fn what_ends_says_why_and_what_begins_says_after_whom() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = merger(&app, "nya", &["bracke"], json!({ "on": "2027-01-01" })).await;
    let fields = "organisation { slug version predecessors { slug successor { slug } period { until } } units { nodes { slug } } } change { verb }";
    let payload = client.done("mergeOrganisations", input, fields).await;
    assert_eq!(
        payload["organisation"],
        json!({ "slug": "nya", "version": 2, "predecessors": [{ "slug": "bracke", "successor": { "slug": "nya" }, "period": { "until": "2027-01-01" } }],
            "units": { "nodes": [{ "slug": "skolan" }] } })
    );
    let query = r#"{ group(by: {slug: "run"}, asOf: "2027-01-01") { convener { slug }
        seats { nodes { role appointer { slug } } }
        members { nodes { role person { name } period { from until } replaces { endReason period { until } } } } } }"#;
    let group = client.ask(query).await["group"].take();
    assert_eq!(group["convener"]["slug"], "nya");
    assert!(
        all(&group, "seats.nodes.*.appointer.slug").iter().all(|slug| slug == "nya" || slug == "null"),
        "{group:#}"
    );
    let ann =
        group["members"]["nodes"].as_array().into_iter().flatten().find(|member| member["person"]["name"] == "Ann Ek");
    assert_eq!(
        ann,
        Some(
            &json!({ "role": "MEMBER", "person": { "name": "Ann Ek" }, "period": { "from": "2027-01-01", "until": "2029-01-01" },
            "replaces": { "endReason": "Sammanslagning", "period": { "until": "2027-01-01" } } })
        )
    );
}

#[tokio::test]
async fn several_go_up_in_one_and_their_representatives_come_along_once() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let identity = uuid::Uuid::from_u128(7);
    let run = async |sql: String| app.app.db.query(Sql::text(&sql)).await.expect("rows");
    grant(&app, identity, &["bracke", "berg"]).await;
    let input = merger(&app, "nya", &["berg", "bracke"], json!({})).await;
    announced(&app, "mergeOrganisations", input).await;
    let query = r#"{ organisation(by: {slug: "nya"}) { predecessors { slug } units { nodes { slug } } representation { nodes { person { name } } } } }"#;
    let nya = client.ask(query).await["organisation"].take();
    assert_eq!(all(&nya, "predecessors.*.slug"), ["berg", "bracke"]);
    assert_eq!(all(&nya, "units.nodes.*.slug"), ["bergs-skola", "skolan"]);
    assert_eq!(all(&nya, "representation.nodes.*.person.name").len(), 4);
    let grants = run("SELECT o.slug || ' ' || g.valid_from || ' ' || g.valid_until FROM \"grant\" g JOIN organisation o ON o.id = g.organisation_id ORDER BY 1".to_owned()).await;
    let grants: Vec<String> = grants.iter().map(|row| row.try_get_by_index(0).expect("text")).collect();
    assert_eq!(grants, ["berg 2020-01-01 2026-11-21", "bracke 2020-01-01 2026-11-21", "nya 2026-11-21 9999-12-31"]);
}

/// Makes somebody represent organisations since 2020.
async fn grant(app: &TestApp, identity: uuid::Uuid, slugs: &[&str]) {
    use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
    let db = app.app.db.begin().await.expect("a transaction");
    let row = entity::identity::ActiveModel {
        id: Set(identity),
        issuer: Set("test".to_owned()),
        subject: Set("r".to_owned()),
        person_id: Set(None),
        version: Set(1),
    };
    entity::identity::Entity::insert(row).exec_without_returning(&db).await.expect("an identity");
    for (place, slug) in (1u128..).zip(slugs) {
        let day = |year| chrono::NaiveDate::from_ymd_opt(year, 1, 1).expect("a day");
        let row = entity::grant::Model {
            id: uuid::Uuid::from_u128(place),
            identity_id: identity,
            role: Role::Representative,
            group_id: None,
            organisation_id: Some(uuid(&id(app, slug).await)),
            valid_from: day(2020),
            valid_until: entity::values::FOREVER,
            valid_precision: 0,
            version: 1,
        };
        row.into_active_model().reset_all().insert(&db).await.expect("a grant");
    }
    db.commit().await.expect("a commit");
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_and_nothing_changes() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let nowhere = json!({ "into": "x", "expectedVersion": 1, "organisations": [about(&app, "berg", json!({})).await] });
    let mut stale = merger(&app, "nya", &["bracke"], json!({})).await;
    stale["organisations"][0]["expectedVersion"] = json!(7);
    let mut stale_into = merger(&app, "nya", &["bracke"], json!({})).await;
    stale_into["expectedVersion"] = json!(7);
    let before = whole(&app).await;
    for (input, what, path) in [
        (merger(&app, "nya", &["bracke", "nya"], json!({})).await, "MERGE_WITH_ITSELF", "organisations"),
        (merger(&app, "nya", &[], json!({})).await, "InvalidInput", "organisations"),
        (merger(&app, "nya", &["berg", "berg"], json!({})).await, "InvalidInput", "organisations"),
        (merger(&app, "nya", &["bracke"], json!({ "on": "2019-12-31" })).await, "MERGE_OUTSIDE_PERIOD", "on"),
        (merger(&app, "bracke", &["nya"], json!({ "on": "2020-01-01" })).await, "MERGE_OUTSIDE_PERIOD", "on"),
        (merger(&app, "skolan", &["bracke"], json!({})).await, "ORGANISATION_CYCLE", ""),
        (nowhere, "NotFound", "into"),
        (stale, "VersionConflict", "organisations"),
        (stale_into, "VersionConflict", "expectedVersion"),
    ] {
        let error = client.refused("mergeOrganisations", input).await;
        let rule = if error["rule"].is_null() { &error["__typename"] } else { &error["rule"] };
        assert_eq!(rule, what, "{error:#}");
        if !path.is_empty() {
            assert_eq!(error["path"][1], path, "{error:#}");
        }
    }
    assert_eq!(whole(&app).await, before);
}

#[tokio::test]
async fn a_key_merges_once() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = merger(&app, "nya", &["bracke"], json!({ "idempotencyKey": "m" })).await;
    let first = client.done("mergeOrganisations", input.clone(), "organisation { id } change { id }").await;
    let before = whole(&app).await;
    assert_eq!(client.done("mergeOrganisations", input, "organisation { id } change { id }").await, first);
    assert_eq!(whole(&app).await, before);
    let trail = app
        .app
        .db
        .query(Sql::text("SELECT count(*) FROM change WHERE verb = 'mergeOrganisations'"))
        .await
        .expect("the trail");
    assert_eq!(trail[0].try_get_by_index::<i64>(0).expect("a number"), 1);
}
