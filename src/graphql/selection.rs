//! What the document selects, as finders understand it.

use async_graphql::{Context, SelectionField};

use crate::domain::selection::{Field, Selection};

/// How far below a field its rows' parts are looked at; what is deeper is fetched whole.
const DEPTH: usize = 3;

/// What is selected of an object, or of the objects of a list.
pub fn of_object(ctx: &Context<'_>) -> Selection {
    Selection::of_fields(fields(ctx.field(), DEPTH))
}

/// What is selected of the rows of a page.
pub fn of_page(ctx: &Context<'_>) -> Selection {
    let mut wanted = Vec::new();
    for field in ctx.field().selection_set() {
        match field.name() {
            "nodes" => wanted.extend(fields(field, DEPTH)),
            "edges" => {
                let nodes = field.selection_set().filter(|field| field.name() == "node");
                wanted.extend(nodes.flat_map(|node| fields(node, DEPTH)));
            }
            _ => {}
        }
    }
    Selection::of_fields(wanted)
}

fn fields(field: SelectionField<'_>, depth: usize) -> Vec<Field> {
    let of = |field: SelectionField<'_>| match depth {
        0 => Selection::default(),
        _ => Selection::of_fields(fields(field, depth - 1)),
    };
    field.selection_set().map(|field| Field { name: column(field.name()), of: of(field) }).collect()
}

/// A field's name as columns are named: `onBehalfOf` is `on_behalf_of`.
fn column(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 2);
    for sign in field.chars() {
        // What is spelled otherwise than our fields, such as __typename, stays as it is.
        if sign.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(sign.to_ascii_lowercase());
    }
    name
}
