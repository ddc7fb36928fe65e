//! What stands before the parser and the validator, which trust their input.
//!
//! Two requests of a few kilobytes kill a naive GraphQL server. A literal nested 1,500 deep overflows the stack of the
//! recursive parser, and the process aborts. Thirty fragments that each spread the next one twice make the validator
//! walk 2³⁰ paths, in synchronous code that no timeout interrupts. So nothing is parsed before a linear [`scan`] has
//! bounded it, and nothing is validated before [`count`] has priced it over the fragment graph, each fragment once.

mod count;
mod json;
mod known;
mod scan;
mod unset;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, VariableDefinition};
use async_graphql::parser::{self, parse_query};
use async_graphql::{Name, Pos, Value};

pub use count::{Counts, counts};
pub use json::check as check_json;
pub use known::Known;
pub use scan::scan;

use crate::error::Code;

/// Lexical tokens in a document.
pub const MAX_TOKENS: usize = 2_000;
/// Bytes in a document. The parser takes a hundred times as long over a long comment or string as the scan.
pub const MAX_LENGTH: usize = 64 * 1024;
/// Brackets within brackets, in a document and in JSON.
pub const MAX_NESTING: usize = 64;
/// Selection sets within selection sets, through fragments too. (The engine would stop one further down.)
pub const MAX_SELECTION_NESTING: u64 = 32;
/// Fields within fields.
pub const MAX_DEPTH: u64 = 12;
/// Fields within fields where only the schema is asked about; what introspection tools send is 15 deep.
pub const MAX_INTROSPECTION_DEPTH: u64 = 15;
/// Fields at the root of an operation.
pub const MAX_ROOT_FIELDS: u64 = 20;
pub const MAX_ALIASES: u64 = 50;
pub const MAX_DIRECTIVES: u64 = 50;
/// Fragment definitions.
pub const MAX_FRAGMENTS: u64 = 50;
/// Fields of a document, with fragments expanded.
pub const MAX_FIELDS: u64 = 5_000;

/// Why a request is not looked at any further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
    pub at: Option<Pos>,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), at: None }
    }

    pub fn at(mut self, position: Pos) -> Self {
        self.at = Some(position);
        self
    }
}

/// A document that may be validated and executed, and what its chosen operation is.
#[derive(Clone, Debug)]
pub struct Checked {
    pub document: ExecutableDocument,
    pub operation: OperationType,
    /// Whether the document asks for the schema.
    pub introspects: bool,
    /// Its variables that must be given and not be null. The engine would notice only where they are used.
    pub required: Vec<Name>,
    /// What its variables are when they are not given.
    defaults: Vec<(Name, Value)>,
    /// Its variables that are nothing when they are not given.
    optional: Vec<Name>,
}

/// Scans, measures, parses once, and counts. The document goes on to the engine, so that it is never parsed twice.
pub fn check(query: &str, operation_name: Option<&str>) -> Result<Checked, Refusal> {
    let (document, counts) = parsed(query)?;
    let operation = chosen(&document, operation_name)?;
    let (kind, defaults) = (operation.ty, defaults(operation));
    let (required, optional) = (without_default(operation, false), without_default(operation, true));
    Ok(Checked { document, operation: kind, introspects: counts.schema_fields > 0, required, defaults, optional })
}

/// Refuses what [`check`] would refuse whichever operation were chosen.
pub fn check_whole(query: &str) -> Result<(), Refusal> {
    parsed(query).map(|_| ())
}

fn parsed(query: &str) -> Result<(ExecutableDocument, Counts), Refusal> {
    scan(query)?;
    if query.len() > MAX_LENGTH {
        let message = format!("the document is longer than {MAX_LENGTH} bytes; long values go into variables");
        return Err(Refusal::new(Code::DocumentTooLong, message));
    }
    let document = parse_query(query).map_err(syntax_error)?;
    let counts = count::enforce(&document)?;
    Ok((document, counts))
}

fn defaults(operation: &OperationDefinition) -> Vec<(Name, Value)> {
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    let with_default =
        |own: &VariableDefinition| Some((own.name.node.clone(), own.default_value.as_ref()?.node.clone()));
    definitions.filter_map(with_default).collect()
}

fn without_default(operation: &OperationDefinition, nullable: bool) -> Vec<Name> {
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    let without = definitions.filter(|own| own.var_type.node.nullable == nullable && own.default_value.is_none());
    without.map(|own| own.name.node.clone()).collect()
}

fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Refusal> {
    let mut operations = document.operations.iter();
    let found = match name {
        Some(name) => operations.find(|(own, _)| own.is_some_and(|own| own.as_str() == name)),
        None if operations.len() == 1 => operations.next(),
        None => None,
    };
    let why = match name {
        Some(_) => "operationName names no operation of the document",
        None => "the document has several operations: say which in operationName",
    };
    found.map(|(_, operation)| &operation.node).ok_or_else(|| Refusal::new(Code::UnknownOperation, why))
}

/// The parser's own message quotes the whole source line; the position and what it expected is enough.
fn syntax_error(error: parser::Error) -> Refusal {
    let at = error.positions().next();
    let text = error.to_string();
    let expected = text.lines().find_map(|line| line.trim_start().strip_prefix("= "));
    let message = match (&error, expected) {
        (parser::Error::Syntax { .. }, Some(expected)) => format!("Syntax error: {expected}"),
        (parser::Error::Syntax { .. }, None) => "Syntax error".to_owned(),
        (parser::Error::RecursionLimitExceeded, _) => {
            let message = format!("selections are nested deeper than {MAX_NESTING}");
            return Refusal::new(Code::NestedTooDeep, message);
        }
        _ => text,
    };
    Refusal { code: Code::SyntaxError, message, at }
}
