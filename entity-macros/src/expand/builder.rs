//! The methods of a diff that put changes into it, one after another: `CardDiff::default().title("x").votes_add(1)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Type;
use syn::ext::IdentExt;

use super::{policy, private, span};
use crate::model::{Field, Merge, Model};
use crate::spelling::{self, Spelling};
use crate::words;

/// The methods, a setter for each field and what its policy or its type adds.
///
/// A method whose name is that of a setter or of a method that every diff has is left out: what it does can still be
/// written down as a [`Change`], and a new field never breaks the build.
pub fn builder(model: &Model, diff: &Ident) -> TokenStream {
    let private = private(model);
    let names: Vec<String> =
        model.wire_fields().map(|field| field.ident.unraw().to_string()).collect();
    let methods = model.wire_fields().flat_map(|field| methods(field, &private));
    let methods = methods.filter(|method| {
        let name = method.name.unraw().to_string();
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

fn methods(field: &Field, private: &TokenStream) -> Vec<Method> {
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
            Spelling::Other => vec![draft.inside()],
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

impl Draft<'_> {
    fn setter(&self) -> Method {
        let Draft { field, private } = self;
        let ident = &field.ident;
        let value = taken(&field.ty);
        let body = quote!(#private::set(&mut self.#ident, value));
        let docs = format!("Sets `{}`.", ident.unraw());
        let name = ident.clone();
        self.method(name, true, &docs, quote!(value: #value), body)
    }

    /// A method that changes a part of the field by what `patch` makes of its parameters.
    fn part(&self, what: &str, docs: &str, parameters: TokenStream, patch: TokenStream) -> Method {
        let Draft { field, private } = self;
        let ident = &field.ident;
        let ty = span::keep(&field.ty);
        let policy = policy::marker(field, private).unwrap_or_else(|| quote!(#private::Plain));
        let body = quote!(#private::merge::<#ty, #policy>(&mut self.#ident, #patch));
        let docs = docs.replace("{}", &format!("`{}`", ident.unraw()));
        self.method(format_ident!("{}_{what}", ident.unraw()), false, &docs, parameters, body)
    }

    fn method(
        &self,
        mut name: Ident,
        is_setter: bool,
        docs: &str,
        parameters: TokenStream,
        body: TokenStream,
    ) -> Method {
        // The name stands where the field's does, for whoever looks for it, and comes from the macro, so that nobody is
        // told that it is not used.
        name.set_span(Span::call_site().located_at(self.field.ident.span()));
        let (vis, kept) = (span::keep(&self.field.vis), span::keep(&name));
        let signature = quote!(#vis fn #kept(mut self, #parameters) -> Self { #body; self });
        let signature = policy::place(signature, self.field, Span::call_site());
        Method { name, is_setter, tokens: quote!(#[doc = #docs] #signature) }
    }

    fn counter(&self) -> Vec<Method> {
        let private = self.private;
        let add = quote!(#private::Add(::core::convert::Into::into(number)));
        let number = quote!(number: impl ::core::convert::Into<i128>);
        vec![self.part("add", "Adds to {}; a negative number takes away.", number, add)]
    }

    fn text(&self) -> Vec<Method> {
        let private = self.private;
        let docs = "Puts `inserted` in place of the `removed` characters at `at` of {}, counted in Unicode scalar values.";
        let string = quote!(impl ::core::convert::Into<::std::string::String>);
        let parameters = quote!(at: usize, removed: usize, inserted: #string);
        let splice = quote!(#private::TextPatch::splice(at, removed, inserted));
        vec![self.part("splice", docs, parameters, splice)]
    }

    fn keyed(&self) -> Vec<Method> {
        let private = self.private;
        let ty = span::keep(&self.field.ty);
        let element = quote!(element: #private::ElementOf<#ty>);
        let patch = quote!(patch: <#private::ElementOf<#ty> as #private::EntityField>::Patch);
        let key = quote!(key: &impl #private::MapKey);
        let after = quote!(after: &impl #private::MapKey);
        let call = |call| quote!(#private::KeyedPatch::#call);
        vec![
            self.part(
                "push",
                "Puts an element at the end of {}.",
                element.clone(),
                call(quote!(push(element))),
            ),
            self.part(
                "insert_first",
                "Puts an element at the beginning of {}.",
                element.clone(),
                quote!(#private::insert_first(element)),
            ),
            self.part(
                "insert_after",
                "Puts an element into {}, behind the one with the key `after`.",
                quote!(#after, #element),
                call(quote!(insert(::core::option::Option::Some(after), element))),
            ),
            self.part(
                "remove",
                "Takes the element with this key out of {}.",
                key.clone(),
                call(quote!(remove(key))),
            ),
            self.part(
                "change",
                "Changes the element of {} with this key.",
                quote!(#key, #patch),
                call(quote!(change(key, patch))),
            ),
            self.part(
                "move_first",
                "Moves the element with this key to the beginning of {}.",
                key.clone(),
                quote!(#private::move_first(key)),
            ),
            self.part(
                "move_after",
                "Moves the element with this key in {}, behind the one with the key `after`.",
                quote!(#key, #after),
                call(quote!(move_to(key, ::core::option::Option::Some(after)))),
            ),
        ]
    }

    fn set(&self, element: &Type) -> Vec<Method> {
        let private = self.private;
        let (parameter, given) = (taken(element), given(element, "element"));
        let parameter = quote!(element: #parameter);
        vec![
            self.part(
                "insert",
                "Puts an element into {}.",
                parameter.clone(),
                quote!(#private::SetPatch::insert(#given)),
            ),
            self.part(
                "remove",
                "Takes an element out of {}.",
                parameter,
                quote!(#private::SetPatch::remove(#given)),
            ),
        ]
    }

    fn map(&self, key: &Type, value: &Type) -> Vec<Method> {
        let private = self.private;
        let (key_type, value_type) = (taken(key), taken(value));
        let (key, of_value) = (given(key, "key"), given(value, "value"));
        let key_type = quote!(key: #key_type);
        let mut methods = vec![
            self.part(
                "insert",
                "Puts a value into {} under this key.",
                quote!(#key_type, value: #value_type),
                quote!(#private::insert_entry(#key, #of_value)),
            ),
            self.part(
                "remove",
                "Takes the entry with this key out of {}.",
                key_type.clone(),
                quote!(#private::remove_entry(#key)),
            ),
        ];
        if has_parts(value) {
            let value = span::keep(value);
            methods.push(self.part(
                "change",
                "Changes a part of the value in {} under this key.",
                quote!(#key_type, patch: <#value as #private::EntityField>::Patch),
                quote!(#private::change_entry(#key, patch)),
            ));
        }
        methods
    }

    fn inside(&self) -> Method {
        let private = self.private;
        let ty = span::keep(&self.field.ty);
        let parameters = quote!(patch: <#ty as #private::EntityField>::Patch);
        self.part("change", "Changes a part of {}.", parameters, quote!(patch))
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

/// What the parameter `name` of the type [`taken`] gives.
fn given(ty: &Type, name: &str) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    if is_literal(ty) {
        name.into_token_stream()
    } else {
        quote!(::core::convert::Into::into(#name))
    }
}

fn is_literal(ty: &Type) -> bool {
    let number = matches!(spelling::of(ty), Spelling::Literal | Spelling::Float);
    number && !spelling::is_named(ty, "Option")
}
