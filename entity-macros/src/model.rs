//! What was read from a struct or enum. Everything keeps the tokens it came from, so that any later stage can
//! point at the source.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, LitInt, LitStr, Type, Visibility};

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
    /// One field without a name, as which the struct travels.
    Newtype(Box<Type>),
    /// Variants without data.
    Enum(Vec<Variant>),
    /// Variants of which some hold data.
    Union {
        /// Where the name of the variant travels.
        tag: Tag,
        /// The variants in declaration order.
        variants: Vec<Variant>,
    },
}

/// How a value says which variant it is.
pub struct Tag {
    /// The key of the variant's name.
    pub name: Name,
    /// The key of its data; `None` if they stand beside the tag.
    pub content: Option<Name>,
}

/// A field of a struct, or of a variant.
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
    /// How changes by several people come together, unless as its type says.
    pub policy: Option<Policy>,
    /// What brings its values into one form.
    pub normalize: Option<Normalize>,
    /// The function that may refuse a value of it.
    pub validate: Option<TokenStream>,
}

/// The normalisers of a field.
pub struct Normalize {
    /// The word `normalize`.
    pub key: Ident,
    /// The normalisers, in the order in which they are called.
    pub by: Vec<Normaliser>,
}

/// What brings a value into one form.
pub enum Normaliser {
    /// One that has a name: the literal.
    Named(LitStr),
    /// A function of the user's.
    Function(TokenStream),
}

/// The merge policy that a field names.
pub struct Policy {
    /// Which.
    pub merge: Merge,
    /// The literal that names it, or the field that is the key.
    pub source: LitStr,
}

/// The merge policies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// `merge = "atomic"`.
    Atomic,
    /// `merge = "counter"`.
    Counter,
    /// `merge = "text"`.
    Text,
    /// `key = ".."`.
    Key,
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
    /// Whether it is deprecated, which generated code is not to be told.
    pub deprecated: bool,
    /// What it holds.
    pub content: Content,
}

/// What a variant holds.
pub enum Content {
    /// Nothing.
    Unit,
    /// Named fields.
    Struct(Vec<Field>),
    /// One field without a name.
    Newtype(Box<Type>),
}

/// The options of `#[temporal_entity]`.
pub struct Options {
    /// Schema version.
    pub version: u32,
    /// What to underline where a step to it is missing: the number, else the struct's identifier.
    pub version_source: TokenStream,
    /// The steps from the versions before it, in their order.
    pub steps: Vec<Step>,
    /// Granularity in milliseconds.
    pub granularity: u32,
    /// How much of the past is kept.
    pub retain: Retain,
    /// From how many readers on browsers open direct lines; zero for never.
    pub lines: u32,
    /// After how many seconds subscribers are asked again; zero for never.
    pub ping: u32,
    /// How many bytes an entity may store.
    pub quota: u64,
    /// Whether its objects are also the proxies that hold the sockets.
    pub person: bool,
    /// The function that may refuse a value.
    pub validate: Option<TokenStream>,
}

/// A step from one schema version to the next.
pub struct Step {
    /// The version that it leads from.
    pub from: u32,
    /// The literal that says so.
    pub source: LitInt,
    /// The function that converts a value; `None` where there is nothing to convert.
    pub with: Option<TokenStream>,
}

/// How much of the past is kept.
#[derive(Clone, Copy)]
pub enum Retain {
    /// Everything.
    All,
    /// What was valid within this many seconds.
    Seconds(u32),
    /// This many snapshots.
    Snapshots(u32),
}

impl Model {
    /// The fields of a struct.
    pub fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Struct { fields, .. } => fields,
            _ => &[],
        }
    }

    /// The fields of a struct that travel.
    pub fn wire_fields(&self) -> impl Iterator<Item = &Field> {
        let travels = |field: &&Field| field.skipped.is_none();
        self.fields().iter().filter(travels)
    }

    /// The variants of an enum.
    pub fn variants(&self) -> &[Variant] {
        match &self.shape {
            Shape::Enum(variants) | Shape::Union { variants, .. } => variants,
            _ => &[],
        }
    }

    /// Whether something in it is deprecated.
    pub fn has_deprecated(&self) -> bool {
        let fields = |fields: &[Field]| fields.iter().any(|field| field.deprecated);
        let variant = |variant: &Variant| variant.deprecated || fields(variant.fields());
        fields(self.fields()) || self.variants().iter().any(variant)
    }
}

impl Variant {
    /// Its named fields.
    pub fn fields(&self) -> &[Field] {
        match &self.content {
            Content::Struct(fields) => fields,
            Content::Unit | Content::Newtype(_) => &[],
        }
    }
}
