//! The lexical grammar of GraphQL, judged exactly as the reference implementation judges it, in one
//! pass that counts.

use std::ops::Range;

use async_graphql::Pos;

use super::{Limits, Refusal};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    Punctuator(char),
    Spread,
    Name(&'a str),
    Int(&'a str),
    Float(&'a str),
    Text(String),
    End,
}

/// A token, where it stands for people, and where in the text.
pub(super) type Placed<'a> = (Token<'a>, Pos, Range<usize>);

/// The tokens of a document that keeps the lexical limits; the last is `End`.
pub(super) fn tokens<'a>(text: &'a str, limits: &Limits) -> Result<Vec<Placed<'a>>, Refusal> {
    let mut lexer = Lexer { text, at: 0, line: 1, column: 1, seen: 0 };
    let mut tokens = Vec::with_capacity(text.len().min(limits.tokens * 4) / 4);
    let mut count = 0;
    let mut directives = 0;
    let (mut open, mut deepest) = (0_usize, 0);
    loop {
        let (token, pos, range) = lexer.next()?;
        match token {
            Token::Punctuator('{' | '[' | '(') => open += 1,
            Token::Punctuator('}' | ']' | ')') => open = open.saturating_sub(1),
            Token::Punctuator('@') => directives += 1,
            _ => {}
        }
        deepest = deepest.max(open);
        let end = token == Token::End;
        if count <= limits.tokens {
            tokens.push((token, pos, range));
        }
        if end {
            break;
        }
        count += 1;
    }
    Refusal::over("tokens", "词法记号", count as u64, limits.tokens as u64)?;
    Refusal::over(
        "brackets open at once",
        "同时未闭合的括号",
        deepest as u64,
        limits.brackets as u64,
    )?;
    Refusal::over("directives", "指令", directives, limits.directives as u64)?;
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
    /// How far `column` has been counted.
    seen: usize,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Result<Placed<'a>, Refusal> {
        self.skip_ignored();
        let pos = self.pos();
        let start = self.at;
        let Some(byte) = self.peek(0) else { return Ok((Token::End, pos, start..start)) };
        let token = match byte {
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|'
            | b'}' => {
                self.at += 1;
                Token::Punctuator(char::from(byte))
            }
            b'.' if self.rest().starts_with("...") => {
                self.at += 3;
                Token::Spread
            }
            b'"' if self.rest().starts_with("\"\"\"") => Token::Text(self.block_text()?),
            b'"' => Token::Text(self.text()?),
            b'-' | b'0'..=b'9' => self.number()?,
            _ if is_name_start(byte) => {
                while self.peek(0).is_some_and(|it| is_name_start(it) || it.is_ascii_digit()) {
                    self.at += 1;
                }
                Token::Name(&self.text[start..self.at])
            }
            _ => return Err(self.wrong("Unexpected character", "意外的字符")),
        };
        Ok((token, pos, start..self.at))
    }

    fn skip_ignored(&mut self) {
        loop {
            match self.peek(0) {
                Some(b'\t' | b' ' | b',') => self.at += 1,
                Some(b'\n') => self.new_line(1),
                Some(b'\r') => self.new_line(if self.peek(1) == Some(b'\n') { 2 } else { 1 }),
                Some(b'#') => {
                    while self.peek(0).is_some_and(|it| it != b'\n' && it != b'\r') {
                        self.at += 1;
                    }
                }
                Some(0xEF) if self.rest().starts_with('\u{FEFF}') => self.at += 3,
                _ => return,
            }
        }
    }

    fn number(&mut self) -> Result<Token<'a>, Refusal> {
        let start = self.at;
        let mut float = false;
        if self.peek(0) == Some(b'-') {
            self.at += 1;
        }
        if self.peek(0) == Some(b'0') {
            self.at += 1;
            if self.peek(0).is_some_and(|it| it.is_ascii_digit()) {
                return Err(self.wrong("A number must not begin with 0", "数字不能以 0 开头"));
            }
        } else {
            self.digits()?;
        }
        if self.peek(0) == Some(b'.') {
            float = true;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(0), Some(b'e' | b'E')) {
            float = true;
            self.at += 1;
            if matches!(self.peek(0), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        if self.peek(0).is_some_and(|it| it == b'.' || is_name_start(it)) {
            return Err(
                self.wrong("A number ends in an unexpected character", "数字后面有意外的字符")
            );
        }
        let text = &self.text[start..self.at];
        Ok(if float { Token::Float(text) } else { Token::Int(text) })
    }

    fn digits(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        while self.peek(0).is_some_and(|it| it.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            Err(self.wrong("A number lacks a digit", "数字缺少位数"))
        } else {
            Ok(())
        }
    }

    fn text(&mut self) -> Result<String, Refusal> {
        let mut value = String::new();
        self.at += 1;
        loop {
            let rest = self.rest();
            let run = rest.find(['"', '\\', '\n', '\r']).unwrap_or(rest.len());
            value.push_str(&rest[..run]);
            self.at += run;
            match self.peek(0) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(value);
                }
                Some(b'\\') => value.push(self.escape()?),
                _ => return Err(self.wrong("A string is not terminated", "字符串没有结束")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Refusal> {
        let wrong = |this: &mut Self| this.wrong("An escape sequence is not valid", "转义序列无效");
        let simple = match self.peek(1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(wrong(self)),
        };
        self.at += 2;
        Ok(simple)
    }

    fn unicode_escape(&mut self) -> Result<char, Refusal> {
        let wrong = |this: &mut Self| {
            this.wrong("A Unicode escape sequence is not valid", "Unicode 转义序列无效")
        };
        if self.peek(2) == Some(b'{') {
            let digits = self.rest()[3..].bytes().take(8).take_while(u8::is_ascii_hexdigit).count();
            let end = self.at + 3 + digits;
            // At most eight digits, as the reference implementation reads them.
            let code = u32::from_str_radix(&self.text[self.at + 3..end], 16).ok();
            let Some(value) = code
                .and_then(char::from_u32)
                .filter(|_| self.text.as_bytes().get(end) == Some(&b'}'))
            else {
                return Err(wrong(self));
            };
            self.at = end + 1;
            return Ok(value);
        }
        let Some(code) = self.hex4(2) else { return Err(wrong(self)) };
        if let Some(value) = char::from_u32(code) {
            self.at += 6;
            return Ok(value);
        }
        let trail = if self.rest()[6..].starts_with("\\u") { self.hex4(8) } else { None };
        let pair =
            trail.and_then(|trail| char::decode_utf16([code as u16, trail as u16]).next()?.ok());
        let Some(value) = pair else { return Err(wrong(self)) };
        self.at += 12;
        Ok(value)
    }

    fn hex4(&self, from: usize) -> Option<u32> {
        let digits = self.text.as_bytes().get(self.at + from..self.at + from + 4)?;
        digits.iter().try_fold(0, |code, &digit| Some(code << 4 | char::from(digit).to_digit(16)?))
    }

    fn block_text(&mut self) -> Result<String, Refusal> {
        let mut raw = String::new();
        self.at += 3;
        loop {
            let rest = self.rest();
            let run = rest.find(['"', '\\', '\n', '\r']).unwrap_or(rest.len());
            raw.push_str(&rest[..run]);
            self.at += run;
            match self.peek(0) {
                None => {
                    return Err(self.wrong("A block string is not terminated", "块字符串没有结束"));
                }
                Some(b'"') if self.rest().starts_with("\"\"\"") => {
                    self.at += 3;
                    return Ok(dedent(&raw));
                }
                Some(b'\\') if self.rest().starts_with("\\\"\"\"") => {
                    raw.push_str("\"\"\"");
                    self.at += 4;
                }
                Some(b'\n') => {
                    raw.push('\n');
                    self.new_line(1);
                }
                Some(b'\r') => {
                    raw.push('\n');
                    self.new_line(if self.peek(1) == Some(b'\n') { 2 } else { 1 });
                }
                Some(other) => {
                    raw.push(char::from(other));
                    self.at += 1;
                }
            }
        }
    }

    fn new_line(&mut self, bytes: usize) {
        self.at += bytes;
        self.line += 1;
        self.column = 1;
        self.seen = self.at;
    }

    fn pos(&mut self) -> Pos {
        self.column += self.text[self.seen..self.at].chars().count();
        self.seen = self.at;
        Pos { line: self.line, column: self.column }
    }

    fn wrong(&mut self, english: &str, chinese: &str) -> Refusal {
        while !self.text.is_char_boundary(self.at) {
            self.at -= 1;
        }
        Refusal::syntax(english, chinese, self.pos())
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// The value of a block string: the indentation that its lines share goes, and so do blank lines at
/// either end.
fn dedent(raw: &str) -> String {
    let lines: Vec<&str> = raw.split('\n').collect();
    let indent = |line: &str| line.bytes().take_while(|it| matches!(it, b' ' | b'\t')).count();
    let blank = |line: &&str| indent(line) == line.len();
    let common =
        lines.iter().skip(1).filter(|it| !blank(it)).map(|it| indent(it)).min().unwrap_or(0);
    let Some(first) = lines.iter().position(|it| !blank(it)) else { return String::new() };
    let last = lines.iter().rposition(|it| !blank(it)).unwrap_or(first);
    let cut = |(number, line): (usize, &&'_ str)| {
        let from = if number == 0 { 0 } else { common.min(line.len()) };
        line[from..].to_owned()
    };
    let kept: Vec<String> =
        lines.iter().enumerate().map(cut).skip(first).take(last - first + 1).collect();
    kept.join("\n")
}
