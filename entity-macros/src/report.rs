//! Collects errors, so that one build shows them all.
//!
//! Nothing in the parsing and checking returns a `Result`, on purpose: a mistake is added here, and reading goes on.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// The errors found so far. Dropping it unread is a bug.
pub struct Errors {
    found: Option<Error>,
    read: bool,
}

impl Errors {
    /// None yet.
    pub fn new() -> Errors {
        Errors { found: None, read: false }
    }

    /// Adds a message that underlines `tokens`.
    pub fn add(&mut self, tokens: impl ToTokens, message: impl Into<String>) {
        self.push(Error::new_spanned(tokens, message.into()));
    }

    /// Adds a message at one place.
    pub fn at(&mut self, span: Span, message: impl Into<String>) {
        self.push(Error::new(span, message.into()));
    }

    /// Adds what syn could not read.
    pub fn push(&mut self, error: Error) {
        match &mut self.found {
            Some(found) => found.combine(error),
            None => self.found = Some(error),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_none()
    }

    /// The errors as tokens for the compiler, none if nothing is wrong.
    pub fn finish(mut self) -> TokenStream {
        self.read = true;
        self.found.take().map(Error::into_compile_error).unwrap_or_default()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !self.read && !std::thread::panicking() {
            panic!("errors were collected and never reported");
        }
    }
}
