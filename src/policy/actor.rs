use entity::values::Audience;

/// Who is asking, and how far they see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    name: String,
    sees: Audience,
    operator: bool,
}

impl Actor {
    /// Anyone, without a token.
    pub fn public() -> Self {
        Self { name: "public".to_owned(), sees: Audience::Public, operator: false }
    }

    /// A sign-in that sees up to a level.
    pub fn signed_in(name: impl Into<String>, sees: Audience) -> Self {
        Self { name: name.into(), sees: sees.max(Audience::SignedIn), operator: false }
    }

    /// Whoever runs a command beside the database, and could as well edit it by hand.
    pub fn operator(command: &str) -> Self {
        Self { name: format!("command:{command}"), sees: Audience::Administrators, operator: true }
    }

    /// What the Change trail calls the actor.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The widest audience that includes the actor.
    pub fn sees(&self) -> Audience {
        self.sees
    }

    pub(super) fn is_operator(&self) -> bool {
        self.operator
    }
}
