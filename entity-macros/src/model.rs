//! What was read from a struct or enum. Everything keeps the tokens it came from, so that any later stage can
//! point at the source.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Type, Visibility};

/// A struct or enum under one of our derives.
pub struct Model {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its visibility, which the diff shares.
    pub vis: Visibility,
    /// Its documentation.
    pub docs: Docs,
    /// Its name on the wire and in TypeScript.
    pub name: Name,
    /// Path of the facade.
    pub krate: TokenStream,
    /// What it holds.
    pub shape: Shape,
    /// The options of `#[temporal_entity]`; `None` under `#[derive(EntityField)]`.
    pub entity: Option<Options>,
    /// Whether impls may be printed at all: not for an item that no impl could fit, such as a generic one, which would
    /// only repeat what is wrong.
    pub can_have_impls: bool,
}

/// A name as others see it, and where it comes from.
#[derive(Clone)]
pub struct Name {
    /// The name.
    pub text: String,
    /// What to underline: the literal that gives it, else the identifier.
    pub source: TokenStream,
}

/// Documentation comments.
pub struct Docs {
    /// The attributes as they were, to carry over.
    pub attributes: Vec<Attribute>,
    /// The text, lines joined by `\n`.
    pub text: String,
}

/// What a struct or enum holds.
pub enum Shape {
    /// Named fields.
    Struct {
        /// Name of the diff.
        diff: Ident,
        /// The fields in declaration order. Those with an error of their own are left out.
        fields: Vec<Field>,
    },
    /// Variants without data.
    Enum(Vec<Variant>),
}

/// A field of a struct.
pub struct Field {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its visibility, which the field of the diff shares.
    pub vis: Visibility,
    /// Its documentation.
    pub docs: Docs,
    /// Its type, with `Self` written out.
    pub ty: Type,
    /// Its name on the wire.
    pub name: Name,
    /// Whether a new value may leave it out.
    pub default: bool,
    /// Whether it is deprecated, which generated code is not to be told.
    pub deprecated: bool,
    /// Whether it is kept off the wire, and how it is then made anew.
    pub skipped: Option<Rebuild>,
}

/// How a field that is kept off the wire is made anew.
pub enum Rebuild {
    /// By `Default`.
    Default,
    /// By a function.
    Function(TokenStream),
}

/// A variant of an enum.
pub struct Variant {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its documentation.
    pub docs: Docs,
    /// Its name on the wire.
    pub name: Name,
}

/// The options of `#[temporal_entity]`.
pub struct Options {
    /// Schema version.
    pub version: u32,
    /// Granularity in milliseconds.
    pub granularity: u32,
    /// Whether its objects are also the proxies that hold the sockets.
    pub person: bool,
}

impl Model {
    /// The fields; none for an enum.
    pub fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Struct { fields, .. } => fields,
            Shape::Enum(_) => &[],
        }
    }

    /// The fields that travel.
    pub fn wire_fields(&self) -> impl Iterator<Item = &Field> {
        let travels = |field: &&Field| field.skipped.is_none();
        self.fields().iter().filter(travels)
    }
}
