//! Text as a sequence of Unicode scalar values.

use super::script::{Hunk, script};
use super::splice::{Content, Splice, Splices};
use crate::steps;

/// A text of which pieces are taken off the beginning.
pub struct TextPieces {
    text: String,
    /// Where the rest begins, in bytes.
    from: usize,
    /// How many characters the rest has.
    left: usize,
}

impl Content for String {
    type Pieces = TextPieces;

    fn count(&self) -> usize {
        characters(self)
    }

    fn is_empty(&self) -> bool {
        String::is_empty(self)
    }

    fn into_pieces(self) -> TextPieces {
        let left = characters(&self);
        TextPieces { text: self, from: 0, left }
    }

    fn left(pieces: &TextPieces) -> usize {
        pieces.left
    }

    fn take(pieces: &mut TextPieces, count: usize) -> String {
        let TextPieces { text, from, left } = pieces;
        let is_whole = *from == 0 && count >= *left;
        *left = left.saturating_sub(count);
        if is_whole {
            return std::mem::take(text);
        }
        let (_, rest) = cut(text, *from);
        let (piece, _) = cut(rest, byte_of(rest, count));
        *from = from.saturating_add(piece.len());
        piece.to_owned()
    }

    fn append(&mut self, more: String) {
        steps::count(more.len());
        if self.is_empty() {
            *self = more;
        } else {
            self.push_str(&more);
        }
    }

    fn split_off(&mut self, at: usize) -> String {
        let byte = byte_of(self, at);
        steps::count(self.len().saturating_sub(byte));
        String::split_off(self, byte)
    }

    fn same(&self, other: &String) -> bool {
        self == other
    }

    fn common_prefix(&self, other: &String) -> usize {
        self.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
    }

    fn common_suffix(&self, other: &String) -> usize {
        self.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count()
    }
}

/// How many characters a text has. (What the standard library counts with is fast, and large.)
fn characters(text: &str) -> usize {
    const CONTINUES: u8 = 0b1000_0000;
    steps::count(text.len());
    text.bytes().filter(|byte| byte & 0b1100_0000 != CONTINUES).count()
}

/// Where the character at a place begins, in bytes; the length of the text if there is none.
fn byte_of(text: &str, at: usize) -> usize {
    let byte = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
    steps::count(byte);
    byte
}

/// Cuts a text in two before a byte with which a character begins. (What the standard library would say of another byte
/// would add five kilobytes to what each browser loads.)
fn cut(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// The change from one text to another. Words stay whole where they differ, so that it tells what a person did.
pub fn diff(old: &str, new: &str) -> Splices<String> {
    let (old_words, new_words) = (words(old), words(new));
    let same = |x: usize, y: usize| old_words.get(x) == new_words.get(y);
    let hunks = script(old_words.len(), new_words.len(), same);
    let (mut at, mut word) = (0, 0);
    let splices = hunks.iter().map(|hunk| {
        at = length(&old_words, word, hunk.at).saturating_add(at);
        let splice = splice(hunk, at, &old_words, &new_words);
        word = hunk.at.saturating_add(hunk.removed);
        at = length(&old_words, hunk.at, word).saturating_add(at);
        splice
    });
    Splices(splices.collect())
}

/// A hunk of words as a splice of characters, without the characters that its two sides share at their ends.
fn splice(hunk: &Hunk, at: usize, old: &[&str], new: &[&str]) -> Splice<String> {
    let text = |words: &[&str], from: usize, count: usize| -> String {
        words.iter().skip(from).take(count).copied().collect()
    };
    let removed = text(old, hunk.at, hunk.removed);
    let inserted = text(new, hunk.from, hunk.inserted);
    let whole = Splice { at, removed: removed.count(), inserted };
    let undo = Splice { at, removed: whole.inserted.count(), inserted: removed };
    let settled = Splices(vec![whole.clone()]).settle(&Splices(vec![undo]));
    settled.0.into_iter().next().unwrap_or(whole)
}

fn length(words: &[&str], from: usize, to: usize) -> usize {
    let count = to.saturating_sub(from);
    words.iter().skip(from).take(count).map(|word| characters(word)).sum()
}

/// Cuts a text into runs of letters and digits, and single characters of every other kind.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if in_words(first) {
            rest.find(|c: char| !in_words(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = cut(rest, end);
        words.push(word);
        rest = after;
    }
    words
}

/// Whether a character is a letter or a digit, roughly: the standard library's tables would be more than a kilobyte of
/// what each browser loads, and here they decide no more than where a text may be cut.
fn in_words(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        // Signs of Latin-1.
        '\u{80}'..='\u{bf}'
        // Punctuation, arrows, symbols.
        | '\u{2000}'..='\u{2bff}'
        // Punctuation of Chinese and Japanese, also in full width.
        | '\u{3000}'..='\u{303f}'
        | '\u{ff00}'..='\u{ff0f}'
        // Emoji.
        | '\u{1f000}'..='\u{1faff}' => false,
        _ => true,
    }
}

impl Splices<String> {
    /// Whether the change fits a text.
    pub fn fits(&self, text: &str) -> bool {
        let reach = self.reach();
        // A text has at least as many bytes as characters, so most need not be counted.
        reach == 0 || reach <= text.len() && text.chars().nth(reach.saturating_sub(1)).is_some()
    }

    /// This change of a text without the splices that put in what they take out.
    pub fn tighten(self, text: &str) -> Self {
        // The splices come in order, so that the text is walked once.
        let (mut rest, mut from) = (text, 0);
        self.without_same(|at, removed, inserted| {
            let (_, here) = cut(rest, byte_of(rest, at.saturating_sub(from)));
            (rest, from) = (here, at);
            steps::count(inserted.len());
            here.chars().take(removed).eq(inserted.chars())
        })
    }

    /// Changes a text that it fits, and returns what undoes the change.
    pub fn apply(self, text: &mut String) -> Self {
        let mut undo = Vec::with_capacity(self.0.len());
        let mut result = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let (mut at, mut result_at) = (0, 0_usize);
        for splice in self.0 {
            let kept = splice.at.saturating_sub(at);
            let (before, behind) = cut(rest, byte_of(rest, kept));
            let (removed, after) = cut(behind, byte_of(behind, splice.removed));
            result.push_str(before);
            result_at = result_at.saturating_add(kept);
            let count = splice.inserted.count();
            undo.push(Splice { at: result_at, removed: count, inserted: removed.to_owned() });
            result.push_str(&splice.inserted);
            result_at = result_at.saturating_add(count);
            at = splice.at.saturating_add(splice.removed);
            rest = after;
        }
        result.push_str(rest);
        steps::count(result.len());
        *text = result;
        Splices(undo)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::super::splice::Turn;
    use super::*;
    use proptest::prelude::*;

    fn applied(text: &str, change: &Splices<String>) -> String {
        assert!(change.fits(text), "{change:?} fits {text:?}");
        let mut text = text.to_owned();
        change.clone().apply(&mut text);
        text
    }

    #[test]
    fn a_change_tells_what_a_person_did() {
        let change = diff("the cat sat on the mat", "the dog sat on a mat");
        let told: Vec<_> =
            change.0.iter().map(|s| (s.at, s.removed, s.inserted.as_str())).collect();
        assert_eq!(told, [(4, 3, "dog"), (15, 3, "a")]);
        let typed = diff("helo \u{1F600}", "hello \u{1F600}");
        assert_eq!(typed.0, [Splice { at: 3, removed: 0, inserted: "l".into() }]);
    }

    #[test]
    fn words_are_those_of_every_script() {
        assert_eq!(words("na\u{ef}ve, 2\u{a0}km"), ["na\u{ef}ve", ",", " ", "2", "\u{a0}", "km"]);
        assert_eq!(
            words("\u{4f60}\u{597d}\u{3002}\u{6211}"),
            ["\u{4f60}\u{597d}", "\u{3002}", "\u{6211}"]
        );
        assert_eq!(
            words("\u{434}\u{430}\u{1f600}\u{2026}"),
            ["\u{434}\u{430}", "\u{1f600}", "\u{2026}"]
        );
    }

    /// The text that both of two changes make, by their definition: for each place what the earlier inserts and what
    /// the later inserts, and the character if neither removes it.
    fn merged(text: &str, earlier: &Splices<String>, later: &Splices<String>) -> String {
        let mut result = String::new();
        let characters: Vec<char> = text.chars().collect();
        for place in 0..=characters.len() {
            for change in [earlier, later] {
                let here = change.0.iter().filter(|splice| splice.at == place);
                here.for_each(|splice| result.push_str(&splice.inserted));
            }
            let gone = |change: &Splices<String>| {
                change.0.iter().any(|splice| (splice.at..splice.end()).contains(&place))
            };
            if place < characters.len() && !gone(earlier) && !gone(later) {
                result.push(characters[place]);
            }
        }
        result
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn splices_keep_the_laws(a in "[ab ]{0,12}", b in "[ab ]{0,12}", c in "[ab ]{0,12}") {
            let (first, second) = (diff(&a, &b), diff(&b, &c));
            prop_assert!(first.is_normal());
            prop_assert_eq!(applied(&a, &first), b.clone());
            let mut text = a.clone();
            let undo = first.clone().apply(&mut text);
            prop_assert_eq!(applied(&text, &undo), a.clone());
            let both = first.clone().compose(second.clone());
            prop_assert!(both.is_normal());
            prop_assert_eq!(applied(&a, &both), c.clone());
            let mut text = a.clone();
            let undo_both = both.clone().apply(&mut text);
            let settled = both.settle(&undo_both);
            prop_assert!(settled.is_normal());
            prop_assert_eq!(applied(&a, &settled), c.clone());
        }

        #[test]
        fn changes_that_do_not_cross_commute(a in "[ab ]{0,12}", b in "[ab ]{0,12}", c in "[ab ]{0,12}") {
            let (one, other) = (diff(&a, &b), diff(&a, &c));
            prop_assert_eq!(one.crosses(&other), other.crosses(&one));
            let after_one = other.clone().rebase(&one, Turn::Later);
            let after_other = one.clone().rebase(&other, Turn::Earlier);
            let (left, right) = (applied(&b, &after_one), applied(&c, &after_other));
            if !one.crosses(&other) {
                prop_assert_eq!(&left, &right);
                prop_assert_eq!(&left, &merged(&a, &one, &other));
            }
        }
    }
}
