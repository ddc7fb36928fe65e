//! The linear scan: how many tokens, how deeply nested. It allocates nothing and never looks back.

use async_graphql::Pos;

use super::{MAX_NESTING, MAX_TOKENS, Refusal};
use crate::error::Code;

/// Refuses a document with too many tokens or too deep brackets. Strings and comments hide what is in them. Whatever
/// the parser would read as brackets, this reads as brackets too; what it cannot tell, it refuses.
pub fn scan(query: &str) -> Result<(), Refusal> {
    let mut scanner = Scanner { text: query.as_bytes(), at: 0 };
    let (mut tokens, mut nesting) = (0_usize, 0_usize);
    while let Some(token) = scanner.next()? {
        tokens += 1;
        match token {
            Token::Open => nesting += 1,
            Token::Close => nesting = nesting.saturating_sub(1),
            Token::Other => {}
        }
        if nesting > MAX_NESTING {
            let message = format!("brackets are nested deeper than {MAX_NESTING}");
            return Err(Refusal::new(Code::NestedTooDeep, message).at(scanner.position(scanner.at)));
        }
        if tokens > MAX_TOKENS {
            let message = format!("the document has more than {MAX_TOKENS} tokens");
            return Err(Refusal::new(Code::TooManyTokens, message));
        }
    }
    Ok(())
}

enum Token {
    Open,
    Close,
    Other,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn next(&mut self) -> Result<Option<Token>, Refusal> {
        self.skip_ignored();
        let Some(&first) = self.text.get(self.at) else {
            return Ok(None);
        };
        let token = match first {
            b'"' => return self.string().map(|()| Some(Token::Other)),
            b'(' | b'[' | b'{' => Token::Open,
            b')' | b']' | b'}' => Token::Close,
            b'.' if self.rest().starts_with(b"...") => {
                self.at += 2;
                Token::Other
            }
            _ => {
                self.skip_word();
                return Ok(Some(Token::Other));
            }
        };
        self.at += 1;
        Ok(Some(token))
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// White space, commas, byte order marks and comments.
    fn skip_ignored(&mut self) {
        const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',') => self.at += 1,
                Some(b'#') => self.at += length_of_line(self.rest()),
                _ if self.rest().starts_with(BYTE_ORDER_MARK) => self.at += BYTE_ORDER_MARK.len(),
                _ => return,
            }
        }
    }

    /// A name, a number, or one byte of anything else.
    fn skip_word(&mut self) {
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_');
        let length = self.rest().iter().take_while(|byte| word(byte)).count();
        self.at += length.max(1);
    }

    fn string(&mut self) -> Result<(), Refusal> {
        if self.rest().starts_with(br#"""""#) {
            return self.block_string();
        }
        let start = self.at;
        self.at += 1;
        loop {
            match self.text.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.at += 2,
                None | Some(b'\r' | b'\n') => return Err(self.unterminated(start)),
                Some(_) => self.at += 1,
            }
        }
    }

    fn block_string(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        self.at += 3;
        loop {
            let rest = self.rest();
            if rest.starts_with(br#"""""#) {
                self.at += 3;
                return Ok(());
            }
            self.at += match rest.first() {
                None => return Err(self.unterminated(start)),
                Some(b'\\') if rest.starts_with(br#"\""""#) => 4,
                Some(_) => 1,
            };
        }
    }

    fn unterminated(&self, start: usize) -> Refusal {
        Refusal::new(Code::SyntaxError, "Syntax error: the string is not closed").at(self.position(start))
    }

    /// Where a byte is, in lines and characters from 1, as the parser counts them. It reads the text from its beginning: only for a
    /// refusal, of which there is one.
    fn position(&self, at: usize) -> Pos {
        let read = self.text.get(..at).unwrap_or(self.text);
        let line = read.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = read.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let column = read[start..].iter().filter(|byte| is_char_start(**byte));
        Pos { line, column: column.count() + 1 }
    }
}

fn length_of_line(text: &[u8]) -> usize {
    text.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(text.len())
}

/// Not a continuation byte of UTF-8.
fn is_char_start(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}
