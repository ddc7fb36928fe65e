use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType;

/// What `extensions.code` of an error may say. Clients branch on this, never on the message.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[graphql(name = "ErrorCode")]
pub enum Code {
    /// Felaktig begäran: the HTTP request is not a GraphQL request: no query, a malformed body, a parameter of the wrong type.
    BadRequest,
    /// Flera operationer: several operations in one body; send them one by one.
    BatchNotSupported,
    /// Syntaxfel: the document is not GraphQL.
    SyntaxError,
    /// Ogiltigt dokument: the document, or a variable, does not fit the schema.
    ValidationFailed,
    /// Okänd operation: `operationName` is missing or names no operation of the document.
    UnknownOperation,
    /// Okänt dokument: no document is stored here under this `documentId`; send its text.
    UnknownDocument,
    /// Bara sparade dokument: the server runs only documents that are stored here; send a `documentId`.
    OnlyStoredDocuments,
    /// För många tecken: the document has more lexical tokens than are read.
    TooManyTokens,
    /// För långt dokument: the document has more bytes than are read; long values go into variables.
    DocumentTooLong,
    /// För djupt nästlat: brackets, JSON or selections are nested deeper than is read.
    NestedTooDeep,
    /// För djupt: fields are selected deeper than is answered.
    TooDeep,
    /// För många rotfält: more fields at the root than are answered.
    TooManyRootFields,
    /// För många alias: more aliases than are answered.
    TooManyAliases,
    /// För många direktiv: more directives than are answered.
    TooManyDirectives,
    /// För många fragment: more fragment definitions than are read.
    TooManyFragments,
    /// För många fält: more fields, once fragments are expanded, than are answered.
    TooManyFields,
    /// För dyrt: the operation can come to more points than are answered; `extensions.cost` says how many.
    TooCostly,
    /// Kvoten är slut: what may be asked for in a minute has been asked for; `Retry-After` says when to try again.
    RateLimited,
    /// Tiden är ute: the answer took longer than answers may take; ask for less.
    TimedOut,
    /// Fragment i cirkel: a fragment spreads itself, directly or through others.
    FragmentCycle,
    /// För många id: more ids than are looked up at once.
    TooManyIds,
    /// Ogiltig sida: `first` and `last` together, or a number outside 0 to 100.
    InvalidPage,
    /// Ogiltig markör: a cursor that this list in this order did not give out.
    InvalidCursor,
    /// Ogiltigt år: a year before 1900 or after 2199.
    InvalidYear,
    /// Ogiltig söktext: a text without letters and digits, or with more than 100.
    InvalidSearch,
    /// Personnummer: a name or a text in which a personal identity number or coordination number stands; the directory holds none.
    PersonalNumber,
    /// Ej inloggad: an `Authorization` header that proves nothing here.
    Unauthenticated,
    /// Ej tillåtet: you may not call this at all.
    Forbidden,
    /// Inte din: you see this but may not change it.
    NotAllowed,
    /// Ogiltig uppgift: a part of the input cannot be right, whatever the directory holds.
    InvalidInput,
    /// Ändrad under tiden: somebody else has changed this since you looked.
    VersionConflict,
    /// Återanvänd nyckel: the idempotency key came with another input before.
    KeyReused,
    /// Finns inte: there is nothing here.
    NotFound,
    /// Bryter mot en regel: what is asked would break a rule of the directory.
    Conflict,
    /// Fel metod: the HTTP method cannot do this; `Allow` says which can.
    MethodNotAllowed,
    /// Ingen godtagbar form: no media type of `Accept` is one that is spoken here.
    NotAcceptable,
    /// Fel innehållstyp: a body that is not `application/json` in UTF-8.
    UnsupportedMediaType,
    /// För stor begäran: the body is longer than is read.
    BodyTooLarge,
    /// För långsam begäran: the body did not arrive in time.
    BodyTooSlow,
    /// Otillgänglig: too much is under way, or the server is stopping; try again.
    Unavailable,
    /// Internt fel: our fault. Quote the request id.
    Internal,
}

impl Code {
    /// The code as clients see it, such as `TOO_DEEP`.
    pub fn as_str(self) -> &'static str {
        Self::items().iter().find(|item| item.value == self).map_or("INTERNAL", |item| item.name)
    }

    /// The code that clients see so.
    pub fn named(name: &str) -> Option<Code> {
        Self::items().iter().find(|item| item.name == name).map(|item| item.value)
    }

    /// All codes there are.
    pub fn all() -> impl Iterator<Item = Code> {
        Self::items().iter().map(|item| item.value)
    }
}
