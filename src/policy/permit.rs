use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use entity::values::{Role, SubjectKind};
use uuid::Uuid;

use super::action::{Action, RULES, Reach, Rule};
use super::{Actor, Right, scope, subject};
use crate::app::App;
use crate::db::{Sql, sql};
use crate::error::{Error, Said, Subject};

/// Proof that somebody may change the directory. Verbs that write want one, and only this module makes one.
#[derive(Clone, Debug)]
pub struct Permit {
    actor: Actor,
    verb: Option<&'static str>,
    on_behalf_of: Option<Uuid>,
}

impl Permit {
    /// To change everything, as loading does: for whoever runs the command line.
    pub fn everything(actor: &Actor) -> Result<Self, Error> {
        if actor.is_operator() {
            return Ok(Self { actor: actor.clone(), verb: None, on_behalf_of: None });
        }
        Err(Error::Denied("only whoever runs the server's commands may do this".into()))
    }

    /// Whose it is.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What it is for; `None` for everything.
    pub fn verb(&self) -> Option<&'static str> {
        self.verb
    }

    /// The organisation that a representative acts for.
    pub fn on_behalf_of(&self) -> Option<Uuid> {
        self.on_behalf_of
    }

    fn of(actor: &Actor, action: Action, right: Option<&Right>) -> Self {
        let represented = right.filter(|right| right.role == Role::Representative).and_then(|right| right.place);
        Self { actor: actor.clone(), verb: Some(action.verb()), on_behalf_of: represented }
    }
}

/// Whether the actor may do this at all, somewhere.
pub fn callable(actor: &Actor, action: Action) -> Result<(), Error> {
    if roles(action).any(|role| actor.has(role)) || (actor.is_known() && action.rules().any(|rule| rule.anyone)) {
        return Ok(());
    }
    Err(Error::Denied(Said::both(
        format!("{} takes another role", action.verb()),
        format!("{} kräver en annan roll", action.verb()),
    )))
}

/// The roles that may do this, somewhere.
fn roles(action: Action) -> impl Iterator<Item = Role> {
    let with = |role: Role, may: fn(&Rule) -> bool| action.rules().any(may).then_some(role);
    [
        Some(Role::Administrator),
        with(Role::Coordinator, |rule| rule.coordinator != Reach::Nowhere),
        with(Role::Representative, |rule| rule.representative != Reach::Nowhere),
        with(Role::Auditor, |rule| rule.auditor),
    ]
    .into_iter()
    .flatten()
}

/// The permit for an action that is done to nothing that is there yet.
pub fn permit(actor: &Actor, action: Action) -> Result<Permit, Error> {
    callable(actor, action)?;
    let rule = action.rules().find(|rule| rule.on.is_none());
    let may = |right: &&Right| rule.is_some_and(|rule| reach(rule, right.role) == Reach::Anywhere);
    match actor.rights().iter().find(may) {
        Some(right) => Ok(Permit::of(actor, action, Some(right))),
        None if rule.is_some_and(|rule| rule.anyone) => Ok(Permit::of(actor, action, None)),
        None => Err(Error::NotAllowed(roles(action).collect())),
    }
}

/// The permit for an action on a subject. What the actor does not see is not there.
pub async fn permit_on(app: &App, actor: &Actor, action: Action, (kind, id): Subject) -> Result<Permit, Error> {
    callable(actor, action)?;
    let Some(rule) = action.rules().find(|rule| rule.on == Some(kind)) else { return Err(Error::NotFound) };
    let asked: Vec<(&Right, Sql)> =
        actor.rights().iter().filter_map(|right| Some((right, condition(rule, actor, right, app.today())?))).collect();
    let columns = asked.iter().map(|(_, condition)| condition.clone());
    let columns = columns.fold(Sql::text("SELECT x.id"), |all, condition| {
        all.then(", CASE WHEN").then(condition).then("THEN 1 ELSE 0 END")
    });
    let found = select(app, actor, (kind, id), columns).await?.ok_or(Error::NotFound)?;
    for (place, (right, _)) in asked.iter().enumerate() {
        if found.try_get_by_index::<i32>(place + 1)? == 1 {
            return Ok(Permit::of(actor, action, Some(right)));
        }
    }
    // What is anybody's to change is seen by whose it is.
    if rule.anyone { Ok(Permit::of(actor, action, None)) } else { Err(Error::NotAllowed(roles(action).collect())) }
}

/// Whether the actor sees the subject.
pub async fn sees(app: &App, actor: &Actor, subject: Subject) -> Result<bool, Error> {
    Ok(select(app, actor, subject, Sql::text("SELECT x.id")).await?.is_some())
}

/// Those of the subjects that the actor sees.
pub async fn visible(app: &App, actor: &Actor, kind: SubjectKind, ids: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    among(app, actor, kind, ids, Sql::text("1 = 1")).await
}

/// Those of the subjects that the actor sees, of whatever kinds they are: one statement for each kind.
pub async fn visible_of(
    app: &App,
    actor: &Actor,
    subjects: impl IntoIterator<Item = Subject>,
) -> Result<HashSet<Uuid>, Error> {
    let mut by_kind: BTreeMap<SubjectKind, HashSet<Uuid>> = BTreeMap::new();
    for (kind, id) in subjects {
        by_kind.entry(kind).or_default().insert(id);
    }
    let mut seen = HashSet::new();
    for (kind, ids) in by_kind {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        seen.extend(visible(app, actor, kind, &ids).await?);
    }
    Ok(seen)
}

/// Those of the subjects that the actor may change, or whose whole trail they may read.
pub async fn changeable(app: &App, actor: &Actor, kind: SubjectKind, ids: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let rules = RULES.iter().filter(|rule| rule.on == Some(kind) && rule.changes_it());
    let reads = callable(actor, Action::ReadChanges).is_ok().then(|| Sql::text("1 = 1"));
    let conditions =
        rules.flat_map(|rule| actor.rights().iter().filter_map(|right| condition(rule, actor, right, app.today())));
    match reads.into_iter().chain(conditions).reduce(|all, next| all.then("OR").then(next)) {
        Some(any) => among(app, actor, kind, ids, Sql::text("(").then(any).then(")")).await,
        None => Ok(Vec::new()),
    }
}

async fn among(app: &App, actor: &Actor, kind: SubjectKind, ids: &[Uuid], condition: Sql) -> Result<Vec<Uuid>, Error> {
    let Some((table, seen)) = subject::seen(actor, kind, app.today()) else { return Ok(Vec::new()) };
    let query = Sql::from(format!("SELECT x.id FROM {table} WHERE x.id IN")).then(Sql::list(ids.iter().copied()));
    let found = app.db.query(query.and(seen).and(condition)).await?;
    found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

async fn select(
    app: &App,
    actor: &Actor,
    (kind, id): Subject,
    columns: Sql,
) -> Result<Option<sea_orm::QueryResult>, Error> {
    let Some((table, seen)) = subject::seen(actor, kind, app.today()) else { return Ok(None) };
    let query = columns.then(format!("FROM {table} WHERE")).then(sql!("x.id = ?", id)).and(seen);
    Ok(app.db.query(query).await?.pop())
}

fn reach(rule: &Rule, role: Role) -> Reach {
    match role {
        Role::Administrator => Reach::Anywhere,
        Role::Coordinator => rule.coordinator,
        Role::Representative => rule.representative,
        Role::Auditor if rule.auditor => Reach::Anywhere,
        Role::Auditor => Reach::Nowhere,
    }
}

/// The condition under which a right suffices for the subject `x`; `None` when it never does.
fn condition(rule: &Rule, actor: &Actor, right: &Right, today: NaiveDate) -> Option<Sql> {
    let holder = Actor::holding(*right);
    let inside = |column: &str| match right.role {
        Role::Coordinator => scope::coordinated(&holder, column),
        _ => scope::represented(&holder, column),
    };
    let any = |columns: &[&str]| {
        let conditions = columns.iter().filter_map(|column| inside(column));
        let joined = conditions.reduce(|all, next| all.then("OR").then(next))?;
        Some(Sql::text("(").then(joined).then(")"))
    };
    match reach(rule, right.role) {
        Reach::Nowhere => None,
        Reach::Anywhere => Some(Sql::text("1 = 1")),
        Reach::In(columns) => any(columns),
        Reach::Appointing => Some(
            Sql::text("EXISTS (SELECT 1 FROM seat ps WHERE ps.group_id = x.id")
                .and(any(&["ps.appointer_id"])?)
                .then(")"),
        ),
        Reach::OwnPerson => own_person(&inside, today),
        Reach::Some(rows) => Some(exists(Sql::text(format!("SELECT 1 FROM {rows}")).and(inside("p.group_id")?))),
        Reach::Each(rows) => {
            // One right may reach some of them, and another the rest.
            let theirs = scope::coordinated(actor, "p.group_id")?;
            let others = Sql::text(format!("SELECT 1 FROM {rows} AND NOT")).then(theirs);
            Some(Sql::text("NOT").then(exists(others)))
        }
    }
}

/// Somebody belongs to the organisations that employ them and to those for which they sit, from today on. Only where these are all the
/// representative's own is the person theirs: nobody makes somebody their own by giving them a seat or a post.
fn own_person(inside: &dyn Fn(&str) -> Option<Sql>, today: NaiveDate) -> Option<Sql> {
    let employed = sql!(
        "SELECT 1 FROM tenure pt JOIN position pq ON pq.id = pt.position_id WHERE pt.person_id = x.id AND pt.valid_until > ?",
        today
    );
    let sits = sql!(
        "SELECT 1 FROM membership pm WHERE pm.person_id = x.id AND pm.on_behalf_of_id IS NOT NULL AND pm.valid_until > ?",
        today
    );
    let (employer, behalf) = (inside("pq.organisation_id")?, inside("pm.on_behalf_of_id")?);
    let outside =
        |ties: &Sql, own: &Sql| Sql::text("NOT").then(exists(ties.clone().and(Sql::text("NOT").then(own.clone()))));
    let nowhere_else = outside(&employed, &employer).and(outside(&sits, &behalf));
    let somewhere = exists(employed.and(employer)).then("OR").then(exists(sits.and(behalf)));
    Some(Sql::text("((").then(somewhere).then(")").and(nowhere_else).then(")"))
}

fn exists(select: Sql) -> Sql {
    Sql::text("EXISTS (").then(select).then(")")
}
