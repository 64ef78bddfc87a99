//! Serde's ways to write names, applied as serde applies them.

/// A value of `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    /// The case of a name in an attribute.
    pub fn named(name: &str) -> Option<Case> {
        let (_, case) = CASES.iter().find(|(known, _)| *known == name)?;
        Some(*case)
    }

    /// The names that [`Case::named`] knows.
    pub fn names() -> Vec<&'static str> {
        CASES.iter().map(|(name, _)| *name).collect()
    }

    /// The wire name of a field, which is in snake case.
    pub fn field(self, name: &str) -> String {
        match self {
            Case::Lower | Case::Snake => name.to_owned(),
            Case::Upper | Case::ScreamingSnake => name.to_ascii_uppercase(),
            Case::Pascal => name.split('_').map(capitalized).collect(),
            Case::Camel => uncapitalized(&Case::Pascal.field(name)),
            Case::Kebab => name.replace('_', "-"),
            Case::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// The wire name of a variant, which is in Pascal case.
    pub fn variant(self, name: &str) -> String {
        match self {
            Case::Pascal => name.to_owned(),
            Case::Lower => name.to_ascii_lowercase(),
            Case::Upper => name.to_ascii_uppercase(),
            Case::Camel => uncapitalized(name),
            Case::Snake => snake(name),
            Case::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Case::Kebab => snake(name).replace('_', "-"),
            Case::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

const CASES: &[(&str, Case)] = &[
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

/// The word with a capital first letter.
pub fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}

fn uncapitalized(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_ascii_lowercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_serde_writes_them() {
        let written = |case: &str| Case::named(case).map(|case| case.field("first_name2"));
        assert_eq!(written("lowercase").as_deref(), Some("first_name2"));
        assert_eq!(written("UPPERCASE").as_deref(), Some("FIRST_NAME2"));
        assert_eq!(written("PascalCase").as_deref(), Some("FirstName2"));
        assert_eq!(written("camelCase").as_deref(), Some("firstName2"));
        assert_eq!(written("snake_case").as_deref(), Some("first_name2"));
        assert_eq!(written("SCREAMING_SNAKE_CASE").as_deref(), Some("FIRST_NAME2"));
        assert_eq!(written("kebab-case").as_deref(), Some("first-name2"));
        assert_eq!(written("SCREAMING-KEBAB-CASE").as_deref(), Some("FIRST-NAME2"));
        assert_eq!(written("camelcase"), None);
    }

    #[test]
    fn variants_are_written_as_serde_writes_them() {
        let written = |case: &str| Case::named(case).map(|case| case.variant("InReview"));
        assert_eq!(written("lowercase").as_deref(), Some("inreview"));
        assert_eq!(written("UPPERCASE").as_deref(), Some("INREVIEW"));
        assert_eq!(written("PascalCase").as_deref(), Some("InReview"));
        assert_eq!(written("camelCase").as_deref(), Some("inReview"));
        assert_eq!(written("snake_case").as_deref(), Some("in_review"));
        assert_eq!(written("SCREAMING_SNAKE_CASE").as_deref(), Some("IN_REVIEW"));
        assert_eq!(written("kebab-case").as_deref(), Some("in-review"));
        assert_eq!(written("SCREAMING-KEBAB-CASE").as_deref(), Some("IN-REVIEW"));
    }
}
