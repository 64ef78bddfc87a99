//! Reading an outline that was published: its types by their names.

use std::collections::BTreeMap;

/// The fields of a struct or of a variant: kinds by names.
pub type Fields<'a> = BTreeMap<&'a str, &'a str>;

/// A type that has a name in an outline.
#[derive(Default)]
pub struct Block<'a> {
    /// What follows the name: how an enum with data is tagged.
    pub tags: &'a str,
    /// The fields of a struct, or the variants of an enum with what they hold.
    pub lines: Fields<'a>,
    /// The fields of variants.
    pub inside: BTreeMap<&'a str, Fields<'a>>,
}

/// The types of an outline by their names, such as `struct Card`. Two types may share one.
pub type Blocks<'a> = BTreeMap<&'a str, Vec<Block<'a>>>;

/// Reads an outline without its first line.
pub fn blocks(shape: &str) -> Blocks<'_> {
    let mut blocks = Blocks::new();
    let mut head = "";
    let mut variant = "";
    for line in shape.lines() {
        let text = line.trim_start();
        if text.len() == line.len() {
            let name = text.match_indices(' ').nth(1).map_or(text.len(), |(at, _)| at);
            let (name, tags) = text.split_at_checked(name).unwrap_or((text, ""));
            blocks.entry(name).or_default().push(Block { tags, ..Block::default() });
            head = name;
            continue;
        }
        let Some(block) = blocks.get_mut(head).and_then(|all| all.last_mut()) else { continue };
        let (name, kind) = named(text);
        if line.len().saturating_sub(text.len()) > 2 {
            block.inside.entry(variant).or_default().insert(name, kind);
        } else {
            block.lines.insert(name, kind);
            variant = name;
        }
    }
    blocks
}

/// The name in quotes that a line begins with, and what follows the colon.
fn named(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == '"' && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    let (name, rest) = end.and_then(|(at, _)| line.split_at_checked(at)).unwrap_or((line, ""));
    let rest = rest.trim_start_matches('"');
    (name.trim_start_matches('"'), rest.strip_prefix(": ").unwrap_or(rest))
}

/// The type of the entity itself: the one that has its name, or the one that no other type names.
pub fn root<'a>(blocks: &Blocks<'a>, name: &str) -> Option<&'a str> {
    let own = blocks.keys().find(|head| head.strip_prefix("struct ") == Some(name));
    let kinds = || blocks.values().flatten();
    let is_named = |head: &str| {
        let names = |kind: &&str| {
            kind.split(' ')
                .zip(kind.split(' ').skip(1))
                .any(|(word, name)| head.split_once(' ') == Some((word, name)))
        };
        kinds().any(|block| {
            block.lines.values().chain(block.inside.values().flat_map(BTreeMap::values)).any(&names)
        })
    };
    own.or_else(|| blocks.keys().find(|head| head.starts_with("struct ") && !is_named(head)))
        .copied()
}

/// The kind as it is stored: how its changes come together does not count.
pub fn without_policy(kind: &str) -> &str {
    let kind = kind.strip_prefix("atomic ").unwrap_or(kind);
    kind.strip_prefix("merged ").or(kind.strip_prefix("counter ")).unwrap_or(kind)
}

/// The kind of the elements of a list or set, and whether it is a set.
pub fn elements(kind: &str) -> Option<(bool, &str)> {
    if let Some(inner) = kind.strip_prefix("set of ") {
        return Some((true, inner));
    }
    let keyed = || named(kind.strip_prefix("list by ")?).1.trim_start().strip_prefix("of ");
    Some((false, kind.strip_prefix("list of ").or_else(keyed)?))
}
