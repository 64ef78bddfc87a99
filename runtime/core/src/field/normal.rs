//! The normalisers that have a name: `normalize = "lowercase"`, `"trim"`.

/// A type of field that the normalisers with a name are for.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be normalised by name",
    label = "not for this type",
    note = "\"lowercase\" and \"trim\" are for String, which may be in an Option; for another type, name a function of\n\
            yours: `normalize = path::to::tidy`, a `fn(&mut {Self})`"
)]
pub trait Normal {
    /// `"lowercase"`, by the rules of Unicode.
    fn lowercase(&mut self);

    /// `"trim"`: without white space at either end.
    fn trim(&mut self);
}

impl Normal for String {
    fn lowercase(&mut self) {
        *self = self.to_lowercase();
    }

    fn trim(&mut self) {
        *self = str::trim(self).to_owned();
    }
}

impl<T: Normal> Normal for Option<T> {
    fn lowercase(&mut self) {
        if let Some(value) = self {
            value.lowercase();
        }
    }

    fn trim(&mut self) {
        if let Some(value) = self {
            value.trim();
        }
    }
}
