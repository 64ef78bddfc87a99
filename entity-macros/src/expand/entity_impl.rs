//! `impl Entity`, with the options of the attribute.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Body, callbacks, private, serde_bound};
use crate::model::{Model, Retain};

/// For an entity; nothing for the types of its fields.
pub fn entity(model: &Model, diff: &Ident, body: Body) -> TokenStream {
    let Some(options) = &model.entity else {
        return TokenStream::new();
    };
    let private = private(model);
    let ident = &model.ident;
    let serde = serde_bound(ident, &private);
    let name = &model.name.text;
    let (version, granularity) = (options.version, options.granularity);
    // A Person's sockets are those of its own browsers.
    let lines = if options.person { 0 } else { options.lines };
    let (ping, quota) = (options.ping, options.quota);
    let retain = match options.retain {
        Retain::All => quote!(All),
        Retain::Seconds(seconds) => quote!(Seconds(#seconds)),
        Retain::Snapshots(count) => quote!(Snapshots(#count)),
    };
    let callbacks = match body {
        Body::Real => callbacks::callbacks(model, options, diff),
        Body::Missing => TokenStream::new(),
    };
    quote! {
        #[automatically_derived]
        impl #private::Entity for #ident
        where
            #serde,
        {
            type Diff = #diff;

            const ENTITY: &'static str = #name;

            const CONFIG: #private::Config = #private::Config {
                version: #version,
                granularity: #private::Granularity::from_millis(#granularity),
                access: #private::Access::SignedIn,
                retain: #private::Retain::#retain,
                lines: #lines,
                ping: #ping,
                quota: #quota,
            };

            #callbacks
        }
    }
}
