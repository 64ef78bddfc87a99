//! An entity whose functions panic, to see what that does to others.

use serde::{Deserialize, Deserializer, Serialize};
use temporal_entity::{EntityField, Value, temporal_entity};

/// A thing that is to be handled with care. The feature `later` is a later deployment of it.
#[cfg_attr(
    not(feature = "later"),
    temporal_entity(
        version = 1,
        access = "signed-in",
        validate = Fragile::validate_whole,
        ping = "1d"
    )
)]
#[cfg_attr(
    feature = "later",
    temporal_entity(
        version = 2,
        access = "signed-in",
        validate = Fragile::validate_whole,
        ping = "1d",
        migrate(from = 1, with = carry_over)
    )
)]
#[derive(Serialize, Deserialize)]
pub struct Fragile {
    /// Names the function that is to panic, if one is.
    #[entity(normalize = normalize, validate = validate)]
    pub breaks: String,
    /// Something to edit meanwhile.
    pub note: String,
    /// What it is made of.
    pub material: Material,
}

/// A material, which no panic in a function of the entity's leaves behind: it can panic where it is read.
#[derive(Serialize, EntityField)]
pub struct Material(pub String);

impl<'de> Deserialize<'de> for Material {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        assert!(name != "nothing", "a material that breaks where it is read");
        Ok(Material(name))
    }
}

impl Fragile {
    fn validate_whole(&self) -> Result<(), String> {
        break_in("validate of the whole", &self.breaks);
        Ok(())
    }
}

fn normalize(breaks: &mut str) {
    break_in("normalize", breaks);
}

fn validate(breaks: &str) -> Result<(), String> {
    break_in("validate", breaks);
    Ok(())
}

/// The step from version 1 to 2, which changes nothing.
///
/// # Errors
/// None.
pub fn carry_over(value: Value) -> Result<Value, String> {
    let asked = value.as_map().and_then(|entries| {
        entries.iter().find(|(key, _)| key.as_text() == Some("breaks"))?.1.as_text()
    });
    break_in("migrate", asked.unwrap_or_default());
    Ok(value)
}

fn break_in(place: &str, breaks: &str) {
    assert!(place != breaks, "the value asked for it");
}
