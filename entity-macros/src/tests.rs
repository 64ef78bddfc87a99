//! Golden expansions: generated code, to be read as prose. `UPDATE_EXPECT=1 cargo test` writes them anew.

use expect_test::{ExpectFile, expect_file};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{attribute, derive};

/// Compares what a macro prints, formatted, with the golden file.
///
/// Two things are written for the reader: paths into the private module of the facade without the facade, and what is
/// behind a gate, which to a formatter is only tokens, after the rest.
fn check(output: TokenStream, golden: ExpectFile) {
    let output = output.to_string().replace(":: temporal_entity :: __private ::", "__private ::");
    let mut file: syn::File = syn::parse_str(&output).expect("generated code is Rust");
    let gates: Vec<String> = file.items.iter_mut().flat_map(open_gates).collect();
    golden.assert_eq(&(prettyplease::unparse(&file) + &gates.concat()));
}

/// Takes out what is behind the gates in an item, formatted.
fn open_gates(item: &mut syn::Item) -> Vec<String> {
    let statements = match item {
        syn::Item::Const(item) => match &mut *item.expr {
            syn::Expr::Block(block) => block.block.stmts.as_mut_slice(),
            _ => &mut [],
        },
        _ => &mut [],
    };
    let macros = statements.iter_mut().filter_map(|statement| match statement {
        syn::Stmt::Macro(statement) => Some(&mut statement.mac),
        syn::Stmt::Item(syn::Item::Macro(item)) => Some(&mut item.mac),
        _ => None,
    });
    macros.map(open_gate).collect()
}

fn open_gate(gate: &mut syn::Macro) -> String {
    let inside = std::mem::take(&mut gate.tokens);
    let inside = prettyplease::unparse(&syn::parse2(inside).expect("a gate holds items"));
    let name = &gate.path.segments.last().expect("a name").ident;
    format!("\n// Behind {name}:\n\n{inside}")
}

#[test]
fn entity() {
    let item = quote! {
        #[__temporal_entity(version = 2, migrate(from = 1), granularity = "minute", access = "signed-in")]
        /// A card on the team's board.
        #[serde(rename_all = "camelCase")]
        pub struct Card {
            /// Shown on the board.
            pub title: String,
            #[serde(default)]
            due_at: Option<u32>,
            pub(crate) children: Vec<Self>,
            #[serde(skip)]
            pub seen: bool,
        }
    };
    check(derive::entity(item), expect_file!["../tests/expand/entity.rs"]);
}

#[test]
fn person() {
    let item = quote! {
        #[__temporal_entity(access = "signed-in", role = "person", name = "Member")]
        struct Person {
            name: String,
        }
    };
    check(derive::entity(item), expect_file!["../tests/expand/person.rs"]);
}

#[test]
fn callbacks() {
    let item = quote! {
        #[__temporal_entity(
            access = "signed-in",
            version = 3,
            migrate(from = 2, with = steps::second),
            migrate(from = 1),
            retain = "90d",
            ping = "5m",
            quota = "2GB",
            validate = Self::check,
        )]
        struct Contact {
            #[entity(normalize = ("trim", tidy), validate = names::check)]
            name: String,
            #[entity(merge = "counter", normalize = even)]
            votes: i64,
            #[entity(validate = Self::check_note)]
            note: Option<String>,
            done: bool,
        }
    };
    check(derive::entity(item), expect_file!["../tests/expand/callbacks.rs"]);
}

#[test]
fn nested_struct() {
    let item = quote! {
        #[entity(crate = app::entities, diff = Move)]
        pub struct Address {
            /// Where it is.
            pub city: String,
        }
    };
    check(derive::field(item), expect_file!["../tests/expand/nested_struct.rs"]);
}

#[test]
fn unit_enum() {
    let item = quote! {
        /// How far it is.
        #[serde(rename_all = "kebab-case")]
        pub enum Progress {
            /// Not begun.
            NotYet,
            Done,
        }
    };
    check(derive::field(item), expect_file!["../tests/expand/unit_enum.rs"]);
}

#[test]
fn policies() {
    let item = quote! {
        struct Vote {
            #[entity(merge = "counter")]
            pub count: i64,
            #[entity(merge = "text")]
            body: String,
            #[entity(merge = "atomic")]
            place: Place,
            #[entity(key = "id")]
            steps: Vec<Step>,
            labels: BTreeSet<Label>,
            limits: BTreeMap<String, u32>,
            r#type: Kind,
        }
    };
    check(derive::field(item), expect_file!["../tests/expand/policies.rs"]);
}

#[test]
fn newtype() {
    let item = quote! {
        struct Label(String);
    };
    check(derive::field(item), expect_file!["../tests/expand/newtype.rs"]);
}

#[test]
fn union() {
    let item = quote! {
        /// What stands on it.
        #[serde(tag = "kind", rename_all = "camelCase")]
        enum Mark {
            /// Nothing.
            Blank,
            Circle {
                /// From the middle.
                radius: f64,
                #[serde(default)]
                filled: bool,
            },
            Other(Place),
        }
    };
    check(derive::field(item), expect_file!["../tests/expand/union.rs"]);
}

#[test]
fn attribute() {
    let output = attribute::expand(
        quote!(access = "signed-in"),
        quote! {
            #[derive(Serialize, Deserialize)]
            pub struct Card {
                pub title: String,
            }
        },
    );
    check(output, expect_file!["../tests/expand/attribute.rs"]);
}

#[test]
fn fallback() {
    let item = quote! {
        #[__temporal_entity(granularity = "fortnight")]
        struct Card {
            title: String,
            note: &'static str,
        }
    };
    check(derive::entity(item), expect_file!["../tests/expand/fallback.rs"]);
}

#[test]
fn the_same_code_every_time() {
    let item = quote! {
        #[__temporal_entity(access = "signed-in")]
        struct Card {
            title: String,
        }
    };
    let first = derive::entity(item.clone()).to_string();
    assert_eq!(first, derive::entity(item).to_string());
}
