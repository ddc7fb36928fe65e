//! The same for JSON: how deeply nested, before anything recursive reads it.

use super::{MAX_NESTING, Refusal};
use crate::error::Code;

/// Refuses JSON nested too deep. It need not be valid: that is for the parser to say.
pub fn check(text: &[u8]) -> Result<(), Refusal> {
    let (mut nesting, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => nesting += 1,
            b']' | b'}' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_NESTING {
            let message = format!("the JSON is nested deeper than {MAX_NESTING}");
            return Err(Refusal::new(Code::NestedTooDeep, message));
        }
    }
    Ok(())
}
