///Changes between two values of [`Person`].
struct PersonDiff {
    name: ::core::option::Option<__private::Change<String>>,
}
const _: () = {
    const _: () = __private::assert_version("0.1.0");
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::EntityField for Person
    where
        Person: __private::EntityValue,
    {
        type Patch = PersonDiff;
        const KIND: __private::Kind = __private::Kind::Struct(
            &__private::StructKind {
                name: <Person as __private::StructFields>::NAME,
                diff: <Person as __private::StructFields>::DIFF,
                fields: || <Person as __private::StructFields>::FIELDS,
            },
        );
        fn same(&self, __other: &Self) -> bool {
            true && <String as __private::EntityField>::same(&self.name, &__other.name)
        }
        fn copy(&self) -> Self {
            Person {
                name: <String as __private::EntityField>::copy(&self.name),
            }
        }
        fn diff(&self, __to: &Self) -> ::core::option::Option<__private::Change<Self>> {
            __private::patch_change(PersonDiff {
                name: <String as __private::EntityField>::diff(&self.name, &__to.name),
            })
        }
        fn fits(
            &self,
            __patch: &PersonDiff,
        ) -> ::core::result::Result<(), __private::Misfit> {
            <String as __private::EntityField>::fits_change(
                &self.name,
                "name",
                &__patch.name,
            )?;
            ::core::result::Result::Ok(())
        }
        fn apply(&mut self, __patch: PersonDiff) -> PersonDiff {
            PersonDiff {
                name: <String as __private::EntityField>::apply_change(
                    &mut self.name,
                    __patch.name,
                ),
            }
        }
        fn tighten(&self, __patch: PersonDiff) -> PersonDiff {
            PersonDiff {
                name: <String as __private::EntityField>::tighten_change(
                    &self.name,
                    __patch.name,
                ),
            }
        }
    }
    #[automatically_derived]
    impl __private::Patch for PersonDiff {
        fn is_empty(&self) -> bool {
            true && self.name.is_none()
        }
        fn to_value(&self) -> __private::Value {
            let mut __writer = __private::PatchWriter::new();
            <String as __private::EntityField>::write_change(
                "name",
                &self.name,
                &mut __writer,
            );
            __writer.finish()
        }
        fn from_value(
            __value: __private::Value,
        ) -> ::core::result::Result<Self, __private::ShapeError> {
            let mut __reader = __private::PatchReader::new(__value)?;
            let __diff = PersonDiff {
                name: <String as __private::EntityField>::read_change(
                    "name",
                    &mut __reader,
                )?,
            };
            __reader.finish()?;
            ::core::result::Result::Ok(__diff)
        }
        fn compose(self, __later: Self) -> Self {
            PersonDiff {
                name: <String as __private::EntityField>::compose_change(
                    self.name,
                    __later.name,
                ),
            }
        }
        fn overlap(&self, __other: &Self, __overlaps: &mut __private::Overlaps) {
            <String as __private::EntityField>::overlap_change(
                "name",
                &self.name,
                &__other.name,
                __overlaps,
            );
        }
    }
    #[automatically_derived]
    impl ::core::default::Default for PersonDiff {
        fn default() -> Self {
            PersonDiff {
                name: ::core::default::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for PersonDiff {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Debug::fmt(&__private::Patch::to_value(self), __f)
        }
    }
    #[automatically_derived]
    impl PersonDiff {
        ///Sets `name`.
        fn name(mut self, value: impl ::core::convert::Into<String>) -> Self {
            __private::set(&mut self.name, value);
            self
        }
    }
    #[automatically_derived]
    impl __private::StructFields for Person {
        const NAME: &'static str = "Member";
        const DIFF: &'static str = "MemberDiff";
        const DOCS: &'static str = "";
        const FIELDS: &'static [__private::FieldSchema] = &[
            __private::FieldSchema {
                name: "name",
                kind: <String as __private::EntityField>::KIND,
                default: false,
            },
        ];
        const FIELD_DOCS: &'static [&'static str] = &[""];
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::NamedField<{ __private::named("name") }> for Person
    where
        for<'a> String: __private::MapKey,
    {
        const NAME: &'static str = "name";
        const KIND: __private::Kind = <String as __private::EntityField>::KIND;
        fn key(&self) -> __private::Key {
            __private::key_of(&self.name)
        }
    }
    #[automatically_derived]
    impl __private::Entity for Person
    where
        Person: __private::EntityValue,
    {
        type Diff = PersonDiff;
        const ENTITY: &'static str = "Member";
        const CONFIG: __private::Config = __private::Config {
            version: 1u32,
            granularity: __private::Granularity::from_millis(3600000u32),
            access: __private::Access::SignedIn,
            retain: __private::Retain::All,
            lines: 0u32,
            ping: 0u32,
            quota: 1000000000u64,
        };
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
    pub struct MemberObject {
        host: ::core::panic::AssertUnwindSafe<__private::server::PersonHost<Person>>,
    }
    #[wasm_bindgen::prelude::wasm_bindgen(
        wasm_bindgen = __private::server::class::wasm_bindgen
    )]
    impl MemberObject {
        #[wasm_bindgen(constructor)]
        pub fn new(
            __state: __private::server::class::DurableObjectState,
            __env: __private::server::class::Env,
        ) -> MemberObject {
            let __host = __private::server::PersonHost::new(__state, __env);
            MemberObject {
                host: ::core::panic::AssertUnwindSafe(__host),
            }
        }
        /// Says to the app's own Worker that this class is an entity's: see `server/types.rs`.
        #[allow(non_snake_case)]
        pub fn __entity_Member() {}
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
const __LENGTH: usize = __private::typescript::struct_length::<Person>();
const __TEXT: __private::typescript::Text<__LENGTH> = __private::typescript::struct_text::<
    Person,
    __LENGTH,
>();
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
///The store of the {@link Member} with this id.
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    js_name = "openMember",
    unchecked_return_type = "TemporalStore<Member, MemberDiff>"
)]
pub fn __open_member(
    #[wasm_bindgen(unchecked_param_type = "string")]
    id: &__private::client::wasm_bindgen::JsValue,
) -> ::core::result::Result<
    __private::client::Store,
    __private::client::wasm_bindgen::JsValue,
> {
    __private::client::open::<Person>(id)
}
