//! The price list: what each field weighs and how long each list is taken to be. The schema's directives are written from it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use async_graphql::parser::types::{Directive, OperationType};
use async_graphql::registry::{
    __DirectiveLocation as Location, Deprecation, MetaDirective, MetaDirectiveInvocation, MetaField, MetaInputValue,
    MetaType, MetaTypeName, Registry,
};
use async_graphql::{ContextDirective, CustomDirective, CustomDirectiveFactory, ServerError, ServerResult, Value};

use crate::domain::page::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::graphql::builder;

/// Points for working out fields that take more than most. The others weigh what the specification gives them: 1 when there are objects below,
/// or else nothing.
const WEIGHTS: [(&str, u64); 9] = [
    ("__schema", 1_000),
    ("__type", 20),
    ("changes", 10),
    ("commonTimes", 500),
    ("doubleBookings", 20),
    ("meetingCount", 10),
    ("plannedDays", 20),
    ("search", 50),
    ("totalCount", 50),
];
/// Points for a mutation, which writes and is told in the trail.
const MUTATION: u64 = 10;
/// Lists that are not paged and may be longer than [`USUAL`], of every type or of one.
const LENGTHS: [(&str, &str, u64); 22] = [
    ("", "calendars", 100),
    ("", "deviations", 200),
    ("", "effects", 20),
    ("", "fields", 25),
    ("", "grants", 100),
    ("", "indicators", 50),
    ("", "municipalities", 50),
    ("", "organisers", 50),
    ("", "parties", 50),
    ("", "partners", 50),
    ("", "plan", 100),
    ("", "plannedDays", 400),
    ("", "relations", 50),
    ("", "sources", 50),
    ("", "warnings", 200),
    ("ChangeEvent", "groups", 50),
    ("ChangeEvent", "organisations", 50),
    ("ChangeEvent", "people", 50),
    ("Meeting", "groups", 20),
    ("Person", "tenures", 50),
    ("Schedule", "groups", 50),
    ("Schedule", "sittings", 20),
];
/// How long other lists are taken to be.
const USUAL: u64 = 10;
/// Arguments that say how much of a list is wanted.
const SLICING: [&str; 3] = ["first", "last", "ids"];
/// How the types of pages end.
const PAGE: &str = "Connection";
/// Fields of a page that hold its rows.
const ROWS: [&str; 2] = ["edges", "nodes"];

/// A type of the schema.
pub struct Kind {
    pub name: String,
    /// An interface or a union.
    pub is_abstract: bool,
    pub fields: HashMap<String, Price>,
}

/// What a field costs.
pub struct Price {
    pub weight: u64,
    /// The type of the objects below it.
    pub of: Option<String>,
    pub size: Size,
}

/// How many objects a field gives.
pub enum Size {
    One,
    /// A list, taken to be this long.
    List(u64),
    /// A list that is as long as these arguments say.
    Sliced {
        by: Vec<&'static str>,
        else_assumed: u64,
    },
    /// A page of a list, which has as many rows.
    Page {
        by: Vec<&'static str>,
    },
    /// The rows of a page.
    Rows,
}

/// The price of every field.
#[derive(Default)]
pub struct Prices {
    kinds: HashMap<String, Kind>,
    query: String,
    mutation: Option<String>,
    subscription: Option<String>,
}

/// Worked out when the schema is built for the first time: it is the same for all.
static PRICES: OnceLock<Prices> = OnceLock::new();

/// The price list of this schema.
pub fn prices() -> &'static Prices {
    if PRICES.get().is_none() {
        drop(builder());
    }
    PRICES.get_or_init(Prices::default)
}

impl Prices {
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// The type at the root of an operation.
    pub fn root(&self, operation: OperationType) -> Option<&Kind> {
        self.kind(match operation {
            OperationType::Query => &self.query,
            OperationType::Mutation => self.mutation.as_deref()?,
            OperationType::Subscription => self.subscription.as_deref()?,
        })
    }

    fn of(registry: &Registry) -> Self {
        let mut prices = Self {
            kinds: HashMap::new(),
            query: registry.query_type.clone(),
            mutation: registry.mutation_type.clone(),
            subscription: registry.subscription_type.clone(),
        };
        for (name, kind) in &registry.types {
            if !kind.is_composite() || name.starts_with("__") {
                continue;
            }
            let fields = kind.fields().into_iter().flatten();
            let priced = fields.map(|(field, meta)| {
                let mut price = price(registry, name, meta);
                if name.ends_with(PAGE) && ROWS.contains(&field.as_str()) {
                    price.size = Size::Rows;
                }
                (field.clone(), price)
            });
            let fields = priced.collect();
            prices.kinds.insert(name.clone(), Kind { name: name.clone(), is_abstract: kind.is_abstract(), fields });
        }
        if let Some(root) = prices.kinds.get_mut(&prices.query) {
            for field in ["__schema", "__type"] {
                root.fields.insert(field.to_owned(), Price { weight: weight(field, false), of: None, size: Size::One });
            }
        }
        prices
    }
}

fn price(registry: &Registry, owner: &str, field: &MetaField) -> Price {
    let is_mutation = registry.mutation_type.as_deref() == Some(owner);
    let below = MetaTypeName::concrete_typename(&field.ty);
    let is_composite = registry.types.get(below).is_some_and(MetaType::is_composite);
    let weight = if is_mutation { MUTATION } else { weight(&field.name, is_composite) };
    Price { weight, of: is_composite.then(|| below.to_owned()), size: size(owner, field, below) }
}

fn weight(field: &str, is_composite: bool) -> u64 {
    let named = WEIGHTS.iter().find(|(name, _)| *name == field);
    named.map_or(u64::from(is_composite), |(_, weight)| *weight)
}

fn size(owner: &str, field: &MetaField, below: &str) -> Size {
    let by: Vec<&str> = SLICING.into_iter().filter(|name| field.args.contains_key(*name)).collect();
    let named = LENGTHS.iter().find(|(of, name, _)| *name == field.name && (of.is_empty() || *of == owner));
    let length = named.map_or(USUAL, |(.., length)| *length);
    match field.ty.starts_with('[') {
        true if by.is_empty() => Size::List(length),
        true => Size::Sliced { by, else_assumed: MAX_LIMIT.into() },
        false if below.ends_with(PAGE) => Size::Page { by },
        false => Size::One,
    }
}

/// Writes the price list into a schema, as directives of its definitions.
pub struct Priced;

impl CustomDirectiveFactory for Priced {
    fn name(&self) -> Cow<'static, str> {
        "cost".into()
    }

    fn register(&self, registry: &mut Registry) {
        let prices = PRICES.get_or_init(|| Prices::of(registry));
        for (name, kind) in &mut registry.types {
            let Some(priced) = prices.kind(name) else { continue };
            let (MetaType::Object { fields, .. } | MetaType::Interface { fields, .. }) = kind else { continue };
            for (field, meta) in fields {
                if let Some(price) = priced.fields.get(field) {
                    meta.directive_invocations.extend(directives(price));
                }
            }
        }
        registry.add_directive(cost_directive());
        registry.add_directive(list_size_directive());
    }

    /// Nobody can ask for it: it is for definitions.
    fn create(&self, _: &ContextDirective<'_>, _: &Directive) -> ServerResult<Box<dyn CustomDirective>> {
        Err(ServerError::new("@cost is for definitions", None))
    }
}

fn directives(price: &Price) -> Vec<MetaDirectiveInvocation> {
    let mut directives = Vec::new();
    if price.weight != u64::from(price.of.is_some()) {
        let weight = Value::from(price.weight.to_string());
        let args = std::iter::once(("weight".to_owned(), weight)).collect();
        directives.push(MetaDirectiveInvocation { name: "cost".into(), args });
    }
    let words = |words: &[&str]| Value::List(words.iter().map(|word| Value::from(*word)).collect());
    let mut args: Vec<(&str, Value)> = Vec::new();
    match &price.size {
        Size::One | Size::Rows => return directives,
        Size::List(length) => args.push(("assumedSize", Value::from(*length))),
        Size::Sliced { by, else_assumed } => {
            args.extend([("assumedSize", Value::from(*else_assumed)), ("slicingArguments", words(by))]);
        }
        Size::Page { by } => args.extend([
            ("assumedSize", Value::from(DEFAULT_LIMIT)),
            ("slicingArguments", words(by)),
            ("sizedFields", words(&ROWS)),
        ]),
    }
    if args.len() > 1 {
        args.push(("requireOneSlicingArgument", Value::from(false)));
    }
    let args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    directives.push(MetaDirectiveInvocation { name: "listSize".into(), args });
    directives
}

fn cost_directive() -> MetaDirective {
    let about = "What working out a field weighs, in points (https://ibm.github.io/graphql-specs/cost-spec.html). Without it, a field with \
                 objects below weighs 1 and another nothing. An operation costs the weights of its fields, as often as they are worked out, \
                 and a point for each object that its answer can have.";
    directive("cost", about, [("weight", "String!", "How many points, as a number.", None)])
}

fn list_size_directive() -> MetaDirective {
    let about = "How many objects a list is taken to have (https://ibm.github.io/graphql-specs/cost-spec.html).";
    let by = "Arguments that say how many: the largest counts, and of a list its length.";
    let whether = "Whether one of these arguments must be given.";
    directive(
        "listSize",
        about,
        [
            ("assumedSize", "Int", "So many, when no argument says otherwise.", None),
            ("slicingArguments", "[String!]", by, None),
            ("sizedFields", "[String!]", "The fields below that hold the list; when left out, the field itself.", None),
            ("requireOneSlicingArgument", "Boolean", whether, Some("true")),
        ],
    )
}

type Argument = (&'static str, &'static str, &'static str, Option<&'static str>);

fn directive(name: &str, about: &str, arguments: impl IntoIterator<Item = Argument>) -> MetaDirective {
    let argument = |(name, ty, about, default): Argument| MetaInputValue {
        name: name.into(),
        description: Some(about.into()),
        ty: ty.into(),
        deprecation: Deprecation::NoDeprecated,
        default_value: default.map(str::to_owned),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    };
    MetaDirective {
        name: name.into(),
        description: Some(about.into()),
        locations: vec![Location::FIELD_DEFINITION],
        args: arguments.into_iter().map(|given| (given.0.to_owned(), argument(given))).collect(),
        is_repeatable: false,
        visible: None,
        composable: None,
    }
}
