//! The Durable Object class of an entity: thin and concrete, over a generic host.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::private;
use crate::model::Model;
use crate::parse::capitalized;

/// The class under the server gate; nothing for the types of fields.
///
/// Its methods are those that the platform calls. Upstream's `#[durable_object]` makes each of them a promise, which costs
/// as much as what most of them do; so the class is written out here, over the facade's wasm-bindgen.
///
/// What `#[wasm_bindgen]` becomes says `wasm_bindgen` without a path, and the user's crate need not know that name: the
/// class stands in a block that does.
pub fn object(model: &Model) -> TokenStream {
    let Some(options) = &model.entity else {
        return TokenStream::new();
    };
    let krate = &model.krate;
    let private = private(model);
    let server = quote!(#private::server);
    let bindgen = quote!(#server::class::wasm_bindgen);
    let ident = &model.ident;
    let class = format_ident!("{}Object", capitalized(&model.name.text), span = ident.span());
    let marker = format_ident!("__entity_{}", model.name.text, span = ident.span());
    let host = if options.person { quote!(PersonHost) } else { quote!(EntityHost) };
    let methods = methods(&server);
    quote! {
        #krate::__server_only! {
            const _: () = {
                use #bindgen;

                #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = #bindgen)]
                pub struct #class {
                    host: ::core::panic::AssertUnwindSafe<#server::#host<#ident>>,
                }

                #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = #bindgen)]
                impl #class {
                    #[wasm_bindgen(constructor)]
                    pub fn new(
                        __state: #server::class::DurableObjectState,
                        __env: #server::class::Env,
                    ) -> #class {
                        let __host = #server::#host::new(__state, __env);
                        #class { host: ::core::panic::AssertUnwindSafe(__host) }
                    }

                    /// Says to the app's own Worker that this class is an entity's: see `server/types.rs`.
                    #[allow(non_snake_case)]
                    pub fn #marker() {}

                    #methods
                }
            };
        }
    }
}

/// What the platform calls.
fn methods(server: &TokenStream) -> TokenStream {
    let class = quote!(#server::class);
    quote! {
        pub fn fetch(
            &self,
            __request: #class::Request,
        ) -> ::core::result::Result<#class::JsValue, #class::JsValue> {
            self.host.fetch(__request)
        }

        pub fn alarm(&self) -> ::core::result::Result<(), #class::JsValue> {
            self.host.alarm()
        }

        #[wasm_bindgen(js_name = "webSocketMessage")]
        pub fn web_socket_message(&self, __socket: #class::WebSocket, __message: #class::JsValue) {
            self.host.frame(__socket, &__message);
        }

        #[wasm_bindgen(js_name = "webSocketClose")]
        pub fn web_socket_close(
            &self,
            __socket: #class::WebSocket,
            __code: u16,
            __reason: ::std::string::String,
        ) {
            self.host.closed(__socket, __code, &__reason);
        }

        #[wasm_bindgen(js_name = "webSocketError")]
        pub fn web_socket_error(&self, __socket: #class::WebSocket) {
            self.host.broke(__socket);
        }
    }
}
