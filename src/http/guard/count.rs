//! What a document comes to when its fragments are expanded, without expanding them: each fragment is counted once, and
//! sums saturate.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};

use super::{
    MAX_ALIASES, MAX_DEPTH, MAX_DIRECTIVES, MAX_FIELDS, MAX_FRAGMENTS, MAX_INTROSPECTION_DEPTH, MAX_ROOT_FIELDS,
    MAX_SELECTION_NESTING, Refusal,
};
use crate::error::Code;

/// What a selection set comes to, fragments expanded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Fields within fields.
    pub depth: u64,
    /// Selection sets within selection sets, fragments among them.
    pub nesting: u64,
    /// Fields at the top of this set.
    pub root_fields: u64,
    /// Those of them that are not `__schema`, `__type` or `__typename`.
    pub data_fields: u64,
    /// Those of them that are `__schema` or `__type`.
    pub schema_fields: u64,
    pub fields: u64,
    pub aliases: u64,
    pub directives: u64,
}

impl Counts {
    /// Two selections side by side.
    fn beside(self, other: Counts) -> Counts {
        Counts {
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            root_fields: self.root_fields.saturating_add(other.root_fields),
            data_fields: self.data_fields.saturating_add(other.data_fields),
            schema_fields: self.schema_fields.saturating_add(other.schema_fields),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
        }
    }

    fn directives(self, more: usize) -> Counts {
        Counts { directives: self.directives.saturating_add(more as u64), ..self }
    }

    /// A field with this set below it.
    fn under(self, field: &Field) -> Counts {
        let name = field.name.node.as_str();
        let schema = matches!(name, "__schema" | "__type");
        Counts {
            depth: self.depth.saturating_add(1),
            nesting: self.nesting,
            root_fields: 1,
            data_fields: u64::from(!schema && name != "__typename"),
            schema_fields: u64::from(schema),
            fields: self.fields.saturating_add(1),
            aliases: self.aliases.saturating_add(u64::from(field.alias.is_some())),
            directives: self.directives,
        }
        .directives(field.directives.len())
    }

    /// The limit on its depth: tools that read the schema go deeper than data does.
    fn depth_limit(&self) -> u64 {
        match self.data_fields {
            0 => MAX_INTROSPECTION_DEPTH,
            _ => MAX_DEPTH,
        }
    }
}

/// What each operation comes to, in no particular order; a refusal when fragments go round in a circle.
pub fn counts(document: &ExecutableDocument) -> Result<Vec<Counts>, Refusal> {
    let mut counter = Counter { document, fragments: HashMap::new() };
    // Also those that nothing spreads: a circle among them is a circle.
    for name in document.fragments.keys() {
        counter.fragment(name, 0)?;
    }
    let operations = document.operations.iter();
    operations.map(|(_, operation)| counter.operation(&operation.node)).collect()
}

/// Refuses a document that comes to more than is answered, or says what all its operations come to.
pub fn enforce(document: &ExecutableDocument) -> Result<Counts, Refusal> {
    use Code::{TooDeep, TooManyAliases, TooManyDirectives, TooManyFields, TooManyFragments, TooManyRootFields};

    let fragments = document.fragments.len() as u64;
    at_most(fragments, MAX_FRAGMENTS, TooManyFragments, "fragments")?;
    let mut all = Counts::default();
    for counts in counts(document)? {
        let (depth, roots) = (counts.depth, counts.root_fields);
        at_most(depth, counts.depth_limit(), TooDeep, "levels of fields")?;
        at_most(roots, MAX_ROOT_FIELDS, TooManyRootFields, "root fields")?;
        // The validator walks every operation, whichever is executed.
        all = all.beside(counts);
    }
    at_most(all.aliases, MAX_ALIASES, TooManyAliases, "aliases")?;
    let directives = all.directives;
    at_most(directives, MAX_DIRECTIVES, TooManyDirectives, "directives")?;
    at_most(all.fields, MAX_FIELDS, TooManyFields, "fields")?;
    Ok(all)
}

fn at_most(count: u64, limit: u64, code: Code, what: &str) -> Result<(), Refusal> {
    if count <= limit {
        return Ok(());
    }
    let message = format!("the document has more than {limit} {what}, fragments expanded");
    Err(Refusal::new(code, message))
}

struct Counter<'a> {
    document: &'a ExecutableDocument,
    /// `None` while it is being counted.
    fragments: HashMap<&'a str, Option<Counts>>,
}

impl<'a> Counter<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Counts, Refusal> {
        let of_variables = operation.variable_definitions.iter().map(|variable| variable.node.directives.len());
        let directives = operation.directives.len() + of_variables.sum::<usize>();
        let selected = self.set(&operation.selection_set.node, 1)?;
        Ok(selected.directives(directives))
    }

    /// A fragment that nobody defined counts nothing; the validator will name it.
    fn fragment(&mut self, name: &'a str, around: u64) -> Result<Counts, Refusal> {
        match self.fragments.get(name) {
            Some(Some(counted)) => return Ok(*counted),
            Some(None) => return Err(cycle(name)),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Counts::default());
        };
        self.fragments.insert(name, None);
        let counted =
            self.set(&fragment.node.selection_set.node, around + 1)?.directives(fragment.node.directives.len());
        self.fragments.insert(name, Some(counted));
        Ok(counted)
    }

    /// `nesting` is the number of sets around and with this one on the way that led here. It bounds the recursion; the
    /// sum is checked too, because the way led through fragments that were counted before.
    fn set(&mut self, set: &'a SelectionSet, nesting: u64) -> Result<Counts, Refusal> {
        if set.items.is_empty() {
            return Ok(Counts::default());
        }
        let what = "selections within selections";
        at_most(nesting, MAX_SELECTION_NESTING, Code::NestedTooDeep, what)?;
        let mut sum = Counts::default();
        for selection in &set.items {
            sum = sum.beside(self.selection(&selection.node, nesting)?);
        }
        sum.nesting = sum.nesting.saturating_add(1);
        at_most(sum.nesting, MAX_SELECTION_NESTING, Code::NestedTooDeep, what)?;
        Ok(sum)
    }

    fn selection(&mut self, selection: &'a Selection, nesting: u64) -> Result<Counts, Refusal> {
        Ok(match selection {
            Selection::Field(field) => {
                let below = self.set(&field.node.selection_set.node, nesting + 1)?;
                below.under(&field.node)
            }
            Selection::InlineFragment(inline) => {
                self.set(&inline.node.selection_set.node, nesting + 1)?.directives(inline.node.directives.len())
            }
            Selection::FragmentSpread(spread) => {
                self.fragment(&spread.node.fragment_name.node, nesting)?.directives(spread.node.directives.len())
            }
        })
    }
}

fn cycle(name: &str) -> Refusal {
    let message = format!("the fragment {name} spreads itself");
    Refusal::new(Code::FragmentCycle, message)
}
