///Changes between two values of [`Card`].
pub struct CardDiff {
    /// Shown on the board.
    pub title: ::core::option::Option<__private::Change<String>>,
    due_at: ::core::option::Option<__private::Change<Option<u32>>>,
    pub(crate) children: ::core::option::Option<__private::Change<Vec<Card>>>,
}
const _: () = {
    const _: () = __private::assert_version("0.1.0");
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::EntityField for Card
    where
        Card: __private::EntityValue,
    {
        type Patch = CardDiff;
        const KIND: __private::Kind = __private::Kind::Struct(
            &__private::StructKind {
                name: <Card as __private::StructFields>::NAME,
                diff: <Card as __private::StructFields>::DIFF,
                fields: || <Card as __private::StructFields>::FIELDS,
            },
        );
        fn same(&self, __other: &Self) -> bool {
            true && <String as __private::EntityField>::same(&self.title, &__other.title)
                && <Option<
                    u32,
                > as __private::EntityField>::same(&self.due_at, &__other.due_at)
                && <Vec<
                    Card,
                > as __private::EntityField>::same(&self.children, &__other.children)
        }
        fn copy(&self) -> Self {
            Card {
                title: <String as __private::EntityField>::copy(&self.title),
                due_at: <Option<u32> as __private::EntityField>::copy(&self.due_at),
                children: <Vec<Card> as __private::EntityField>::copy(&self.children),
                seen: <bool as __private::Rebuilt>::rebuild(),
            }
        }
        fn diff(&self, __to: &Self) -> ::core::option::Option<__private::Change<Self>> {
            __private::patch_change(CardDiff {
                title: <String as __private::EntityField>::diff(
                    &self.title,
                    &__to.title,
                ),
                due_at: <Option<
                    u32,
                > as __private::EntityField>::diff(&self.due_at, &__to.due_at),
                children: <Vec<
                    Card,
                > as __private::EntityField>::diff(&self.children, &__to.children),
            })
        }
        fn fits(
            &self,
            __patch: &CardDiff,
        ) -> ::core::result::Result<(), __private::Misfit> {
            <String as __private::EntityField>::fits_change(
                &self.title,
                "title",
                &__patch.title,
            )?;
            <Option<
                u32,
            > as __private::EntityField>::fits_change(
                &self.due_at,
                "dueAt",
                &__patch.due_at,
            )?;
            <Vec<
                Card,
            > as __private::EntityField>::fits_change(
                &self.children,
                "children",
                &__patch.children,
            )?;
            ::core::result::Result::Ok(())
        }
        fn apply(&mut self, __patch: CardDiff) -> CardDiff {
            CardDiff {
                title: <String as __private::EntityField>::apply_change(
                    &mut self.title,
                    __patch.title,
                ),
                due_at: <Option<
                    u32,
                > as __private::EntityField>::apply_change(
                    &mut self.due_at,
                    __patch.due_at,
                ),
                children: <Vec<
                    Card,
                > as __private::EntityField>::apply_change(
                    &mut self.children,
                    __patch.children,
                ),
            }
        }
        fn tighten(&self, __patch: CardDiff) -> CardDiff {
            CardDiff {
                title: <String as __private::EntityField>::tighten_change(
                    &self.title,
                    __patch.title,
                ),
                due_at: <Option<
                    u32,
                > as __private::EntityField>::tighten_change(
                    &self.due_at,
                    __patch.due_at,
                ),
                children: <Vec<
                    Card,
                > as __private::EntityField>::tighten_change(
                    &self.children,
                    __patch.children,
                ),
            }
        }
    }
    #[automatically_derived]
    impl __private::Patch for CardDiff {
        fn is_empty(&self) -> bool {
            true && self.title.is_none() && self.due_at.is_none()
                && self.children.is_none()
        }
        fn to_value(&self) -> __private::Value {
            let mut __writer = __private::PatchWriter::new();
            <String as __private::EntityField>::write_change(
                "title",
                &self.title,
                &mut __writer,
            );
            <Option<
                u32,
            > as __private::EntityField>::write_change(
                "dueAt",
                &self.due_at,
                &mut __writer,
            );
            <Vec<
                Card,
            > as __private::EntityField>::write_change(
                "children",
                &self.children,
                &mut __writer,
            );
            __writer.finish()
        }
        fn from_value(
            __value: __private::Value,
        ) -> ::core::result::Result<Self, __private::ShapeError> {
            let mut __reader = __private::PatchReader::new(__value)?;
            let __diff = CardDiff {
                title: <String as __private::EntityField>::read_change(
                    "title",
                    &mut __reader,
                )?,
                due_at: <Option<
                    u32,
                > as __private::EntityField>::read_change("dueAt", &mut __reader)?,
                children: <Vec<
                    Card,
                > as __private::EntityField>::read_change("children", &mut __reader)?,
            };
            __reader.finish()?;
            ::core::result::Result::Ok(__diff)
        }
        fn compose(self, __later: Self) -> Self {
            CardDiff {
                title: <String as __private::EntityField>::compose_change(
                    self.title,
                    __later.title,
                ),
                due_at: <Option<
                    u32,
                > as __private::EntityField>::compose_change(
                    self.due_at,
                    __later.due_at,
                ),
                children: <Vec<
                    Card,
                > as __private::EntityField>::compose_change(
                    self.children,
                    __later.children,
                ),
            }
        }
        fn overlap(&self, __other: &Self, __overlaps: &mut __private::Overlaps) {
            <String as __private::EntityField>::overlap_change(
                "title",
                &self.title,
                &__other.title,
                __overlaps,
            );
            <Option<
                u32,
            > as __private::EntityField>::overlap_change(
                "dueAt",
                &self.due_at,
                &__other.due_at,
                __overlaps,
            );
            <Vec<
                Card,
            > as __private::EntityField>::overlap_change(
                "children",
                &self.children,
                &__other.children,
                __overlaps,
            );
        }
    }
    #[automatically_derived]
    impl ::core::default::Default for CardDiff {
        fn default() -> Self {
            CardDiff {
                title: ::core::default::Default::default(),
                due_at: ::core::default::Default::default(),
                children: ::core::default::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for CardDiff {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Debug::fmt(&__private::Patch::to_value(self), __f)
        }
    }
    #[automatically_derived]
    impl CardDiff
    where
        for<'a> Card: __private::EntityField,
    {
        ///Sets `title`.
        pub fn title(mut self, value: impl ::core::convert::Into<String>) -> Self {
            __private::set(&mut self.title, value);
            self
        }
        ///Sets `due_at`.
        fn due_at(mut self, value: impl ::core::convert::Into<Option<u32>>) -> Self {
            __private::set(&mut self.due_at, value);
            self
        }
        ///Sets `children`.
        pub(crate) fn children(
            mut self,
            value: impl ::core::convert::Into<Vec<Card>>,
        ) -> Self {
            __private::set(&mut self.children, value);
            self
        }
    }
    #[automatically_derived]
    impl __private::StructFields for Card {
        const NAME: &'static str = "Card";
        const DIFF: &'static str = "CardDiff";
        const DOCS: &'static str = "A card on the team's board.";
        const FIELDS: &'static [__private::FieldSchema] = &[
            __private::FieldSchema {
                name: "title",
                kind: <String as __private::EntityField>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "dueAt",
                kind: <Option<u32> as __private::EntityField>::KIND,
                default: true,
            },
            __private::FieldSchema {
                name: "children",
                kind: <Vec<Card> as __private::EntityField>::KIND,
                default: false,
            },
        ];
        const FIELD_DOCS: &'static [&'static str] = &["Shown on the board.", "", ""];
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::NamedField<{ __private::named("title") }> for Card
    where
        for<'a> String: __private::MapKey,
    {
        const NAME: &'static str = "title";
        const KIND: __private::Kind = <String as __private::EntityField>::KIND;
        fn key(&self) -> __private::Key {
            __private::key_of(&self.title)
        }
    }
    #[automatically_derived]
    impl __private::Entity for Card
    where
        Card: __private::EntityValue,
    {
        type Diff = CardDiff;
        const ENTITY: &'static str = "Card";
        const CONFIG: __private::Config = __private::Config {
            version: 2u32,
            granularity: __private::Granularity::from_millis(60000u32),
            access: __private::Access::SignedIn,
            retain: __private::Retain::All,
            lines: 32u32,
            ping: 0u32,
            quota: 1000000000u64,
        };
        const MIGRATIONS: &'static [__private::Migration] = &[
            __private::Migration {
                from: 1u32,
                with: ::core::option::Option::None,
            },
        ];
    }
    ::temporal_entity::__server_only! {}
    ::temporal_entity::__client_only! {}
};

// Behind __server_only:

const _: () = {
    use __private::server::class::wasm_bindgen;
    #[wasm_bindgen::prelude::wasm_bindgen(
        wasm_bindgen = __private::server::class::wasm_bindgen
    )]
    pub struct CardObject {
        host: ::core::panic::AssertUnwindSafe<__private::server::EntityHost<Card>>,
    }
    #[wasm_bindgen::prelude::wasm_bindgen(
        wasm_bindgen = __private::server::class::wasm_bindgen
    )]
    impl CardObject {
        #[wasm_bindgen(constructor)]
        pub fn new(
            __state: __private::server::class::DurableObjectState,
            __env: __private::server::class::Env,
        ) -> CardObject {
            let __host = __private::server::EntityHost::new(__state, __env);
            CardObject {
                host: ::core::panic::AssertUnwindSafe(__host),
            }
        }
        /// Says to the app's own Worker that this class is an entity's: see `server/types.rs`.
        #[allow(non_snake_case)]
        pub fn __entity_Card() {}
        pub fn fetch(
            &self,
            __request: __private::server::class::Request,
        ) -> ::core::result::Result<
            __private::server::class::JsValue,
            __private::server::class::JsValue,
        > {
            self.host.fetch(__request)
        }
        pub fn alarm(
            &self,
        ) -> ::core::result::Result<(), __private::server::class::JsValue> {
            self.host.alarm()
        }
        #[wasm_bindgen(js_name = "webSocketMessage")]
        pub fn web_socket_message(
            &self,
            __socket: __private::server::class::WebSocket,
            __message: __private::server::class::JsValue,
        ) {
            self.host.frame(__socket, &__message);
        }
        #[wasm_bindgen(js_name = "webSocketClose")]
        pub fn web_socket_close(
            &self,
            __socket: __private::server::class::WebSocket,
            __code: u16,
            __reason: ::std::string::String,
        ) {
            self.host.closed(__socket, __code, &__reason);
        }
        #[wasm_bindgen(js_name = "webSocketError")]
        pub fn web_socket_error(&self, __socket: __private::server::class::WebSocket) {
            self.host.broke(__socket);
        }
    }
};

// Behind __client_only:

use __private::client::wasm_bindgen as wasm_bindgen;
const __LENGTH: usize = __private::typescript::struct_length::<Card>();
const __TEXT: __private::typescript::Text<__LENGTH> = __private::typescript::struct_text::<
    Card,
    __LENGTH,
>();
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
///The store of the {@link Card} with this id.
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    js_name = "openCard",
    unchecked_return_type = "TemporalStore<Card, CardDiff>"
)]
pub fn __open_card(
    #[wasm_bindgen(unchecked_param_type = "string")]
    id: &__private::client::wasm_bindgen::JsValue,
) -> ::core::result::Result<
    __private::client::Store,
    __private::client::wasm_bindgen::JsValue,
> {
    __private::client::open::<Card>(id)
}
