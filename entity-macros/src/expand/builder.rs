//! The methods of a diff that put changes into it, one after another: `CardDiff::default().title("x").votes_add(1)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use super::policy::{self, in_rust};
use super::private;
use crate::model::{Field, Merge, Model};
use crate::spelling::{self, Spelling, Unknown};
use crate::words;

/// The methods, a setter for each field and what its policy or its type adds.
///
/// A method whose name is that of a setter or of a method that every diff has is left out: what it does can still be
/// written down as a `Change`, and a new field never breaks the build.
///
/// The bounds hold wherever the entity compiles. They are for the entity that does not, because the type of a field
/// cannot be one: without them, that would be said about every method again.
pub fn builder(model: &Model, diff: &Ident) -> TokenStream {
    let names: Vec<String> = model.wire_fields().map(|field| in_rust(&field.ident)).collect();
    let methods = model.wire_fields().flat_map(|field| methods(model, field));
    let methods = methods.filter(|method| {
        let name = in_rust(&method.name);
        let free = method.is_setter || !names.contains(&name);
        free && !words::METHODS_OF_DIFFS.contains(&name.as_str())
    });
    let methods = methods.map(|method| method.tokens);
    let bounds = bounds(model);
    quote! {
        #[automatically_derived]
        impl #diff
        where
            #(#bounds,)*
        {
            #(#methods)*
        }
    }
}

fn bounds(model: &Model) -> Vec<TokenStream> {
    let private = private(model);
    let mut bounds: Vec<TokenStream> = Vec::new();
    for field in model.wire_fields() {
        for unknown in spelling::unknown(&field.ty) {
            let (ty, bound) = match unknown {
                Unknown::Value(ty) => (ty, quote!(EntityField)),
                Unknown::Key(ty) => (ty, quote!(MapKey)),
            };
            bounds.push(quote!(for<'a> #ty: #private::#bound));
        }
    }
    bounds
}

struct Method {
    name: Ident,
    is_setter: bool,
    tokens: TokenStream,
}

fn methods(model: &Model, field: &Field) -> Vec<Method> {
    let private = &private(model);
    let draft = Draft { field, private };
    let mut methods = vec![draft.setter()];
    methods.extend(match &field.policy {
        Some(policy) => match policy.merge {
            Merge::Atomic => Vec::new(),
            Merge::Counter => draft.counter(),
            Merge::Text => draft.text(),
            Merge::Key => draft.keyed(),
        },
        None => match spelling::of(&field.ty) {
            Spelling::Set(element) => draft.set(element),
            Spelling::Map(key, value) => draft.map(key, value),
            Spelling::Other(_) => vec![draft.inside()],
            _ => Vec::new(),
        },
    });
    methods
}

/// Writes the methods of a field.
struct Draft<'a> {
    field: &'a Field,
    private: &'a TokenStream,
}

/// A method that changes a part of a field.
struct Part {
    /// What it does, the end of its name.
    what: &'static str,
    /// The same as a sentence, with `{}` for the field.
    docs: &'static str,
    parameters: TokenStream,
    /// The patch, made of the parameters.
    patch: TokenStream,
}

impl Draft<'_> {
    fn setter(&self) -> Method {
        let Draft { field, private, .. } = self;
        let ident = &field.ident;
        let value = taken(&field.ty);
        self.method(
            ident.clone(),
            &format!("Sets `{}`.", in_rust(ident)),
            quote!((mut self, value: #value)),
            quote! {
                #private::set(&mut self.#ident, value);
                self
            },
        )
    }

    fn part(&self, part: Part) -> Method {
        self.generic_part(part, quote!())
    }

    fn part_by_key(&self, part: Part) -> Method {
        let private = self.private;
        self.generic_part(part, quote!(<__Key: #private::MapKey>))
    }

    fn generic_part(&self, part: Part, generics: TokenStream) -> Method {
        let Draft { field, private } = self;
        let Part { what, docs, parameters, patch } = part;
        let ident = &field.ident;
        let name = in_rust(ident);
        self.method(
            format_ident!("{name}_{what}"),
            &docs.replace("{}", &format!("`{name}`")),
            quote!(#generics (self, #parameters)),
            quote! {
                #private::then(self, |__later| __later.#ident = #private::part(#patch))
            },
        )
    }

    fn method(
        &self,
        mut name: Ident,
        docs: &str,
        signature: TokenStream,
        body: TokenStream,
    ) -> Method {
        let Field { ident, vis, .. } = self.field;
        let is_setter = name == *ident;
        // Where whoever looks for the method finds the field, but still the macro's, so that nobody is told that it is
        // not used.
        name.set_span(Span::call_site().located_at(ident.span()));
        let tokens = quote! {
            #[doc = #docs]
            #vis fn #name #signature -> Self {
                #body
            }
        };
        Method { name, is_setter, tokens }
    }

    fn counter(&self) -> Vec<Method> {
        let private = self.private;
        vec![self.part(Part {
            what: "add",
            docs: "Adds to {}; a negative number takes away.",
            parameters: quote!(number: impl ::core::convert::Into<i128>),
            patch: quote!(#private::add(number)),
        })]
    }

    fn text(&self) -> Vec<Method> {
        let private = self.private;
        let string = quote!(impl ::core::convert::Into<::std::string::String>);
        vec![self.part(Part {
            what: "splice",
            docs: "Puts `inserted` in place of `removed` characters of {}, counted in Unicode scalar values.",
            parameters: quote!(at: usize, removed: usize, inserted: #string),
            patch: quote!(#private::TextPatch::splice(at, removed, inserted)),
        })]
    }

    fn keyed(&self) -> Vec<Method> {
        let private = self.private;
        let element = policy::element(self.field);
        let patch = quote!(patch: <#element as #private::EntityField>::Patch);
        let element = quote!(element: #element);
        vec![
            self.part(Part {
                what: "push",
                docs: "Puts an element at the end of {}.",
                parameters: element.clone(),
                patch: quote!(#private::KeyedPatch::push(element)),
            }),
            self.part(Part {
                what: "insert_first",
                docs: "Puts an element at the beginning of {}.",
                parameters: element.clone(),
                patch: quote!(#private::insert_first(element)),
            }),
            self.part_by_key(Part {
                what: "insert_after",
                docs: "Puts an element into {}, behind the one with the key `after`.",
                parameters: quote!(after: &__Key, #element),
                patch: quote!(#private::insert_after(after, element)),
            }),
            self.part_by_key(Part {
                what: "remove",
                docs: "Takes the element with this key out of {}.",
                parameters: quote!(key: &__Key),
                patch: quote!(#private::remove_by(key)),
            }),
            self.part_by_key(Part {
                what: "change",
                docs: "Changes the element of {} with this key.",
                parameters: quote!(key: &__Key, #patch),
                patch: quote!(#private::change_by(key, patch)),
            }),
            self.part_by_key(Part {
                what: "move_first",
                docs: "Moves the element of {} with this key to the beginning.",
                parameters: quote!(key: &__Key),
                patch: quote!(#private::move_first(key)),
            }),
            self.part_by_key(Part {
                what: "move_after",
                docs: "Moves the element of {} with this key behind the one with the key `after`.",
                parameters: quote!(key: &__Key, after: &__Key),
                patch: quote!(#private::move_after(key, after)),
            }),
        ]
    }

    fn set(&self, element: &Type) -> Vec<Method> {
        let private = self.private;
        let ty = taken(element);
        vec![
            self.part(Part {
                what: "insert",
                docs: "Puts an element into {}.",
                parameters: quote!(element: #ty),
                patch: quote!(#private::insert_element(element)),
            }),
            self.part(Part {
                what: "remove",
                docs: "Takes an element out of {}.",
                parameters: quote!(element: #ty),
                patch: quote!(#private::remove_element(element)),
            }),
        ]
    }

    fn map(&self, key: &Type, value: &Type) -> Vec<Method> {
        let private = self.private;
        let (key_type, value_type) = (taken(key), taken(value));
        let mut methods = vec![
            self.part(Part {
                what: "insert",
                docs: "Puts a value into {} under this key.",
                parameters: quote!(key: #key_type, value: #value_type),
                patch: quote!(#private::insert_entry(key, value)),
            }),
            self.part(Part {
                what: "remove",
                docs: "Takes the entry with this key out of {}.",
                parameters: quote!(key: #key_type),
                patch: quote!(#private::remove_entry(key)),
            }),
        ];
        if has_parts(value) {
            methods.push(self.part(Part {
                what: "change",
                docs: "Changes a part of the value in {} under this key.",
                parameters: quote!(key: #key_type, patch: <#value as #private::EntityField>::Patch),
                patch: quote!(#private::change_entry(key, patch)),
            }));
        }
        methods
    }

    fn inside(&self) -> Method {
        let private = self.private;
        let ty = &self.field.ty;
        self.part(Part {
            what: "change",
            docs: "Changes a part of {}.",
            parameters: quote!(patch: <#ty as #private::EntityField>::Patch),
            patch: quote!(patch),
        })
    }
}

/// Whether a value of this type may be changed in part.
fn has_parts(ty: &Type) -> bool {
    matches!(spelling::of(ty), Spelling::Other(_) | Spelling::Set(_) | Spelling::Map(..))
}

/// The type of a parameter that gives a value of type `ty`: what turns into one, but where that would leave open which
/// type a literal has.
fn taken(ty: &Type) -> TokenStream {
    if is_literal(ty) { ty.to_token_stream() } else { quote!(impl ::core::convert::Into<#ty>) }
}

fn is_literal(ty: &Type) -> bool {
    let number = matches!(spelling::of(ty), Spelling::Literal | Spelling::Float);
    number && !spelling::is_named(ty, "Option")
}
