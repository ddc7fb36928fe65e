use std::fmt;

/// An absolute URL, as the URL Standard has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url(pub String);

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An absolute URL, such as `https://example.org/groups/radet.vcf`.
#[async_graphql::Scalar(name = "URL", specified_by_url = "https://url.spec.whatwg.org/")]
impl async_graphql::ScalarType for Url {
    fn parse(value: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
        match &value {
            async_graphql::Value::String(text) => Ok(Self(::url::Url::parse(text)?.to_string())),
            _ => Err(async_graphql::InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> async_graphql::Value {
        async_graphql::Value::String(self.0.clone())
    }
}
