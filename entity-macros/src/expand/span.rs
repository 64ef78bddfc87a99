//! Where generated lines about a field stand in the eyes of the compiler: exactly where the field's type stands, or the
//! literal that names its policy.
//!
//! A type that cannot be a field's is a mistake in some ten generated lines. The compiler says the same thing only
//! once if it is to be said about the same place, and the place of an expression or a type reaches from its first
//! token to its last. So each token is put at the beginning of the field's type, but those that can end an
//! expression or a type at its end.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Puts `line` where `source` is, except for what was [kept](keep) in it. Locals and `self` resolve as tokens of `like`
/// do.
pub fn at(line: TokenStream, source: impl ToTokens, like: Span) -> TokenStream {
    let spans: Vec<Span> = leaves(source.to_token_stream());
    match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => {
            let place = Place { first: like.located_at(*first), last: like.located_at(*last) };
            place.put(line)
        }
        _ => line,
    }
}

/// Puts `bound` where `ident` is: what the compiler says about it underlines the name of the struct.
pub fn at_name(bound: TokenStream, ident: &Ident) -> TokenStream {
    let (first, last) = (ident.span(), ident.span());
    Place { first, last }.put(bound)
}

/// Keeps tokens as they are through [`at`].
pub fn keep(tokens: impl ToTokens) -> TokenTree {
    TokenTree::Group(Group::new(Delimiter::None, tokens.to_token_stream()))
}

fn leaves(tokens: TokenStream) -> Vec<Span> {
    tokens
        .into_iter()
        .flat_map(|token| match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                leaves(group.stream())
            }
            TokenTree::Group(group) => vec![group.span_open(), group.span_close()],
            other => vec![other.span()],
        })
        .collect()
}

struct Place {
    first: Span,
    last: Span,
}

impl Place {
    fn put(&self, tokens: TokenStream) -> TokenStream {
        let mut after_dot = false;
        let mut output = TokenStream::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let mark = match &token {
                TokenTree::Punct(mark) => mark.as_char(),
                _ => ' ',
            };
            let ends = after_dot || tokens.peek().is_none() || mark == '>' || mark == '?';
            after_dot = mark == '.';
            match token {
                TokenTree::Group(kept) if kept.delimiter() == Delimiter::None => {
                    output.extend(kept.stream());
                }
                TokenTree::Group(group) => {
                    let mut inside = Group::new(group.delimiter(), self.put(group.stream()));
                    inside.set_span(self.last);
                    output.extend([TokenTree::Group(inside)]);
                }
                mut other => {
                    other.set_span(if ends { self.last } else { self.first });
                    output.extend([other]);
                }
            }
        }
        output
    }
}
