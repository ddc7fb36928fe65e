//! Variables that have no value. An argument or an input field that is nothing but one of them is not given
//! ([§6.4.1](https://spec.graphql.org/September2025/#sec-Coercing-Field-Arguments),
//! [§3.10](https://spec.graphql.org/September2025/#sec-Input-Objects.Input-Coercion)): its default holds, and a change leaves alone what it
//! would be of. The engine takes it for null, which clears.
//!
//! A variable that has a default is never one of them ([§6.1.2](https://spec.graphql.org/September2025/#CoerceVariableValues())): it is given
//! that here, since the engine forgets it where a directive uses the variable.

use std::collections::HashSet;

use async_graphql::parser::Positioned;
use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Variables};
use async_graphql_value::Value;

use super::Checked;

impl Checked {
    /// The document for these values of its variables, to which the defaults come.
    pub fn filled_in(self, variables: &mut Variables) -> ExecutableDocument {
        let Self { mut document, defaults, optional, .. } = self;
        for (name, value) in defaults {
            variables.entry(name).or_insert(value);
        }
        let unset: HashSet<Name> = optional.into_iter().filter(|name| !variables.contains_key(name)).collect();
        if !unset.is_empty() {
            leave_out(&mut document, &unset);
        }
        document
    }
}

/// Takes what is not given out of a document, and of its operations the variables of which nothing is left.
fn leave_out(document: &mut ExecutableDocument, unset: &HashSet<Name>) {
    let mut left = HashSet::new();
    for fragment in document.fragments.values_mut() {
        leave_out_of(&mut fragment.node.selection_set.node, unset, &mut left);
    }
    for operation in operations(document) {
        leave_out_of(&mut operation.selection_set.node, unset, &mut left);
    }
    if left.is_empty() {
        return;
    }
    let used: Vec<HashSet<Name>> = document.operations.iter().map(|(_, own)| used(document, &own.node)).collect();
    for (operation, used) in operations(document).into_iter().zip(used) {
        operation.variable_definitions.retain(|own| {
            let name = &own.node.name.node;
            used.contains(name) || !left.contains(name)
        });
    }
}

fn operations(document: &mut ExecutableDocument) -> Vec<&mut OperationDefinition> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => vec![&mut operation.node],
        DocumentOperations::Multiple(operations) => operations.values_mut().map(|own| &mut own.node).collect(),
    }
}

fn leave_out_of(set: &mut SelectionSet, unset: &HashSet<Name>, left: &mut HashSet<Name>) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                let field = &mut field.node;
                field.arguments.retain(|(_, value)| !is_unset(&value.node, unset, left));
                field.arguments.iter_mut().for_each(|(_, value)| leave_out_of_value(&mut value.node, unset, left));
                leave_out_of(&mut field.selection_set.node, unset, left);
            }
            Selection::InlineFragment(inline) => leave_out_of(&mut inline.node.selection_set.node, unset, left),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn leave_out_of_value(value: &mut Value, unset: &HashSet<Name>, left: &mut HashSet<Name>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !is_unset(value, unset, left));
            fields.values_mut().for_each(|value| leave_out_of_value(value, unset, left));
        }
        // One that is an element is null.
        Value::List(elements) => elements.iter_mut().for_each(|value| leave_out_of_value(value, unset, left)),
        _ => {}
    }
}

fn is_unset(value: &Value, unset: &HashSet<Name>, left: &mut HashSet<Name>) -> bool {
    match value {
        Value::Variable(name) if unset.contains(name) => {
            left.insert(name.clone());
            true
        }
        _ => false,
    }
}

/// The variables that an operation uses, itself and through fragments.
fn used(document: &ExecutableDocument, operation: &OperationDefinition) -> HashSet<Name> {
    let mut uses = Uses { document, spread: HashSet::new(), names: HashSet::new() };
    uses.by_directives(&operation.directives);
    uses.by(&operation.selection_set.node);
    uses.names
}

struct Uses<'a> {
    document: &'a ExecutableDocument,
    /// Fragments that have been looked at.
    spread: HashSet<Name>,
    names: HashSet<Name>,
}

impl Uses<'_> {
    fn by(&mut self, set: &SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    self.by_directives(&field.node.directives);
                    field.node.arguments.iter().for_each(|(_, value)| self.by_value(&value.node));
                    self.by(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    self.by_directives(&inline.node.directives);
                    self.by(&inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    self.by_directives(&spread.node.directives);
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name)
                        && self.spread.insert(name.clone())
                    {
                        self.by(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn by_directives(&mut self, directives: &[Positioned<Directive>]) {
        let arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        arguments.for_each(|(_, value)| self.by_value(&value.node));
    }

    fn by_value(&mut self, value: &Value) {
        match value {
            Value::Variable(name) => {
                self.names.insert(name.clone());
            }
            Value::List(elements) => elements.iter().for_each(|value| self.by_value(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.by_value(value)),
            _ => {}
        }
    }
}
