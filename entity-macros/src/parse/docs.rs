//! Documentation comments.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::model::Docs;

/// The documentation among `attributes`.
pub fn docs(attributes: &[Attribute]) -> Docs {
    let attributes: Vec<Attribute> = attributes
        .iter()
        .filter(|attribute| matches!(&attribute.meta, Meta::NameValue(meta) if meta.path.is_ident("doc")))
        .cloned()
        .collect();
    let lines: Vec<String> = attributes.iter().filter_map(text).collect();
    let lines = lines.iter().flat_map(|text| text.split('\n'));
    let lines: Vec<&str> =
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    Docs { text: lines.join("\n").trim_matches('\n').to_owned(), attributes }
}

/// The text of one comment; `None` where it is computed, as by `include_str!`.
fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
