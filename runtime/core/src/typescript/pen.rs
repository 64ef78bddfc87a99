//! Writes TypeScript while the compiler runs: once to count, once to keep.

use crate::schema::{
    FieldSchema, Kind, StructFields, StructKind, UnionKind, VariantContent, VariantSchema,
};

/// Which of the two types of a field is written.
#[derive(Clone, Copy)]
pub enum Side {
    Value,
    Diff,
}

/// Counts what is written, and keeps the first `N` bytes of it.
pub struct Pen<const N: usize> {
    pub kept: [u8; N],
    pub written: usize,
}

impl<const N: usize> Pen<N> {
    pub const fn new() -> Pen<N> {
        Pen { kept: [0; N], written: 0 }
    }

    pub const fn byte(&mut self, byte: u8) {
        if self.written < N {
            self.kept[self.written] = byte;
        }
        self.written += 1;
    }

    pub const fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            self.byte(bytes[at]);
            at += 1;
        }
    }

    /// A string literal.
    pub const fn string(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        self.byte(b'"');
        while at < bytes.len() {
            match bytes[at] {
                b'\n' => self.text("\\n"),
                b'\r' => self.text("\\r"),
                byte => {
                    if matches!(byte, b'"' | b'\\') {
                        self.byte(b'\\');
                    }
                    self.byte(byte);
                }
            }
            at += 1;
        }
        self.byte(b'"');
    }

    /// The key of a property, in quotes where it is no identifier.
    const fn key(&mut self, name: &str) {
        if is_identifier(name.as_bytes()) {
            self.text(name);
        } else {
            self.string(name);
        }
    }

    /// A documentation comment, none for an empty text.
    pub const fn docs(&mut self, indent: &str, docs: &str) {
        let bytes = docs.as_bytes();
        if bytes.is_empty() {
            return;
        }
        let several_lines = contains(bytes, b'\n');
        self.text(indent);
        self.text("/**");
        let mut at = 0;
        let mut line_begins = true;
        while at < bytes.len() {
            if line_begins {
                if several_lines {
                    self.byte(b'\n');
                    self.text(indent);
                    self.text(" *");
                }
                if bytes[at] != b'\n' {
                    self.byte(b' ');
                }
            }
            line_begins = bytes[at] == b'\n';
            if !line_begins {
                // An end of comment in the text must not end the comment.
                if bytes[at] == b'/' && at > 0 && bytes[at - 1] == b'*' {
                    self.byte(b'\\');
                }
                self.byte(bytes[at]);
            }
            at += 1;
        }
        if several_lines {
            self.byte(b'\n');
            self.text(indent);
        }
        self.text(" */\n");
    }

    pub const fn interface<T: StructFields>(&mut self, name: &str, side: Side) {
        let fields = T::FIELDS;
        self.text("export interface ");
        self.text(name);
        self.text(" {\n");
        let mut at = 0;
        while at < fields.len() {
            let field = &fields[at];
            if at < T::FIELD_DOCS.len() {
                self.docs("  ", T::FIELD_DOCS[at]);
            }
            self.text("  ");
            if matches!(side, Side::Value) {
                self.text("readonly ");
            }
            self.key(field.name);
            match side {
                Side::Value => {
                    self.text(": ");
                    self.value(&field.kind);
                }
                Side::Diff => {
                    self.text("?: ");
                    self.change(&field.kind);
                }
            }
            self.text(";\n");
            at += 1;
        }
        self.text("}\n");
    }

    /// The type of a variant with data.
    pub const fn variant(&mut self, kind: &UnionKind, variant: &VariantSchema) {
        self.text("{ readonly ");
        self.key(kind.tag);
        self.text(": ");
        self.string(variant.name);
        match (&variant.content, kind.content) {
            (VariantContent::Unit, _) => self.text(" }"),
            (VariantContent::Struct(fields), None) => {
                self.text("; ");
                self.fields(fields);
                self.text("}");
            }
            (VariantContent::Struct(fields), Some(content)) => {
                self.text("; readonly ");
                self.key(content);
                self.text(": { ");
                self.fields(fields);
                self.text("} }");
            }
            (VariantContent::Newtype(inner), None) => {
                self.text(" } & ");
                self.value(inner);
            }
            (VariantContent::Newtype(inner), Some(content)) => {
                self.text("; readonly ");
                self.key(content);
                self.text(": ");
                self.value(inner);
                self.text(" }");
            }
        }
    }

    const fn fields(&mut self, fields: &[FieldSchema]) {
        let mut at = 0;
        while at < fields.len() {
            self.text("readonly ");
            self.key(fields[at].name);
            self.text(": ");
            self.value(&fields[at].kind);
            self.text("; ");
            at += 1;
        }
    }

    /// The type of a value, which nobody writes into.
    const fn value(&mut self, kind: &Kind) {
        match kind {
            Kind::Bool => self.text("boolean"),
            Kind::Int(range) | Kind::Counter(range) if range.bigint => self.text("bigint"),
            Kind::Int(_) | Kind::Counter(_) | Kind::Float => self.text("number"),
            Kind::Text | Kind::MergedText | Kind::Id => self.text("string"),
            Kind::Bytes => self.text("Uint8Array"),
            Kind::Timestamp => self.text("Date"),
            Kind::Json => self.text("JsonValue"),
            Kind::Struct(shape) => self.text(shape.name),
            Kind::Enum(shape) => self.text(shape.name),
            Kind::Union(shape) => self.text(shape.name),
            Kind::Atomic(inner) => self.value(inner),
            Kind::Set(item) => {
                self.text("ReadonlySet<");
                self.value(item);
                self.byte(b'>');
            }
            Kind::Option(inner) => {
                self.value(inner);
                self.text(" | null");
            }
            Kind::List(item)
                if matches!(item, Kind::Option(_) | Kind::List(_) | Kind::Keyed(..)) =>
            {
                self.text("readonly (");
                self.value(item);
                self.text(")[]");
            }
            Kind::List(item) | Kind::Keyed(item, _) => {
                self.text("readonly ");
                self.value(item);
                self.text("[]");
            }
            Kind::Map(key, item) => {
                let record = matches!(key, Kind::Enum(_) | Kind::Text | Kind::Id);
                self.text(if record { "Readonly<" } else { "Readonly" });
                self.map_of(key);
                self.value(item);
                self.end_of_map(key);
                if record {
                    self.byte(b'>');
                }
            }
        }
    }

    /// The type of a change.
    const fn change(&mut self, kind: &Kind) {
        match kind {
            Kind::Option(inner) => {
                self.change(inner);
                self.text(" | null");
            }
            Kind::Struct(shape) => {
                self.text(shape.diff);
                self.replace(kind);
            }
            Kind::Map(key, item) => {
                self.map_of(key);
                self.change(item);
                self.text(" | Remove");
                self.end_of_map(key);
                self.replace(kind);
            }
            Kind::Counter(_) => {
                self.value(kind);
                self.text(" | Add<");
                self.value(kind);
                self.byte(b'>');
            }
            Kind::MergedText => self.text("string | Splice"),
            Kind::Set(item) => {
                self.value(kind);
                self.text(" | SetChange<");
                self.value(item);
                self.byte(b'>');
            }
            Kind::Keyed(Kind::Struct(shape), key) => self.keyed_change(kind, shape, key),
            _ => self.value(kind),
        }
    }

    const fn keyed_change(&mut self, kind: &Kind, item: &StructKind, key: &str) {
        self.value(kind);
        self.text(" | KeyedChange<");
        self.text(item.name);
        self.text(", ");
        self.text(item.diff);
        self.text(", ");
        self.string(key);
        self.byte(b'>');
    }

    const fn replace(&mut self, kind: &Kind) {
        self.text(" | Replace<");
        self.value(kind);
        self.byte(b'>');
    }

    /// The beginning of the type of a map, up to the type of its values.
    const fn map_of(&mut self, key: &Kind) {
        match key {
            // Not every variant needs to be there.
            Kind::Enum(_) => self.text("Partial<Record<"),
            Kind::Text | Kind::Id => self.text("Record<"),
            _ => self.text("Map<"),
        }
        self.value(key);
        self.text(", ");
    }

    const fn end_of_map(&mut self, key: &Kind) {
        self.text(if matches!(key, Kind::Enum(_)) { ">>" } else { ">" });
    }
}

const fn contains(bytes: &[u8], byte: u8) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == byte {
            return true;
        }
        at += 1;
    }
    false
}

const fn is_identifier(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        let letter = bytes[at].is_ascii_alphabetic() || bytes[at] == b'_';
        if !(letter || at > 0 && bytes[at].is_ascii_digit()) {
            return false;
        }
        at += 1;
    }
    !bytes.is_empty()
}
