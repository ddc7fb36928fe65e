//! From a sign-in to an actor: grants that hold today, and what the token carries.

use entity::values::{Period, Role};
use entity::{grant, identity};
use samverkan::error::Error;
use samverkan::policy::{self, Actor, Claim, Right, SignIn};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set, Statement};
use uuid::Uuid;

use crate::support::TestApp;

const DOCUMENT: &str = r#"
[[organisation]]
key = "bracke"
name = "Bräcke kommun"
kind = "MUNICIPALITY"

[[group]]
key = "run"
name = "RUN"
kind = "NETWORK"

[[person]]
key = "anna"
givenName = "Anna"
familyName = "Berg"
"#;

fn sign_in(claims: Vec<Claim>) -> SignIn {
    SignIn { issuer: "https://id.example".to_owned(), subject: "anna".to_owned(), claims }
}

async fn arrive(test: &TestApp, claims: Vec<Claim>) -> Actor {
    policy::actor(&test.app, sign_in(claims)).await.expect("an actor")
}

/// The id of the one row that there is.
async fn id(test: &TestApp, table: &str) -> Uuid {
    let query = Statement::from_string(test.app.db.backend(), format!("SELECT id FROM \"{table}\""));
    let row = test.app.db.writer().query_one_raw(query).await.expect("a query");
    row.expect("a row").try_get("", "id").expect("an id")
}

/// An identity that is linked to a person, if to any.
async fn known(test: &TestApp, person: Option<Uuid>) -> Uuid {
    let sign_in = sign_in(Vec::new());
    let id = sign_in.identity();
    let row = identity::Model { id, issuer: sign_in.issuer, subject: sign_in.subject, person_id: person, version: 1 };
    identity::Entity::insert(row.into_active_model())
        .exec_without_returning(test.app.db.writer())
        .await
        .expect("an identity");
    id
}

async fn grant(test: &TestApp, role: Role, place: Option<Uuid>, period: &str) -> grant::Model {
    let group = place.filter(|_| role == Role::Coordinator);
    let (from, until) = period.split_once('/').expect("from/until");
    let day = |text: &str| text.parse().expect("a day");
    let (valid_from, valid_until, valid_precision) = Period::new(None, None).expect("open").columns();
    let row = grant::Model {
        id: test.app.new_id(),
        identity_id: sign_in(Vec::new()).identity(),
        role,
        group_id: group,
        organisation_id: place.filter(|_| group.is_none()),
        valid_from: if from.is_empty() { valid_from } else { day(from) },
        valid_until: if until.is_empty() { valid_until } else { day(until) },
        valid_precision,
        version: 1,
    };
    let kept = row.clone();
    let inserted = grant::Entity::insert(row.into_active_model());
    inserted.exec_without_returning(test.app.db.writer()).await.expect("a grant");
    kept
}

#[tokio::test]
async fn a_stranger_is_signed_in_and_may_nothing_more() {
    let test = TestApp::of(DOCUMENT).await;
    let actor = arrive(&test, Vec::new()).await;
    assert_eq!((actor.rights(), actor.person()), ([].as_slice(), None));
    assert_eq!(actor.sign_in().expect("signed in").subject, "anna");
}

#[tokio::test]
async fn grants_count_on_their_days_and_not_a_moment_after_they_are_revoked() {
    let test = TestApp::of(DOCUMENT).await;
    let (group, organisation) = (id(&test, "group").await, id(&test, "organisation").await);
    let person = id(&test, "person").await;
    known(&test, Some(person)).await;
    let actor = arrive(&test, Vec::new()).await;
    assert_eq!((actor.rights(), actor.person()), ([].as_slice(), Some(person)), "linked, without grants");
    // The test's day is 2026-11-21. A period ends on the day before `until`.
    let coordinates = grant(&test, Role::Coordinator, Some(group), "2026-11-21/").await;
    let represents = grant(&test, Role::Representative, Some(organisation), "/2026-11-22").await;
    grant(&test, Role::Auditor, None, "2026-11-22/").await;
    grant(&test, Role::Administrator, None, "/").await;
    grant(&test, Role::Auditor, None, "/2026-11-21").await;
    let actor = arrive(&test, Vec::new()).await;
    assert_eq!(actor.person(), Some(person));
    let mut rights = actor.rights().to_vec();
    rights.sort_by_key(|right| right.role);
    assert_eq!(rights.len(), 3, "{rights:?}");
    assert_eq!(rights[0], Right { role: Role::Coordinator, place: Some(group), grant: Some(coordinates.id) });
    assert_eq!(rights[1], Right { role: Role::Representative, place: Some(organisation), grant: Some(represents.id) });
    assert_eq!(rights[2].role, Role::Administrator);
    let mut revoked = coordinates.into_active_model();
    revoked.valid_until = Set("2026-11-21".parse().expect("a day"));
    revoked.update(test.app.db.writer()).await.expect("revoked");
    assert!(!arrive(&test, Vec::new()).await.has(Role::Coordinator), "at once");
    let other = SignIn { subject: "bo".to_owned(), ..sign_in(Vec::new()) };
    assert_eq!(policy::actor(&test.app, other).await.expect("an actor").rights(), [], "somebody else's grants");
}

#[tokio::test]
async fn claims_become_rights_where_their_slugs_name_something() {
    let test = TestApp::of(DOCUMENT).await;
    let (group, organisation) = (id(&test, "group").await, id(&test, "organisation").await);
    let claim = |role, place: &str| Claim { role, place: Some(place.to_owned()).filter(|place| !place.is_empty()) };
    let right = |role, place| Right { role, place, grant: None };
    let all = vec![
        claim(Role::Coordinator, "run"),
        claim(Role::Representative, "bracke"),
        claim(Role::Auditor, ""),
        claim(Role::Coordinator, "none"),
        claim(Role::Coordinator, "bracke"),
        claim(Role::Representative, "run"),
        claim(Role::Coordinator, ""),
        claim(Role::Administrator, "run"),
        claim(Role::Representative, "' OR '1' = '1"),
    ];
    let mut rights = arrive(&test, all.clone()).await.rights().to_vec();
    rights.sort_by_key(|right| right.role);
    let given = [
        right(Role::Coordinator, Some(group)),
        right(Role::Representative, Some(organisation)),
        right(Role::Auditor, None),
    ];
    assert_eq!(rights, given);
    known(&test, None).await;
    grant(&test, Role::Administrator, None, "/").await;
    let actor = arrive(&test, all).await;
    assert_eq!(actor.rights().len(), 4, "claims and grants add up");
    let before = test.app.db.statements();
    arrive(&test, vec![claim(Role::Coordinator, "run"), claim(Role::Representative, "bracke")]).await;
    assert_eq!(test.app.db.statements() - before, 1);
}

#[tokio::test]
async fn places_are_found_by_the_slugs_that_roles_are_for() {
    let test = TestApp::of(DOCUMENT).await;
    let (group, organisation) = (id(&test, "group").await, id(&test, "organisation").await);
    for (role, place, found) in [
        (Role::Coordinator, "run", Ok(Some(group))),
        (Role::Representative, "bracke", Ok(Some(organisation))),
        (Role::Administrator, "", Ok(None)),
        (Role::Auditor, "", Ok(None)),
        (Role::Coordinator, "bracke", Err(Error::NotFound)),
        (Role::Representative, "run", Err(Error::NotFound)),
        (Role::Coordinator, "", Err(Error::NotFound)),
        (Role::Administrator, "run", Err(Error::NotFound)),
    ] {
        let claim = Claim { role, place: Some(place.to_owned()).filter(|place| !place.is_empty()) };
        assert_eq!(policy::locate(&test.app, &claim).await, found, "{claim:?}");
    }
}
