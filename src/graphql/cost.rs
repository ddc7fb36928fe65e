//! What an operation comes to at most, told before it runs: how many objects its answer can have, and how many fields are worked out for them.
//! By IBM's [cost specification](https://ibm.github.io/graphql-specs/cost-spec.html), whose directives the schema carries: what is printed
//! there is what is counted here.

mod price;

use std::collections::HashMap;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Given;

use price::{Kind, Size};
pub(super) use price::{Priced, prices};

use crate::domain::page::{DEFAULT_LIMIT, MAX_LIMIT};

/// What an operation comes to at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Objects in the answer, pages and edges among them: the specification's type cost.
    pub objects: u64,
    /// What working out the fields takes: the specification's field cost.
    pub fields: u64,
}

impl Cost {
    /// The one number that limits and budgets are in.
    pub fn points(self) -> u64 {
        self.objects.saturating_add(self.fields)
    }

    fn plus(self, other: Self) -> Self {
        Self { objects: self.objects.saturating_add(other.objects), fields: self.fields.saturating_add(other.fields) }
    }

    fn or(self, other: Self) -> Self {
        Self { objects: self.objects.max(other.objects), fields: self.fields.max(other.fields) }
    }
}

/// What the document's chosen operation comes to with these variables, their defaults among them. What the schema does not know counts nothing: the engine will refuse it. The document is
/// one that the guard has let through, so that expanding its fragments has an end.
pub fn cost(document: &ExecutableDocument, operation_name: Option<&str>, variables: &Variables) -> Cost {
    let named = |name: Option<&Name>| name.map(Name::as_str) == operation_name || operation_name.is_none();
    let Some((_, operation)) = document.operations.iter().find(|(name, _)| named(*name)) else {
        return Cost::default();
    };
    let operation = &operation.node;
    let prices = prices();
    let Some(root) = prices.root(operation.ty) else { return Cost::default() };
    let counter = Counter { document, variables };
    counter.set(&operation.selection_set.node, root, Place { times: 1, rows: None })
}

struct Counter<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
}

/// Where a selection stands.
#[derive(Clone, Copy)]
struct Place {
    /// How many objects it is of.
    times: u64,
    /// In a page of a list: how many rows it has.
    rows: Option<u64>,
}

/// What a selection comes to, as far as it is known: what is asked of every object, and what more of those of a type.
#[derive(Default)]
struct Sum {
    of_all: Cost,
    of_type: HashMap<&'static str, Cost>,
}

impl Counter<'_> {
    /// An object is of one type: of the fragments on several types, the dearest counts.
    fn set(&self, set: &SelectionSet, kind: &'static Kind, place: Place) -> Cost {
        let mut sum = Sum::default();
        self.add(set, kind, place, &mut sum);
        let dearest = sum.of_type.into_values().fold(Cost::default(), Cost::or);
        sum.of_all.plus(dearest)
    }

    fn add(&self, set: &SelectionSet, kind: &'static Kind, place: Place, sum: &mut Sum) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if self.is_asked(&field.node.directives) => {
                    sum.of_all = sum.of_all.plus(self.field(&field.node, kind, place));
                }
                Selection::InlineFragment(inline) if self.is_asked(&inline.node.directives) => {
                    let on = inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    self.fragment(on, &inline.node.selection_set.node, kind, place, sum);
                }
                Selection::FragmentSpread(spread) if self.is_asked(&spread.node.directives) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.fragment(Some(on), &fragment.node.selection_set.node, kind, place, sum);
                    }
                }
                _ => {}
            }
        }
    }

    fn fragment(&self, on: Option<&str>, set: &SelectionSet, kind: &'static Kind, place: Place, sum: &mut Sum) {
        let Some(on) = on.filter(|on| *on != kind.name) else { return self.add(set, kind, place, sum) };
        let Some(on) = prices().kind(on) else { return };
        let cost = self.set(set, on, place);
        if on.is_abstract {
            sum.of_all = sum.of_all.plus(cost);
        } else {
            let so_far = sum.of_type.entry(&on.name).or_default();
            *so_far = so_far.plus(cost);
        }
    }

    fn field(&self, field: &Field, kind: &'static Kind, place: Place) -> Cost {
        let Some(price) = kind.fields.get(field.name.node.as_str()) else { return Cost::default() };
        let worked_out = Cost { objects: 0, fields: place.times.saturating_mul(price.weight) };
        let Some(below) = price.of.as_deref().and_then(|of| prices().kind(of)) else { return worked_out };
        let (each, rows) = match (&price.size, place.rows) {
            (Size::Page { by }, _) => (1, Some(self.length(field, by, DEFAULT_LIMIT.into()))),
            (Size::Rows, rows) => (rows.unwrap_or_default(), None),
            (Size::List(length), _) => (*length, None),
            (Size::Sliced { by, else_assumed }, _) => (self.length(field, by, *else_assumed), None),
            (Size::One, _) => (1, None),
        };
        let times = place.times.saturating_mul(each);
        let objects = Cost { objects: times, fields: 0 };
        worked_out.plus(objects).plus(self.set(&field.selection_set.node, below, Place { times, rows }))
    }

    /// How long a list is at most, by its arguments; a page longer than the longest is refused.
    fn length(&self, field: &Field, by: &[&str], else_assumed: u64) -> u64 {
        let given = by.iter().filter_map(|argument| self.size(field, argument)).max();
        given.map_or(else_assumed, |given| given.min(MAX_LIMIT.into()))
    }

    /// A number, or how many there are in a list.
    fn size(&self, field: &Field, argument: &str) -> Option<u64> {
        match self.value(field.get_argument(argument)?)? {
            Value::Number(number) => number.as_u64(),
            Value::List(list) => Some(list.len() as u64),
            Value::Null => None,
            _ => Some(1),
        }
    }

    fn is_asked(&self, directives: &[Positioned<Directive>]) -> bool {
        let says = |name: &str, wanted: bool| {
            let named = directives.iter().filter(|directive| directive.node.name.node == name);
            let conditions = named.filter_map(|directive| directive.node.get_argument("if"));
            conditions.filter_map(|condition| self.value(condition)).any(|value| value == Value::Boolean(wanted))
        };
        !says("skip", true) && !says("include", false)
    }

    fn value(&self, value: &Positioned<Given>) -> Option<Value> {
        let variable = |name: Name| self.variables.get(&name).cloned().ok_or(());
        value.node.clone().into_const_with(variable).ok()
    }
}
