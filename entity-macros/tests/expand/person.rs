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
        };
    }
    ::temporal_entity::__server_only! {}
    ::temporal_entity::__client_only! {}
};

// Behind __server_only:

const _: () = {
    #[allow(unused_imports)]
    use ::worker::wasm_bindgen;
    #[::worker::durable_object]
    pub struct MemberObject {
        host: ::core::panic::AssertUnwindSafe<__private::server::PersonHost<Person>>,
    }
    impl ::worker::DurableObject for MemberObject {
        fn new(__state: ::worker::State, __env: ::worker::Env) -> Self {
            MemberObject {
                host: ::core::panic::AssertUnwindSafe(
                    __private::server::PersonHost::new(__state, __env),
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
    id: ::std::string::String,
) -> ::core::result::Result<
    __private::client::Store,
    __private::client::wasm_bindgen::JsValue,
> {
    __private::client::open::<Person>(id)
}
