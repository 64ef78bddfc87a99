//! What the spelling of a type tells. A type may have another name, so nothing depends on it but which mistakes are
//! explained early, and which methods a diff offers.

use syn::{GenericArgument, Path, PathArguments, Type};

/// A type, as far as its spelling tells. An `Option` is spelled as what is in it.
pub enum Spelling<'a> {
    /// `f32` or `f64`.
    Float,
    /// An integer or `bool`, whose literals leave their type open.
    Literal,
    /// Another type that is only replaced whole.
    Leaf,
    /// `Vec`, and its elements.
    List(&'a Type),
    /// `BTreeSet`, and its elements.
    Set(&'a Type),
    /// `BTreeMap`, its keys and its values.
    Map(&'a Type, &'a Type),
    /// Something else.
    Other(&'a Type),
}

/// A type that something else must be known of than its spelling.
pub enum Unknown<'a> {
    /// The type of a value.
    Value(&'a Type),
    /// The type of a key of a map, or of an element of a set.
    Key(&'a Type),
}

/// The types in `ty` whose spelling tells nothing.
pub fn unknown(ty: &Type) -> Vec<Unknown<'_>> {
    let key = |ty| match of(ty) {
        Spelling::Literal | Spelling::Leaf => None,
        _ => Some(Unknown::Key(ty)),
    };
    match of(ty) {
        Spelling::Float | Spelling::Literal | Spelling::Leaf => Vec::new(),
        Spelling::List(element) => unknown(element),
        Spelling::Set(element) => key(element).into_iter().collect(),
        Spelling::Map(of, value) => key(of).into_iter().chain(unknown(value)).collect(),
        Spelling::Other(ty) => vec![Unknown::Value(ty)],
    }
}

/// The spelling of a type.
pub fn of(ty: &Type) -> Spelling<'_> {
    let Some(path) = path(ty) else {
        return Spelling::Other(ty);
    };
    let Some(last) = path.segments.last() else {
        return Spelling::Other(ty);
    };
    let arguments: Vec<&Type> = arguments(path).collect();
    match (last.ident.to_string().as_str(), arguments.as_slice()) {
        ("Option", [inner]) => of(inner),
        ("f32" | "f64", []) => Spelling::Float,
        ("bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64", []) => {
            Spelling::Literal
        }
        ("Bytes" | "String" | "Timestamp", []) | ("EntityId", [_]) => Spelling::Leaf,
        ("Vec", [element]) => Spelling::List(element),
        ("BTreeSet", [element]) => Spelling::Set(element),
        ("BTreeMap", [key, value]) => Spelling::Map(key, value),
        _ => Spelling::Other(ty),
    }
}

/// Whether the last name of a type is `name`.
pub fn is_named(ty: &Type, name: &str) -> bool {
    let last = path(ty).and_then(|path| path.segments.last());
    last.is_some_and(|last| last.ident == name)
}

/// The types between the angle brackets of the last name.
pub fn arguments(path: &Path) -> impl Iterator<Item = &Type> {
    let arguments = match path.segments.last().map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Group(group) => path(&group.elem),
        Type::Paren(paren) => path(&paren.elem),
        Type::Path(path) => Some(&path.path),
        _ => None,
    }
}
