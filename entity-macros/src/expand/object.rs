//! The Durable Object class of an entity: thin and concrete, over a generic host.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::private;
use crate::model::Model;
use crate::parse::capitalized;

/// The class under the server gate; nothing for the types of fields.
///
/// Upstream's `#[durable_object]` writes `::worker::` paths, so a crate that builds the server half depends on
/// `worker` itself. It has no argument, for that is the only way to bind both alarms and sockets. None of the six
/// handlers is left to its default, which panics.
///
/// What `#[durable_object]` becomes also says `wasm_bindgen` without a path, and the user's crate need not know that
/// name: the class stands in a block that does.
pub fn object(model: &Model) -> TokenStream {
    let Some(options) = &model.entity else {
        return TokenStream::new();
    };
    let krate = &model.krate;
    let private = private(model);
    let ident = &model.ident;
    let class = format_ident!("{}Object", capitalized(&model.name.text), span = ident.span());
    let host = if options.person { quote!(PersonHost) } else { quote!(EntityHost) };
    quote! {
        #krate::__server_only! {
            const _: () = {
                #[allow(unused_imports)]
                use ::worker::wasm_bindgen;

                #[::worker::durable_object]
                pub struct #class {
                    host: ::core::panic::AssertUnwindSafe<#private::server::#host<#ident>>,
                }

                impl ::worker::DurableObject for #class {
                    fn new(__state: ::worker::State, __env: ::worker::Env) -> Self {
                        #class {
                            host: ::core::panic::AssertUnwindSafe(
                                #private::server::#host::new(__state, __env),
                            ),
                        }
                    }

                    async fn fetch(
                        &self,
                        __request: ::worker::Request,
                    ) -> ::worker::Result<::worker::Response> {
                        self.host.fetch(__request).await
                    }

                    async fn alarm(&self) -> ::worker::Result<::worker::Response> {
                        self.host.alarm().await
                    }

                    async fn websocket_message(
                        &self,
                        __socket: ::worker::WebSocket,
                        __message: ::worker::WebSocketIncomingMessage,
                    ) -> ::worker::Result<()> {
                        self.host.websocket_message(__socket, __message).await
                    }

                    async fn websocket_close(
                        &self,
                        __socket: ::worker::WebSocket,
                        __code: usize,
                        __reason: ::std::string::String,
                        __was_clean: bool,
                    ) -> ::worker::Result<()> {
                        self.host.websocket_close(__socket, __code, __reason, __was_clean).await
                    }

                    async fn websocket_error(
                        &self,
                        __socket: ::worker::WebSocket,
                        __error: ::worker::Error,
                    ) -> ::worker::Result<()> {
                        self.host.websocket_error(__socket, __error).await
                    }

                    async fn connect(&self, __socket: ::worker::Socket) -> ::worker::Result<()> {
                        self.host.connect(__socket).await
                    }
                }
            };
        }
    }
}
