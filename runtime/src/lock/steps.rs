//! Whether stored values of an earlier version are read as they lie: what a step without `with` relies on.

use std::collections::{BTreeMap, BTreeSet};

use temporal_entity_core::entity::{Entity, Migration};
use temporal_entity_core::schema::{FieldSchema, Kind, Published, VariantContent};

use super::file::Entry;
use super::outline::{Blocks, Fields, blocks, elements, root, without_policy};

#[cfg(test)]
mod tests;

/// An entity as the lock looks at it.
#[derive(Clone, Copy)]
pub struct Locked {
    /// What it publishes.
    pub published: Published,
    /// The steps that lead to its version.
    pub steps: &'static [Migration],
}

impl Locked {
    /// The lock's view of `T`.
    pub const fn of<T: Entity>() -> Locked {
        Locked { published: Published::of::<T>(), steps: T::MIGRATIONS }
    }

    /// Whether no step from version `from` to version `to` converts anything.
    fn are_bare(&self, from: u32, to: u32) -> bool {
        let is_bare =
            |version| self.steps.iter().any(|step| step.from == version && step.with.is_none());
        (from..to).all(is_bare)
    }
}

/// What stands in the way of steps without `with`, one sentence each. `earlier` are the published versions of the
/// entity before `now`, which is its present one.
pub fn problems(earlier: &[&Entry], now: &Entry, entity: &Locked) -> Vec<String> {
    let optional = Optional::of(&entity.published.kind);
    let (mut problems, mut seen) = (Vec::new(), BTreeSet::new());
    let mut later: Vec<&Entry> = vec![now];
    let mut versions = earlier.to_vec();
    versions.sort_by_key(|entry| entry.version);
    for before in versions.into_iter().rev() {
        let bare = |after: &&&Entry| entity.are_bare(before.version, after.version);
        // The next version and the present one: of a field that came in between, only the present type says whether it
        // has a default.
        let both = [later.first(), later.last()].into_iter().flatten();
        for after in both.filter(|after| bare(after)) {
            let optional = (after.version == now.version).then_some(&optional);
            for problem in Comparison::of(before, after, optional) {
                if seen.insert(problem.clone()) {
                    let (from, to) = (before.version, after.version);
                    problems.push(format!("{problem}: version {from} to {to} needs `with`"));
                }
            }
        }
        later.insert(0, before);
    }
    problems
}

/// The fields that may be absent, each with the type, or the variant, that it is in.
struct Optional(BTreeSet<(String, &'static str)>);

impl Optional {
    fn of(kind: &Kind) -> Optional {
        let mut optional = Optional(BTreeSet::new());
        optional.add(kind, &mut BTreeSet::new());
        optional
    }

    fn add(&mut self, kind: &Kind, open: &mut BTreeSet<String>) {
        match kind {
            Kind::Option(inner)
            | Kind::List(inner)
            | Kind::Set(inner)
            | Kind::Map(_, inner)
            | Kind::Keyed(inner, _)
            | Kind::Atomic(inner) => self.add(inner, open),
            Kind::Struct(shape) => {
                let owner = format!("struct {}", shape.name);
                if open.insert(owner.clone()) {
                    self.add_fields(&owner, (shape.fields)(), open);
                }
            }
            Kind::Union(shape) => {
                let owner = format!("union {}", shape.name);
                if !open.insert(owner.clone()) {
                    return;
                }
                for variant in (shape.variants)() {
                    match &variant.content {
                        VariantContent::Unit => {}
                        VariantContent::Newtype(kind) => self.add(kind, open),
                        VariantContent::Struct(fields) => {
                            self.add_fields(&format!("{owner}.{}", variant.name), fields, open);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn add_fields(
        &mut self,
        owner: &str,
        fields: &'static [FieldSchema],
        open: &mut BTreeSet<String>,
    ) {
        for field in fields {
            // Serde reads an `Option` that is absent as `None`.
            if field.default || matches!(field.kind, Kind::Option(_)) {
                self.0.insert((owner.to_owned(), field.name));
            }
            self.add(&field.kind, open);
        }
    }
}

/// A version beside a later one.
struct Comparison<'a> {
    before: Blocks<'a>,
    after: Blocks<'a>,
    /// What may be absent in the later one, if that is known.
    optional: Option<&'a Optional>,
    /// The pairs of types that were compared.
    open: BTreeSet<(&'a str, &'a str)>,
    problems: Vec<String>,
}

impl<'a> Comparison<'a> {
    /// The values of the earlier version that the later one does not read, or not all of.
    fn of(before: &'a Entry, after: &'a Entry, optional: Option<&'a Optional>) -> Vec<String> {
        let mut comparison = Comparison {
            before: blocks(&before.shape),
            after: blocks(&after.shape),
            optional,
            open: BTreeSet::new(),
            problems: Vec::new(),
        };
        let (old, new) =
            (root(&comparison.before, &before.name), root(&comparison.after, &after.name));
        if let (Some(old), Some(new)) = (old, new) {
            comparison.kinds("", old, new);
        }
        comparison.problems
    }

    /// Compares two kinds in one place.
    fn kinds(&mut self, path: &str, before: &'a str, after: &'a str) {
        let (old, new) = (without_policy(before), without_policy(after));
        let inner = |kind: &'a str, word| kind.strip_prefix(word);
        if let Some(new) = inner(new, "option of ") {
            return self.kinds(path, inner(old, "option of ").unwrap_or(old), new);
        }
        if new == "json" {
            // What JSON has no form for was stored with a tag.
            let has_none = ["bytes", "timestamp"].contains(&old) || old.starts_with("set of ");
            if has_none {
                self.changed(path, before, after);
            }
            return;
        }
        match (inner(old, "map from "), inner(new, "map from ")) {
            (Some(old), Some(new)) => {
                if let (Some((old_key, old)), Some((new_key, new))) =
                    (old.split_once(" to "), new.split_once(" to "))
                {
                    self.kinds(&join(path, "(key)"), old_key, new_key);
                    self.kinds(&join(path, "*"), old, new);
                }
                return;
            }
            (None, None) => {}
            _ => return self.changed(path, before, after),
        }
        match (elements(old), elements(new)) {
            // A list is read as a set, and a set, which is stored with a tag, not as a list.
            (Some((was_set, old)), Some((is_set, new))) if is_set || !was_set => {
                return self.kinds(&join(path, "*"), old, new);
            }
            (None, None) => {}
            _ => return self.changed(path, before, after),
        }
        let kind_of = |kind: &'a str| kind.split_once(' ').map(|(word, _)| word);
        match (kind_of(old), kind_of(new)) {
            (Some(word), Some(same)) if word == same && word != "option" => {
                self.types(path, old, new);
            }
            _ if reads(old, new) => {}
            _ => self.changed(path, before, after),
        }
    }

    fn changed(&mut self, path: &str, before: &str, after: &str) {
        self.problems.push(format!("`{path}` was {before} and is {after}"));
    }

    /// Compares two types that have names, which need not be the same.
    fn types(&mut self, path: &str, before: &'a str, after: &'a str) {
        if !self.open.insert((before, after)) {
            return;
        }
        // Of two types that share a name nobody knows which is meant.
        let (Some([old]), Some([new])) =
            (self.before.get(before).map(Vec::as_slice), self.after.get(after).map(Vec::as_slice))
        else {
            return;
        };
        let (tags, new_tags) = (old.tags, new.tags);
        let (lines, new_lines) = (old.lines.clone(), new.lines.clone());
        let (mut inside, mut new_inside) = (old.inside.clone(), new.inside.clone());
        if before.starts_with("struct ") {
            return self.fields(path, after, &lines, &new_lines);
        }
        if tags != new_tags {
            return self.changed(path, &format!("{before}{tags}"), &format!("{after}{new_tags}"));
        }
        for (variant, holds) in lines {
            let inner = join(path, variant);
            match new_lines.get(variant) {
                None => {
                    self.problems.push(format!("the variant `{variant}` of `{path}` left"));
                }
                Some(&now) if holds.trim() == "with" && now.trim() == "with" => {
                    let fields = |of: &mut BTreeMap<_, _>| of.remove(variant).unwrap_or_default();
                    let (old, new) = (fields(&mut inside), fields(&mut new_inside));
                    self.fields(&inner, &format!("{after}.{variant}"), &old, &new);
                }
                Some(&now) if !holds.is_empty() && !now.is_empty() => {
                    self.kinds(&inner, holds, now);
                }
                Some(&now) if holds != now => self.changed(&inner, held(holds), held(now)),
                Some(_) => {}
            }
        }
    }

    fn fields(&mut self, path: &str, owner: &str, before: &Fields<'a>, after: &Fields<'a>) {
        let left: Vec<_> = before.iter().filter(|(name, _)| !after.contains_key(*name)).collect();
        let came: Vec<_> = after.iter().filter(|(name, _)| !before.contains_key(*name)).collect();
        if let ([(old, kind)], [(new, same)]) = (left.as_slice(), came.as_slice())
            && kind == same
        {
            self.problems.push(format!("`{}` left or was renamed to `{new}`", join(path, old)));
        } else {
            for (name, _) in left {
                self.problems.push(format!("`{}` left", join(path, name)));
            }
            for (name, _) in came {
                let may_lack = |of: &Optional| of.0.iter().any(|(of, n)| of == owner && n == name);
                if self.optional.is_some_and(|optional| !may_lack(optional)) {
                    self.problems.push(format!("`{}` came without a default", join(path, name)));
                }
            }
        }
        for (name, kind) in before {
            if let Some(now) = after.get(name) {
                self.kinds(&join(path, name), kind, now);
            }
        }
    }
}

fn held(holds: &str) -> &str {
    if holds.is_empty() { "nothing" } else { holds.trim() }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Whether each value of one kind is read as another one. Both hold no others.
fn reads(before: &str, after: &str) -> bool {
    let is_text = |kind: &str| kind == "text" || kind == "id";
    match (range(before), range(after)) {
        (Some((from, to)), Some((min, max))) => min <= from && to <= max,
        _ if before == after => true,
        _ if is_text(before) && is_text(after) => true,
        _ => before.starts_with("enum ") && is_text(after),
    }
}

/// The range of an integer by its name.
fn range(kind: &str) -> Option<(i128, i128)> {
    let bits = |digits: &str| digits.parse::<u32>().ok().filter(|bits| (1..=64).contains(bits));
    if let Some(bits) = kind.strip_prefix('u').and_then(bits) {
        return Some((0, (1_i128 << bits).saturating_sub(1)));
    }
    let half = 1_i128 << bits(kind.strip_prefix('i')?)?.saturating_sub(1);
    Some((half.saturating_neg(), half.saturating_sub(1)))
}
