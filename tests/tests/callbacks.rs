//! What an entity says by its callbacks: normalisers, `validate` functions, steps and retention.

use serde::{Deserialize, Serialize};
use temporal_entity::{
    Add, Change, Entity, EntityField, Invalid, Patch, Retain, Value, read_value, temporal_entity,
    write_value,
};

/// Somebody whom one can write to.
#[temporal_entity(
    version = 3,
    access = "signed-in",
    migrate(from = 2, with = split_name),
    migrate(from = 1),
    validate = Self::can_be_reached,
    retain = "2w"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    #[entity(normalize = "trim", validate = has_letters)]
    first_name: String,
    #[entity(normalize = ("trim", str::make_ascii_uppercase))]
    last_name: String,
    #[entity(normalize = "lowercase")]
    #[entity(validate = has_an_at)]
    email: Option<String>,
    /// Even numbers only.
    #[entity(merge = "counter", normalize = make_even)]
    votes: i64,
    #[entity(key = "number", normalize = sort, validate = few)]
    phones: Vec<Phone>,
    #[entity(merge = "text", validate = has_letters)]
    note: String,
    #[serde(default)]
    r#type: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EntityField)]
struct Phone {
    number: u32,
}

impl Contact {
    fn can_be_reached(&self) -> Result<(), String> {
        if self.email.is_none() && self.phones.is_empty() {
            return Err("an address or a number is needed".to_owned());
        }
        Ok(())
    }
}

fn has_letters(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(()) }
}

fn has_an_at(email: &Option<String>) -> Result<(), String> {
    match email {
        Some(email) if !email.contains('@') => Err(format!("{email} is no address")),
        _ => Ok(()),
    }
}

fn few(phones: &[Phone]) -> Result<(), String> {
    if phones.len() > 2 { Err("too many".to_owned()) } else { Ok(()) }
}

fn make_even(votes: &mut i64) {
    *votes -= *votes % 2;
}

fn sort(phones: &mut Vec<Phone>) {
    phones.sort_by_key(|phone| phone.number);
    phones.dedup();
}

/// As a contact was in version 2.
#[derive(Serialize, Deserialize, EntityField)]
struct ContactV2 {
    name: String,
    email: Option<String>,
}

fn split_name(old: Value) -> Result<Value, String> {
    let old: ContactV2 = read_value(old).map_err(|error| error.to_string())?;
    let (first, last) = old.name.split_once(' ').ok_or("a name is two words")?;
    let (first_name, last_name) = (first.to_owned(), last.to_owned());
    Ok(write_value(&Contact { first_name, last_name, email: old.email, ..contact() }))
}

fn contact() -> Contact {
    Contact {
        first_name: "Ada".into(),
        last_name: "LOVELACE".into(),
        email: Some("ada@example.org".into()),
        votes: 2,
        phones: vec![],
        note: "n".into(),
        r#type: String::new(),
    }
}

/// What the normalisers change, in the wire form.
fn normalized(contact: &Contact, touched: Option<&ContactDiff>) -> String {
    let diff = contact.normalize(touched).map(|diff| diff.to_value());
    serde_json::to_string(&diff).expect("json")
}

fn refused(contact: &Contact, touched: Option<&ContactDiff>) -> Option<(&'static str, String)> {
    let Invalid { field, problem } = contact.validate(touched).err()?;
    Some((field.unwrap_or("(the whole)"), problem))
}

#[test]
fn a_value_in_the_normal_form_is_left_alone() {
    assert!(contact().normalize(None).is_none());
    let touched = ContactDiff::default().first_name("Ada").votes_add(2);
    assert!(contact().normalize(Some(&touched)).is_none());
}

#[test]
fn normalisers_come_one_after_another() {
    let value = Contact { last_name: " Lovelace\n".into(), ..contact() };
    assert_eq!(normalized(&value, None), r#"{"lastName":"LOVELACE"}"#);
}

#[test]
fn only_fields_that_are_touched_are_normalised() {
    let mut value = Contact { first_name: " Ada ".into(), last_name: "l".into(), ..contact() };
    let touched = ContactDiff::default().last_name("l");
    assert_eq!(normalized(&value, Some(&touched)), r#"{"lastName":"L"}"#);
    assert_eq!(normalized(&value, Some(&ContactDiff::default())), "null");
    assert_eq!(normalized(&value, None), r#"{"firstName":"Ada","lastName":"L"}"#);

    let diff = value.normalize(None).expect("there is something to do");
    value.apply(diff);
    assert_eq!((value.first_name.as_str(), value.last_name.as_str()), ("Ada", "L"));
    assert!(value.normalize(None).is_none());
}

#[test]
fn a_normaliser_with_a_name_looks_into_an_option() {
    let value = Contact { email: Some("ADA@Example.org".into()), ..contact() };
    assert_eq!(normalized(&value, None), r#"{"email":"ada@example.org"}"#);
    let value = Contact { email: None, ..contact() };
    assert!(value.normalize(None).is_none());
}

#[test]
fn what_a_normaliser_does_is_a_change_of_the_fields_own_policy() {
    let value = Contact { votes: 5, ..contact() };
    let diff = value.normalize(None).expect("5 is odd");
    assert!(matches!(diff.votes, Some(Change::Patch(Add(-1)))), "{diff:?}");

    let phones = [3, 1].map(|number| Phone { number }).to_vec();
    let mut value = Contact { phones, ..contact() };
    let diff = value.normalize(None).expect("3 is before 1");
    assert!(matches!(diff.phones, Some(Change::Patch(_))), "{diff:?}");
    value.apply(diff);
    assert_eq!(value.phones, [Phone { number: 1 }, Phone { number: 3 }]);
}

#[test]
fn a_field_is_asked_about_before_the_whole() {
    let value = Contact { email: None, first_name: String::new(), ..contact() };
    assert_eq!(refused(&value, None), Some(("firstName", "it is empty".into())));
    let value = Contact { email: None, ..contact() };
    let problem = "an address or a number is needed".into();
    assert_eq!(refused(&value, None), Some(("(the whole)", problem)));
    assert_eq!(refused(&contact(), None), None);
}

#[test]
fn only_fields_that_are_touched_are_asked_about_and_the_whole_always() {
    let value = Contact { first_name: String::new(), ..contact() };
    let other = ContactDiff::default().last_name("L");
    assert_eq!(refused(&value, Some(&other)), None);
    let this = ContactDiff::default().first_name("");
    assert_eq!(refused(&value, Some(&this)), Some(("firstName", "it is empty".into())));

    let value = Contact { email: None, ..value };
    let found = refused(&value, Some(&other)).expect("it cannot be reached");
    assert_eq!(found.0, "(the whole)");
}

#[test]
fn a_merged_text_and_a_keyed_list_are_validated() {
    let value = Contact { note: String::new(), ..contact() };
    let touched = ContactDiff::default().note_splice(0, 1, "");
    assert_eq!(refused(&value, Some(&touched)), Some(("note", "it is empty".into())));

    let phones = [1, 2, 3].map(|number| Phone { number }).to_vec();
    let value = Contact { phones, ..contact() };
    let touched = ContactDiff::default().phones_remove(&4);
    assert_eq!(refused(&value, Some(&touched)), Some(("phones", "too many".into())));
}

#[test]
fn steps_are_in_the_order_of_their_versions() {
    let steps = Contact::MIGRATIONS;
    assert_eq!(steps.iter().map(|step| step.from).collect::<Vec<_>>(), [1, 2]);
    assert!(steps[0].with.is_none());
    assert_eq!(Contact::CONFIG.version, 3);
}

#[test]
fn a_step_can_be_written_with_the_old_struct() {
    let step = Contact::MIGRATIONS[1].with.expect("it has a function");
    let old = write_value(&ContactV2 { name: "Ada LOVELACE".into(), email: contact().email });
    let new: Contact = read_value(step(old).expect("it can be split")).expect("a contact");
    assert_eq!(new, contact());

    let old = write_value(&ContactV2 { name: "Ada".into(), email: None });
    assert_eq!(step(old).expect_err("one word"), "a name is two words");
    assert!(step(Value::Null).is_err());
}

/// Says nothing by callbacks.
#[temporal_entity(access = "signed-in", retain = 100)]
#[derive(Serialize, Deserialize)]
struct Plain {
    text: String,
}

/// Keeps an hour.
#[temporal_entity(access = "signed-in", retain = "1h")]
#[derive(Serialize, Deserialize)]
struct Brief {
    #[entity(validate = has_letters)]
    text: String,
}

#[test]
fn retention_is_a_span_or_a_count() {
    assert_eq!(Contact::CONFIG.retain, Retain::Seconds(14 * 86_400));
    assert_eq!(Brief::CONFIG.retain, Retain::Seconds(3_600));
    assert_eq!(Plain::CONFIG.retain, Retain::Snapshots(100));
}

#[test]
fn an_entity_without_callbacks_takes_everything() {
    let value = Plain { text: String::new() };
    assert!(value.normalize(None).is_none());
    assert!(value.validate(None).is_ok());
    assert!(Plain::MIGRATIONS.is_empty());
    assert!(Brief { text: String::new() }.validate(None).is_err());
}
