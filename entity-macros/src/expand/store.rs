//! The browser's half: the typings, and the function that opens a store.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{private, schema};
use crate::model::{Model, Shape};
use crate::parse::capitalized;

/// Both under the client gate; only the typings for the types of fields.
///
/// One wasm class serves all entities, and TypeScript sees it as a generic interface: a class for each entity would
/// more than double the code here and in the browser.
pub fn store(model: &Model) -> TokenStream {
    if matches!(model.shape, Shape::Newtype(_)) {
        return TokenStream::new(); // It is in TypeScript what is in it.
    }
    let krate = &model.krate;
    let bindgen = bindgen(model);
    let typings = typings(model);
    let open = open(model);
    quote! {
        #krate::__client_only! {
            // Expansions of wasm-bindgen also use its bare name.
            use #bindgen as wasm_bindgen;

            #typings
            #open
        }
    }
}

fn bindgen(model: &Model) -> TokenStream {
    let private = private(model);
    quote!(#private::client::wasm_bindgen)
}

/// The text is rendered by the compiler from the schema, once for its length and once for its bytes.
fn typings(model: &Model) -> TokenStream {
    let private = private(model);
    let bindgen = bindgen(model);
    let ident = &model.ident;
    let typescript = quote!(#private::typescript);
    let (length, text) = match &model.shape {
        Shape::Struct { .. } => (
            quote!(#typescript::struct_length::<#ident>()),
            quote!(#typescript::struct_text::<#ident, __LENGTH>()),
        ),
        Shape::Newtype(_) => return TokenStream::new(),
        Shape::Union { .. } => {
            let docs = documentation(model);
            (
                quote!(#typescript::union_length(__KIND, #docs, __VARIANTS)),
                quote!(#typescript::union_text::<__LENGTH>(__KIND, #docs, __VARIANTS)),
            )
        }
        Shape::Enum(_) => {
            let docs = documentation(model);
            (
                quote!(#typescript::enum_length(__KIND, #docs)),
                quote!(#typescript::enum_text::<__LENGTH>(__KIND, #docs)),
            )
        }
    };
    quote! {
        const __LENGTH: usize = #length;
        const __TEXT: #typescript::Text<__LENGTH> = #text;

        #[#bindgen::prelude::wasm_bindgen(
            wasm_bindgen = #bindgen,
            typescript_custom_section
        )]
        const __TYPINGS: &str = __TEXT.as_str();
    }
}

/// The arguments that document an enum and its variants.
fn documentation(model: &Model) -> TokenStream {
    let docs = &model.docs.text;
    let of_variants = model.variants().iter().map(|variant| &variant.docs.text);
    quote!(#docs, &[#(#of_variants),*])
}

/// `openCard(id)`.
fn open(model: &Model) -> TokenStream {
    let (Shape::Struct { diff, .. }, Some(_)) = (&model.shape, &model.entity) else {
        return TokenStream::new();
    };
    let private = private(model);
    let bindgen = bindgen(model);
    let ident = &model.ident;
    let name = &model.name.text;
    let diff = schema::diff_name(model, diff);
    let function = format_ident!("__open_{}", name.to_lowercase(), span = ident.span());
    let in_javascript = format!("open{}", capitalized(name));
    let store = format!("TemporalStore<{name}, {diff}>");
    let docs = format!("The store of the {{@link {name}}} with this id.");
    quote! {
        #[doc = #docs]
        #[#bindgen::prelude::wasm_bindgen(
            wasm_bindgen = #bindgen,
            js_name = #in_javascript,
            unchecked_return_type = #store
        )]
        pub fn #function(
            #[wasm_bindgen(unchecked_param_type = "string")]
            id: &#bindgen::JsValue,
        ) -> ::core::result::Result<#private::client::Store, #bindgen::JsValue> {
            #private::client::open::<#ident>(id)
        }
    }
}
