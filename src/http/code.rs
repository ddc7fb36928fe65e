//! The published list of error codes: what `extensions.code` may say.

use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType;

/// Why a request or a field failed. Clients branch on this, never on the message.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Code {
    /// The HTTP request is not a GraphQL request: no query, a malformed body, a parameter of the wrong type.
    BadRequest,
    /// Several operations in one body; send them one by one.
    BatchNotSupported,
    /// The document is not GraphQL.
    SyntaxError,
    /// The document, or a variable, does not fit the schema.
    ValidationFailed,
    /// `operationName` is missing or names no operation of the document.
    UnknownOperation,
    /// The document has more lexical tokens than are read.
    TooManyTokens,
    /// Brackets, JSON or selections are nested deeper than is read.
    NestedTooDeep,
    /// Fields are selected deeper than is answered.
    TooDeep,
    /// More fields at the root than are answered.
    TooManyRootFields,
    /// More aliases than are answered.
    TooManyAliases,
    /// More directives than are answered.
    TooManyDirectives,
    /// More fragment definitions than are read.
    TooManyFragments,
    /// More fields, once fragments are expanded, than are answered.
    TooManyFields,
    /// A fragment spreads itself, directly or through others.
    FragmentCycle,
    /// An `Authorization` header that proves nothing here.
    Unauthenticated,
    /// You may not call this at all.
    Forbidden,
    /// There is nothing at this path.
    NotFound,
    /// The HTTP method cannot do this; `Allow` says which can.
    MethodNotAllowed,
    /// No media type of `Accept` is one that is spoken here.
    NotAcceptable,
    /// A body that is not `application/json` in UTF-8.
    UnsupportedMediaType,
    /// The body is longer than is read.
    BodyTooLarge,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// Too much is under way, or the server is stopping; try again.
    Unavailable,
    /// Our fault. Quote the request id.
    Internal,
}

impl Code {
    /// The code as clients see it, such as `TOO_DEEP`.
    pub fn as_str(self) -> &'static str {
        Self::items().iter().find(|item| item.value == self).map_or("INTERNAL", |item| item.name)
    }

    pub fn all() -> impl Iterator<Item = Code> {
        Self::items().iter().map(|item| item.value)
    }
}
