//! Statements typeset: the ASCII of the catalogue (`S(W) >= 2 L lambda norm(w*)^(2-2/L)`) as LaTeX between dollars, its
//! words left as words.
//!
//! What cannot be read with balanced brackets is shown as code, as it is written.
//!
//! Three passes: `tokens` cuts the text at the first rule that fits (the order of the rules decides what is a word, a
//! symbol or a function), `set` goes through the tokens with a stack of open brackets and gathers a formula until a
//! word or a stop ends it, `flush` puts it between dollars. No grammar is parsed: the input is prose with formulas in
//! it, and what matters is where a formula ends.
//!
//! The LaTeX is not checked. What is checked is that brackets close: else the reader gets the ASCII as it was
//! written.

/// Names that are one symbol.
const NAMES: [(&str, &str); 53] = [
    ("alpha", r"\alpha"),
    ("beta", r"\beta"),
    ("gamma", r"\gamma"),
    ("delta", r"\delta"),
    ("Delta", r"\Delta"),
    ("epsilon", r"\varepsilon"),
    ("eta", r"\eta"),
    ("theta", r"\theta"),
    ("kappa", r"\kappa"),
    ("lambda", r"\lambda"),
    ("Lambda", r"\Lambda"),
    ("mu", r"\mu"),
    ("xi", r"\xi"),
    ("Pi", r"\Pi"),
    ("pi", r"\pi"),
    ("rho", r"\rho"),
    ("sigma", r"\sigma"),
    ("Sigma", r"\hat\Sigma"),
    ("tau", r"\tau"),
    ("phi", r"\varphi"),
    ("Phi", r"\Phi"),
    ("psi", r"\psi"),
    ("chi", r"\chi"),
    ("omega", r"\omega"),
    ("infinity", r"\infty"),
    ("grad", r"\nabla"),
    ("nabla", r"\nabla"),
    ("eps", r"\varepsilon"),
    ("sum", r"\sum"),
    ("prod", r"\prod"),
    ("int", r"\int"),
    ("exp", r"\exp"),
    ("ln", r"\ln"),
    ("log", r"\log"),
    // At the start of a sentence.
    ("Log", r"\mathrm{Log}"),
    ("cos", r"\cos"),
    ("min", r"\min"),
    ("max", r"\max"),
    ("inf", r"\inf"),
    ("sup", r"\sup"),
    ("lim", r"\lim"),
    ("det", r"\det"),
    ("tr", r"\operatorname{tr}"),
    ("trace", r"\operatorname{tr}"),
    ("Cov", r"\operatorname{Cov}"),
    ("Var", r"\operatorname{Var}"),
    ("KL", r"\mathrm{KL}"),
    ("SI", r"{\mathrm{SI}}"),
    ("RI", r"{\mathrm{RI}}"),
    ("bal", r"{\mathrm{bal}}"),
    ("dW", r"dW"),
    ("dt", r"dt"),
    ("rank", r"\operatorname{rank}"),
];

/// Names that are English words where no formula follows.
const WORDS: [&str; 13] =
    ["sum", "prod", "int", "exp", "ln", "log", "min", "max", "inf", "sup", "lim", "rank", "trace"];

/// Functions whose brackets are drawn otherwise.
///
/// Name, what opens, what closes.
const BRACKETS: [(&str, &str, &str); 6] = [
    ("norm", r"\lVert ", r" \rVert"),
    ("norm_F", r"\lVert ", r" \rVert_F"),
    ("norm_2", r"\lVert ", r" \rVert_2"),
    ("sqrt", r"\sqrt{", "}"),
    ("abs", r"\lvert ", r" \rvert"),
    ("floor", r"\lfloor ", r" \rfloor"),
];

/// What [`set`] tells apart.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// An English word.
    Word(String),
    /// LaTeX.
    Math(String),
    /// Digits, with a point perhaps: alone it is prose, in a formula it is set.
    Number(String),
    /// `(`, `[`, `{`, and `<` where a letter follows, which opens an inner product.
    Open(char),
    /// Closes whatever is open last; a half-open interval may close with the other bracket.
    Close(char),
    /// A comma, colon or full stop.
    Stop(char),
    /// Any run of white space.
    Space,
    /// A function of [`BRACKETS`], by its place there; its opening bracket is part of it.
    Function(usize),
    /// `^(`: a power in braces.
    Power,
    /// Opens and closes an absolute value in turn.
    Bar,
}

/// The LaTeX of a name of [`NAMES`].
fn name(word: &str) -> Option<&'static str> {
    NAMES.iter().find(|n| n.0 == word).map(|n| n.1)
}

/// An identifier as LaTeX, or `None` for a word of English.
///
/// `W_prod`, `sigma_k`, `C3`: a name of [`NAMES`], one letter, or a letter and a digit, with an index behind an
/// underscore perhaps. Two letters are a symbol only with an index. An index of one letter, of digits, or of two of
/// i, j, k, l is set as it is, a name of [`NAMES`] as its symbol, another one upright.
fn symbol(word: &str) -> Option<String> {
    let (base, index) = word.split_once('_').unwrap_or((word, ""));
    let base = match name(base) {
        Some(latex) => latex.to_string(),
        None if base.len() == 1 => base.to_string(),
        None if base.len() == 2 && base.ends_with(|c: char| c.is_ascii_digit()) => {
            format!("{}_{}", &base[..1], &base[1..])
        }
        None if !index.is_empty() && base.len() <= 2 => base.to_string(),
        None => return None,
    };
    Some(match index {
        "" => base,
        "prod" => base + r"_{\mathrm{prod}}",
        i if i.len() == 1 => format!("{base}_{i}"),
        i if i.chars().all(DIGIT) => format!("{base}_{{{i}}}"),
        i if i.len() == 2 && i.chars().all(|c| "ijkl".contains(c)) => format!("{base}_{{{i}}}"),
        i => format!("{base}_{{{}}}", name(i).map_or_else(|| format!(r"\mathrm{{{i}}}"), String::from)),
    })
}

/// Does an index, a bracket, a number or a symbol come next?
fn formula_follows(after: &str) -> bool {
    let next = after.trim_start();
    let word = &next[..next.find(|c: char| !is_name(c)).unwrap_or(next.len())];
    after.starts_with(['_', '(', '^'])
        || next.starts_with(|c: char| c.is_ascii_digit())
        || (!word.is_empty() && word != "a" && (symbol(word).is_some() || BRACKETS.iter().any(|b| b.0 == word)))
}

/// Length of what looks like letters of a formula at the start of `rest` and is English: an id such as
/// `theorem-2/product`, an abbreviation, a genitive, or the article "A".
///
/// `word` is what [`tokens`] found at the start of `rest`, `before` the last token that is no space. `None`: it may
/// be a symbol.
fn plain_word(rest: &str, word: &str, before: Option<&Token>) -> Option<usize> {
    let known = symbol(word).is_some() || BRACKETS.iter().any(|b| b.0 == word);
    let after = &rest[word.len()..];
    if let Some(short) = ["e.g.", "i.e.", "i.i.d."].iter().find(|s| rest.starts_with(**s)) {
        return Some(short.len());
    }
    if !known && after.starts_with("'s") {
        return Some(word.len() + 2);
    }
    let id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '~');
    let length = rest.find(|c| !id(c)).unwrap_or(rest.len());
    let parts = rest[..length].trim_end_matches(['-', '/', '~']);
    if !known && word.len() > 2 && parts.len() > word.len() && after.starts_with(['-', '/']) {
        return Some(parts.len());
    }
    // "A factor is lost", and not the event A of "A and B".
    let next = after.strip_prefix(' ').map_or("", |a| &a[..a.find(|c: char| !is_name(c)).unwrap_or(a.len())]);
    let verb = ["and", "or", "is", "are", "has", "as", "of", "in", "at", "with", "for", "from", "cap", "cup"];
    let noun = next.len() > 2 && symbol(next).is_none() && !verb.contains(&next);
    (word == "A" && noun && matches!(before, None | Some(Token::Stop(_)))).then_some(1)
}

/// Length of `1d` after "Figure".
///
/// `None` elsewhere: `1d` is then a product.
fn panel(rest: &str, before: Option<&Token>) -> Option<usize> {
    let figure = matches!(before, Some(Token::Word(w)) if w.starts_with("Figure"));
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let letter = rest[digits..].starts_with(|c: char| ('a'..='d').contains(&c));
    let ends = !rest[digits..].chars().nth(1).is_some_and(is_name);
    (figure && digits > 0 && letter && ends).then_some(digits + 1)
}

/// Digits.
const DIGIT: fn(char) -> bool = |c| c.is_ascii_digit();

/// Letters, digits and the underscore of an index.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Always succeeds, and uses every character: one that no rule knows is a word.
fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text;
    let operators: [(&str, &str); 20] = [
        ("<=>", r" \iff "),
        ("<=", r" \le "),
        (">=", r" \ge "),
        ("!=", r" \neq "),
        ("->", r" \to "),
        ("...", r" \ldots "),
        ("..", r" \cdots "),
        ("^T", r"^\top "),
        ("^", "^"),
        ("<", " < "),
        (">", " > "),
        ("=", " = "),
        ("+", " + "),
        ("-", " - "),
        ("/", "/"),
        ("*", r" \cdot "),
        ("~", r" \sim "),
        ("%", r"\%"),
        ("_", "_"),
        ("'", "'"),
    ];
    while let Some(c) = rest.chars().next() {
        let length = |f: fn(char) -> bool| rest.find(|c| !f(c)).unwrap_or(rest.len());
        let (token, used) = if c.is_whitespace() {
            (Token::Space, length(char::is_whitespace))
        } else if c.is_ascii_alphabetic() {
            let n = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
            let word = rest[..n].trim_end_matches('_');
            let n = word.len();
            let after = &rest[n..];
            let hyphened =
                after.strip_prefix('-').map_or("", |a| &a[..a.find(|c: char| !is_name(c)).unwrap_or(a.len())]);
            let section = after.strip_prefix('.').filter(|a| n == 1 && a.starts_with(|c: char| c.is_ascii_digit()));
            if let Some(n) = plain_word(rest, word, out.iter().rev().find(|t| **t != Token::Space)) {
                (Token::Word(rest[..n].to_string()), n)
            } else if let Some(n) = after.strip_prefix(' ').filter(|a| word == "sqrt" && a.starts_with(DIGIT)) {
                let digits = n.find(|c: char| !c.is_ascii_digit()).unwrap_or(n.len());
                (Token::Math(format!(r"\sqrt{{{}}}", &n[..digits])), word.len() + 1 + digits)
            } else if let Some(at) = BRACKETS.iter().position(|b| b.0 == word && after.starts_with('(')) {
                (Token::Function(at), n + 1)
            } else if let Some(index) = hyphened.strip_prefix("bar") {
                (Token::Math(format!(r"\bar{{{}}}{index}", symbol(word).unwrap_or_default())), n + 1 + hyphened.len())
            } else if hyphened.len() > 1
                && hyphened.chars().all(|c| c.is_ascii_lowercase())
                && symbol(hyphened).is_none()
            {
                (Token::Word(format!("{word}-{hyphened}")), n + 1 + hyphened.len())
            } else if let Some(digits) = section {
                let m = n + 1 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
                let m = if rest[m..].starts_with("'s") { m + 2 } else { m };
                (Token::Word(rest[..m].to_string()), m)
            } else if WORDS.contains(&word) && !formula_follows(after) {
                (Token::Word(word.to_string()), n)
            } else if let Some(rest) = after.strip_prefix('~').filter(|_| symbol(word).is_some()) {
                // W~_k, W~ - W: the tilde stands over the letter, its index after it. "Is distributed as" has blanks.
                let m = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
                let index = symbol(&format!("x{}", rest[..m].trim_end_matches('_'))).unwrap_or_default();
                let used = if rest[..m].ends_with('_') { m - 1 } else { m };
                (
                    Token::Math(format!(
                        r"\tilde {}{}",
                        symbol(word).unwrap_or_default(),
                        index.get(1..).unwrap_or("")
                    )),
                    n + 1 + used,
                )
            } else if let Some(latex) = symbol(word) {
                match after.strip_prefix('*').filter(|a| !a.starts_with(|c: char| c.is_alphanumeric())) {
                    Some(_) => (Token::Math(format!(r"{{{latex}^\star}}")), n + 1),
                    None => (Token::Math(latex), n),
                }
            } else {
                (Token::Word(word.to_string()), n)
            }
        } else if let Some(n) = panel(rest, out.iter().rev().find(|t| **t != Token::Space)) {
            (Token::Word(rest[..n].to_string()), n)
        } else if c.is_ascii_digit() {
            let n = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let digits = rest[..n].trim_end_matches('.');
            // 1e-6: a sign, perhaps, and digits.
            let tail = rest[digits.len()..].strip_prefix('e').unwrap_or("");
            let sign = usize::from(tail.starts_with('-'));
            let n = tail[sign..].find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len() - sign);
            let exponent = if n == 0 { "" } else { &tail[..sign + n] };
            match (digits, exponent) {
                (_, "") => (Token::Number(digits.to_string()), digits.len()),
                ("1", e) => (Token::Math(format!("10^{{{e}}}")), digits.len() + 1 + e.len()),
                (_, e) => (Token::Math(format!(r"{digits} \cdot 10^{{{e}}}")), digits.len() + 1 + e.len()),
            }
        } else if rest.starts_with('<') && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            (Token::Open('<'), 1)
        } else if rest.starts_with("^(") {
            (Token::Power, 2)
        } else if rest.starts_with('^') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            let m = rest[1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - 1);
            (Token::Math(format!("^{{{}}}", &rest[1..=m])), 1 + m)
        } else if let Some(power) = rest.strip_prefix("^-") {
            let m = power.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(power.len());
            (Token::Math(format!("^{{-{}}}", &power[..m])), 2 + m)
        } else if let Some((from, to)) = operators.iter().find(|o| rest.starts_with(o.0)) {
            (Token::Math((*to).to_string()), from.len())
        } else {
            let token = match c {
                '(' | '[' | '{' => Token::Open(c),
                ')' | ']' | '}' => Token::Close(c),
                '|' => Token::Bar,
                ',' | ';' | ':' | '.' | '?' | '!' => Token::Stop(c),
                _ => Token::Word(c.to_string()),
            };
            (token, c.len_utf8())
        };
        out.push(token);
        rest = &rest[used..];
    }
    out
}

/// The statement with its formulas between dollars.
///
/// For the statement of a form: it is read as one piece, and shown as code if it cannot be read.
pub fn typeset(text: &str) -> String {
    set(text).unwrap_or_else(|| code(text))
}

/// Running text with its formulas between dollars, for a paragraph or a cell of a table: code stays code, and a
/// sentence that cannot be read is shown as it is written.
///
/// Each sentence is read by itself, so that one that cannot be read costs its own formulas only. The text is split at
/// backticks if these come in pairs.
pub fn running(text: &str) -> String {
    let paired = text.matches('`').count().is_multiple_of(2);
    let parts: Vec<&str> = if paired { text.split('`').collect() } else { vec![text] };
    // A code span is one letter that no formula has, so that brackets around it are read whole.
    let letter = |i: usize| if i % 2 == 1 { CODE.to_string() } else { parts[i].to_string() };
    let held: String = (0..parts.len()).map(letter).collect();
    let mut spans = parts.iter().skip(1).step_by(2).map(|c| super::text::code_cell(c));
    let set: String = sentences(&held).into_iter().map(sentence).collect();
    set.chars().map(|c| if c == CODE { spans.next().unwrap_or_default() } else { c.to_string() }).collect()
}

/// Stands for a code span: a character of private use.
const CODE: char = '\u{e000}';

/// A sentence with its formulas between dollars.
///
/// One with code in it that cannot be read, or in which code stands inside a formula, is set part by part around the
/// code.
fn sentence(s: &str) -> String {
    let plain = super::unicode::ascii(s);
    // An article at the start is no matrix.
    let (article, rest) = match plain.strip_prefix("A ") {
        Some(rest) if rest.len() > 1 && rest.chars().take(2).all(|c| c.is_ascii_lowercase()) => ("A ", rest),
        _ => ("", plain.as_str()),
    };
    match set(rest).filter(|set| !set.split('$').skip(1).step_by(2).any(|formula| formula.contains(CODE))) {
        Some(set) => format!("{article}{}", set.replace('#', r"\#")),
        None if s.contains(CODE) => {
            let parts: Vec<String> = s.split(CODE).map(sentence).collect();
            parts.join(&CODE.to_string())
        }
        None => super::text::prose(s),
    }
}

/// The sentences of a text, each with the space that follows; what stands in brackets is not torn apart.
fn sentences(text: &str) -> Vec<&str> {
    let (mut out, mut from, mut depth) = (Vec::new(), 0, 0i32);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            c if c.is_whitespace() && depth == 0 && matches!(before, '.' | ':' | ';') => {
                out.push(&text[from..=at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
        before = c;
    }
    out.push(&text[from..]);
    out
}

/// The first full sentence of a text.
pub(super) fn first(text: &str) -> &str {
    let end = |part: &&str| part.trim_end().ends_with('.');
    let parts = sentences(text);
    let length = parts.iter().position(end).map_or(text.len(), |at| parts[..=at].iter().map(|p| p.len()).sum());
    text[..length].trim_end()
}

/// The statement with its formulas between dollars; `None` if its brackets do not balance.
fn set(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let (mut out, mut math) = (String::new(), String::new());
    // What closes each bracket that is open, and whether an absolute value is.
    let (mut open, mut bar): (Vec<&str>, bool) = (Vec::new(), false);
    let next = |at: usize| tokens[at + 1..].iter().find(|t| **t != Token::Space);
    let is_math = |t: Option<&Token>| {
        matches!(
            t,
            Some(Token::Math(_) | Token::Function(_) | Token::Power | Token::Bar | Token::Close(_) | Token::Open(_))
        )
    };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Math(m) if m == "'" && math.is_empty() => out.push('\''),
            Token::Math(m) if m == "a" && math.is_empty() && !is_math(next(at)) => out.push('a'),
            Token::Math(m) if m == "a" && article(&tokens, at) && open.iter().all(|o| *o == "prose") => {
                flush(&mut out, &mut math);
                out.push('a');
            }
            Token::Math(m) if m == " > " && open.last() == Some(&r" \rangle") => {
                math.push_str(open.pop().unwrap_or_default());
            }
            Token::Math(m) => math.push_str(m),
            Token::Number(n) => math.push_str(n),
            Token::Function(f) => {
                math.push_str(BRACKETS[*f].1);
                open.push(BRACKETS[*f].2);
            }
            Token::Power => {
                math.push_str("^{");
                open.push("}");
            }
            Token::Open(c) => {
                // A bracket of prose is no formula, nor is a remark after a number.
                let inside = tokens[at + 1..].iter().take_while(|t| !matches!(t, Token::Close(_)));
                let says = |t: &Token| matches!(t, Token::Word(_)) || *t == Token::Math(" = ".into());
                let remark = *c == '('
                    && at > 1
                    && tokens[at - 1] == Token::Space
                    && open.is_empty()
                    && inside.clone().any(says);
                if remark {
                    flush(&mut out, &mut math);
                }
                if remark || (math.is_empty() && matches!(next(at), Some(Token::Word(_)))) {
                    out.push(*c);
                    open.push("prose");
                } else {
                    if *c == '<' {
                        math.push_str(r"\langle ");
                        open.push(r" \rangle");
                        continue;
                    }
                    if *c == '{' && !math.ends_with(['_', '^']) {
                        math.push('\\');
                    }
                    math.push(*c);
                    open.push(match c {
                        '(' => ")",
                        '[' => "]",
                        _ if math.ends_with(r"\{") => r"\}",
                        _ => "}",
                    });
                }
            }
            Token::Close(c) => match open.pop() {
                Some("prose") => {
                    flush(&mut out, &mut math);
                    out.push(*c);
                }
                // Half-open intervals close with the other bracket.
                Some(")" | "]") if matches!(c, ')' | ']') => math.push(*c),
                Some(end) => math.push_str(end),
                None => return None,
            },
            Token::Bar => {
                math.push_str(if bar { r" \rvert" } else { r"\lvert " });
                bar = !bar;
            }
            Token::Stop(c) => {
                let inside = open.iter().any(|o| *o != "prose");
                if inside {
                    math.push(*c);
                } else {
                    flush(&mut out, &mut math);
                    if out.ends_with("$ ") {
                        out.pop();
                    }
                    out.push(*c);
                }
            }
            Token::Word(w) if open.iter().any(|o| *o != "prose") => {
                math.push_str(&format!(r"\text{{ {} }}", w.replace('_', r"\_")))
            }
            Token::Word(w) => {
                flush(&mut out, &mut math);
                out.push_str(&w.replace('_', r"\_"));
            }
            Token::Space if math.is_empty() => out.push(' '),
            Token::Space => math.push(' '),
        }
    }
    if !open.is_empty() || bar {
        return None;
    }
    flush(&mut out, &mut math);
    Some(out)
}

/// A span of code.
fn code(text: &str) -> String {
    super::text::code(text)
}

/// The letter a between spaces, before a word: "a factor".
fn article(tokens: &[Token], at: usize) -> bool {
    at > 0
        && tokens[at - 1] == Token::Space
        && tokens.get(at + 1) == Some(&Token::Space)
        && matches!(tokens.get(at + 2), Some(Token::Word(_)))
}

/// A formula goes between dollars; a number alone, or a sign alone, is prose.
fn flush(out: &mut String, math: &mut String) {
    let formula = math.trim();
    if formula.is_empty() {
        out.push_str(math);
    } else {
        let lead = if math.starts_with(' ') && !out.is_empty() && !out.ends_with(' ') { " " } else { "" };
        let trail = if math.ends_with(' ') { " " } else { "" };
        let squeezed = formula.split_whitespace().collect::<Vec<_>>().join(" ").replace(r" } \text{ ", " ");
        let plain = squeezed.chars().all(|c| c.is_ascii_digit() || c == '.') || squeezed == "-";
        let shown = if squeezed.ends_with(r"\%") { squeezed.replace(r"\%", "%") } else { squeezed.clone() };
        match plain || shown != squeezed {
            true => out.push_str(&format!("{lead}{shown}{trail}")),
            false => out.push_str(&format!("{lead}${squeezed}${trail}")),
        }
    }
    math.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_stand_between_dollars_and_words_outside() {
        let cases = [
            ("S(W) >= 2 L lambda norm(w*)^(2-2/L)", r"$S(W) \ge 2 L \lambda \lVert {w^\star} \rVert^{2 - 2/L}$"),
            ("S(W^RI) >= S_min for norm(w) >= 1", r"$S(W^{\mathrm{RI}}) \ge S_{\min}$ for $\lVert w \rVert \ge 1$"),
            ("the largest eigenvalue is L - 1", "the largest eigenvalue is $L - 1$"),
            ("d/dt (W_{k+1}^T W_{k+1} - W_k W_k^T) = 0", r"$d/dt (W_{k + 1}^\top W_{k + 1} - W_k W_k^\top ) = 0$"),
            ("in 99 % of the draws", "in 99 % of the draws"),
            (
                "|sigma_k^2(t) - sigma_j^2(t)| <= epsilon",
                r"$\lvert \sigma_k^{2}(t) - \sigma_j^{2}(t) \rvert \le \varepsilon$",
            ),
            (
                "the distance of W~ from W, of W~^RI, of W~_k",
                r"the distance of $\tilde W$ from $W$, of $\tilde W^{\mathrm{RI}}$, of $\tilde W_k$",
            ),
            ("Y ~ N(0, 4 s^2), S_{L,1} ~ x", r"$Y \sim N(0, 4 s^{2})$, $S_{L,1} \sim x$"),
            ("norm_F(W_k(t))^2 (a layer of width 1)", r"$\lVert W_k(t) \rVert_F^{2}$ (a layer of width 1)"),
        ];
        for (from, to) in cases {
            assert_eq!(typeset(from), to);
        }
    }

    #[test]
    fn running_text_keeps_its_words() {
        let cases = [
            (
                "A factor 4 is lost: d > 0. See `theorem-2/eq-18`.",
                "A factor 4 is lost: $d > 0$. See `theorem-2/eq-18`.",
            ),
            ("the paper's step theorem-2/eq-18, i.e. L = 1", "the paper's step theorem-2/eq-18, i.e. $L = 1$"),
            ("B.4's C_3 of (36) a factor", "B.4's $C_3$ of $(36)$ a factor"),
            ("W = (sqrt 2, 0)", r"$W = (\sqrt{2}, 0)$"),
            ("P(A) <= 1 and A and B", r"$P(A) \le 1$ and $A$ and $B$"),
            ("as Figure 1d shows", "as Figure 1d shows"),
            ("open (L = 1. And d < 2", r"open (L = 1. And d \< 2"),
            ("norm(w)^2 is lost (claims `a`, `b`)", r"$\lVert w \rVert^{2}$ is lost (claims `a`, `b`)"),
        ];
        for (from, to) in cases {
            assert_eq!(running(from), to);
        }
    }

    #[test]
    fn what_cannot_be_read_is_code() {
        assert_eq!(typeset("S(W"), "`S(W`");
        assert_eq!(typeset("W) = 1"), "`W) = 1`");
    }
}
