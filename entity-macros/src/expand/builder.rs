//! The methods of a diff that put changes into it, one after another: `CardDiff::default().title("x").votes_add(1)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use super::policy::{self, in_rust};
use super::{private, span};
use crate::model::{Field, Merge, Model};
use crate::spelling::{self, Spelling};
use crate::words;

/// The methods, a setter for each field and what its policy or its type adds.
///
/// A method whose name is that of a setter or of a method that every diff has is left out: what it does can still be
/// written down as a [`Change`], and a new field never breaks the build.
pub fn builder(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let names: Vec<String> = model.wire_fields().map(|field| in_rust(&field.ident)).collect();
    let methods = model.wire_fields().flat_map(|field| methods(model, field, &private));
    let methods = methods.filter(|method| {
        let name = in_rust(&method.name);
        let taken = method.is_setter || !names.contains(&name);
        taken && !words::METHODS_OF_DIFFS.contains(&name.as_str())
    });
    let methods = methods.map(|method| method.tokens);
    quote! {
        #[automatically_derived]
        impl #diff {
            #(#methods)*
        }
    }
}

struct Method {
    name: Ident,
    is_setter: bool,
    tokens: TokenStream,
}

fn methods(model: &Model, field: &Field, private: &TokenStream) -> Vec<Method> {
    let draft = Draft { model, field, private };
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
            Spelling::Other => vec![draft.inside()],
            _ => Vec::new(),
        },
    });
    methods
}

/// Writes the methods of a field.
struct Draft<'a> {
    model: &'a Model,
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
        let body = quote!(#private::set(&mut self.#ident, value));
        let docs = format!("Sets `{}`.", in_rust(ident));
        let signature = quote!((mut self, value: #value));
        self.method(ident.clone(), true, &docs, signature, body)
    }

    fn part(&self, part: Part) -> Method {
        self.generic_part(part, quote!())
    }

    fn part_by_key(&self, part: Part) -> Method {
        let private = self.private;
        self.generic_part(part, quote!(<__Key: #private::MapKey>))
    }

    fn generic_part(&self, part: Part, generics: TokenStream) -> Method {
        let Draft { model, field, private } = self;
        let Part { what, docs, parameters, patch } = part;
        let ident = &field.ident;
        let body = match policy::marker(model, field, private) {
            Some(policy) => quote!(#private::merge::<#policy, _>(&mut self.#ident, #patch)),
            None => quote!(#private::change(&mut self.#ident, #patch)),
        };
        let docs = docs.replace("{}", &format!("`{}`", in_rust(ident)));
        let name = format_ident!("{}_{what}", in_rust(ident));
        self.method(name, false, &docs, quote!(#generics (mut self, #parameters)), body)
    }

    fn method(
        &self,
        mut name: Ident,
        is_setter: bool,
        docs: &str,
        signature: TokenStream,
        body: TokenStream,
    ) -> Method {
        // The name stands where the field's does, for whoever looks for it, and comes from the macro, so that nobody is
        // told that it is not used.
        name.set_span(Span::call_site().located_at(self.field.ident.span()));
        let (vis, kept) = (span::keep(&self.field.vis), span::keep(&name));
        let method = quote!(#vis fn #kept #signature -> Self { #body; self });
        let method = policy::place(method, self.field, Span::call_site());
        Method { name, is_setter, tokens: quote!(#[doc = #docs] #method) }
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
            docs: "Puts `inserted` in place of the `removed` characters at `at` of {}, counted in Unicode scalar values.",
            parameters: quote!(at: usize, removed: usize, inserted: #string),
            patch: quote!(#private::TextPatch::splice(at, removed, inserted)),
        })]
    }

    fn keyed(&self) -> Vec<Method> {
        let private = self.private;
        let element = policy::element(self.field).map(span::keep);
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
                patch: quote!(#private::KeyedPatch::remove(key)),
            }),
            self.part_by_key(Part {
                what: "change",
                docs: "Changes the element of {} with this key.",
                parameters: quote!(key: &__Key, #patch),
                patch: quote!(#private::KeyedPatch::change(key, patch)),
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
            let value = span::keep(value);
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
        let ty = span::keep(&self.field.ty);
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
    matches!(spelling::of(ty), Spelling::Other | Spelling::Set(_) | Spelling::Map(..))
}

/// The type of a parameter that gives a value of type `ty`: what turns into one, but where that would leave open which
/// type a literal has.
fn taken(ty: &Type) -> TokenStream {
    let kept = span::keep(ty);
    if is_literal(ty) {
        kept.into_token_stream()
    } else {
        quote!(impl ::core::convert::Into<#kept>)
    }
}

fn is_literal(ty: &Type) -> bool {
    let number = matches!(spelling::of(ty), Spelling::Literal | Spelling::Float);
    number && !spelling::is_named(ty, "Option")
}
