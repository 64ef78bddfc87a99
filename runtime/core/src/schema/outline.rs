//! What an entity publishes, as a text, and that text as a number: the fingerprint by which a server knows whether a
//! page was built for the same shape.
//!
//! The text is about what others read and write: names on the wire, kinds, merge policies, and the names of the types,
//! which are those in TypeScript. What can change without anybody noticing is left out: documentation, defaults, the
//! order of fields and variants.

use crate::entity::Entity;
use crate::field::EntityField;
use crate::fnv::fnv1a_53;
use crate::message::{Reason, Reply};
use crate::schema::{FieldSchema, Kind, VariantContent};
use crate::sorted::Sorted;

/// Lines, or blocks of lines, in order and each once.
type Lines = Sorted<String, ()>;

/// What an entity publishes.
#[derive(Clone, Copy)]
pub struct Published {
    /// The name of the entity.
    pub name: &'static str,
    /// Its schema version.
    pub version: u32,
    /// The shape of its value.
    pub kind: Kind,
}

impl Published {
    /// What `T` publishes.
    pub const fn of<T: Entity>() -> Published {
        let kind = <T as EntityField>::KIND;
        Published { name: T::ENTITY, version: T::CONFIG.version, kind }
    }

    /// The shape as a text: a line that names entity and version, then a block for each type.
    pub fn outline(&self) -> String {
        let mut out = String::from("entity ");
        out.push_str(self.name);
        out.push(' ');
        out.push_str(&u64::from(self.version).to_string());
        out.push('\n');
        let mut blocks = Lines::default();
        let mut open = vec![self.kind];
        while let Some(kind) = open.pop() {
            let others = open.len();
            // Known by its text: a type that contains itself is described once.
            if blocks.insert(block(&kind, &mut open), ()).is_some() {
                open.truncate(others);
            }
        }
        push_lines(&mut out, &blocks);
        out
    }

    /// The outline as a number, below 2^53.
    pub fn fingerprint(&self) -> u64 {
        fnv1a_53(self.outline().bytes())
    }
}

/// The fingerprint of what `T` publishes, below 2^53.
pub fn fingerprint<T: Entity>() -> u64 {
    Published::of::<T>().fingerprint()
}

/// The refusal of a request that was built for another shape of `T` than the one with the fingerprint `ours`.
pub fn outdated<T: Entity>(ours: u64) -> Reply {
    let message = "the client was built for another schema of this entity: reload the page";
    let refusal = Reply::refusal(426, Reason::Schema, message);
    Reply { schema_version: Some(T::CONFIG.version), schema: Some(ours), ..refusal }
}

/// A type with a name; the types that it names are added to `open`.
fn block(kind: &Kind, open: &mut Vec<Kind>) -> String {
    let mut out = String::new();
    push_kind(&mut out, kind, &mut Vec::new());
    let mut lines = Lines::default();
    match kind {
        Kind::Struct(shape) => lines = fields((shape.fields)(), "  ", open),
        Kind::Enum(shape) => {
            for variant in shape.variants {
                lines.insert(named("  ", variant), ());
            }
        }
        Kind::Union(shape) => {
            out.push_str(" tagged ");
            push_name(&mut out, shape.tag);
            if let Some(content) = shape.content {
                out.push_str(" holding ");
                push_name(&mut out, content);
            }
            for variant in (shape.variants)() {
                let mut line = named("  ", variant.name);
                match &variant.content {
                    VariantContent::Unit => {}
                    VariantContent::Newtype(kind) => {
                        line.push_str(": ");
                        push_kind(&mut line, kind, open);
                    }
                    VariantContent::Struct(of) => {
                        // Without a field it is still another shape than one that holds nothing.
                        line.push_str(" with\n");
                        push_lines(&mut line, &fields(of, "    ", open));
                        line.pop();
                    }
                }
                lines.insert(line, ());
            }
        }
        // The others have no name, and stand where they are used.
        _ => {}
    }
    out.push('\n');
    push_lines(&mut out, &lines);
    out.pop();
    out
}

fn fields(fields: &[FieldSchema], indent: &str, open: &mut Vec<Kind>) -> Lines {
    let mut lines = Lines::default();
    for field in fields {
        let mut line = named(indent, field.name);
        line.push_str(": ");
        push_kind(&mut line, &field.kind, open);
        lines.insert(line, ());
    }
    lines
}

/// A kind where it is used. Each word says how many kinds follow, so that two shapes never read alike.
fn push_kind(out: &mut String, kind: &Kind, open: &mut Vec<Kind>) {
    let (words, name, inner) = match kind {
        Kind::Bool => ("bool", "", None),
        Kind::Int(range) => ("", range.name, None),
        Kind::Float => ("float", "", None),
        Kind::Text => ("text", "", None),
        Kind::Bytes => ("bytes", "", None),
        Kind::Timestamp => ("timestamp", "", None),
        Kind::Id => ("id", "", None),
        Kind::Json => ("json", "", None),
        Kind::Option(inner) => ("option of ", "", Some(inner)),
        Kind::List(inner) => ("list of ", "", Some(inner)),
        Kind::Set(inner) => ("set of ", "", Some(inner)),
        Kind::Map(key, inner) => {
            out.push_str("map from ");
            push_kind(out, key, open);
            (" to ", "", Some(inner))
        }
        Kind::Struct(shape) => ("struct ", shape.name, None),
        Kind::Enum(shape) => ("enum ", shape.name, None),
        Kind::Union(shape) => ("union ", shape.name, None),
        Kind::Counter(range) => ("counter ", range.name, None),
        Kind::MergedText => ("merged text", "", None),
        Kind::Keyed(inner, key) => {
            out.push_str("list by ");
            push_name(out, key);
            (" of ", "", Some(inner))
        }
        Kind::Atomic(inner) => ("atomic ", "", Some(inner)),
    };
    out.push_str(words);
    out.push_str(name);
    if let Some(inner) = inner {
        push_kind(out, inner, open);
    }
    if matches!(kind, Kind::Struct(_) | Kind::Enum(_) | Kind::Union(_)) {
        open.push(*kind);
    }
}

fn named(indent: &str, name: &str) -> String {
    let mut line = String::from(indent);
    push_name(&mut line, name);
    line
}

/// A name on the wire, which can be any text, within one line.
fn push_name(out: &mut String, name: &str) {
    out.push('"');
    for letter in name.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

fn push_lines(out: &mut String, lines: &Lines) {
    for line in lines.keys() {
        out.push_str(line);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests;
