///Changes between two values of [`Contact`].
struct ContactDiff {
    name: ::core::option::Option<__private::Change<String>>,
    votes: ::core::option::Option<__private::Change<i64, __private::Add>>,
    note: ::core::option::Option<__private::Change<Option<String>>>,
    done: ::core::option::Option<__private::Change<bool>>,
}
const _: () = {
    const _: () = __private::assert_version("0.1.0");
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::EntityField for Contact
    where
        Contact: __private::EntityValue,
    {
        type Patch = ContactDiff;
        const KIND: __private::Kind = __private::Kind::Struct(
            &__private::StructKind {
                name: <Contact as __private::StructFields>::NAME,
                diff: <Contact as __private::StructFields>::DIFF,
                fields: || <Contact as __private::StructFields>::FIELDS,
            },
        );
        fn same(&self, __other: &Self) -> bool {
            true && <String as __private::EntityField>::same(&self.name, &__other.name)
                && <i64 as __private::EntityField>::same(&self.votes, &__other.votes)
                && <Option<
                    String,
                > as __private::EntityField>::same(&self.note, &__other.note)
                && <bool as __private::EntityField>::same(&self.done, &__other.done)
        }
        fn copy(&self) -> Self {
            Contact {
                name: <String as __private::EntityField>::copy(&self.name),
                votes: <i64 as __private::EntityField>::copy(&self.votes),
                note: <Option<String> as __private::EntityField>::copy(&self.note),
                done: <bool as __private::EntityField>::copy(&self.done),
            }
        }
        fn diff(&self, __to: &Self) -> ::core::option::Option<__private::Change<Self>> {
            __private::patch_change(ContactDiff {
                name: <String as __private::EntityField>::diff(&self.name, &__to.name),
                votes: <__private::Counter as __private::Merge<
                    i64,
                >>::diff(&self.votes, &__to.votes),
                note: <Option<
                    String,
                > as __private::EntityField>::diff(&self.note, &__to.note),
                done: <bool as __private::EntityField>::diff(&self.done, &__to.done),
            })
        }
        fn fits(
            &self,
            __patch: &ContactDiff,
        ) -> ::core::result::Result<(), __private::Misfit> {
            <String as __private::EntityField>::fits_change(
                &self.name,
                "name",
                &__patch.name,
            )?;
            <__private::Counter as __private::Merge<
                i64,
            >>::fits_change(&self.votes, "votes", &__patch.votes)?;
            <Option<
                String,
            > as __private::EntityField>::fits_change(
                &self.note,
                "note",
                &__patch.note,
            )?;
            <bool as __private::EntityField>::fits_change(
                &self.done,
                "done",
                &__patch.done,
            )?;
            ::core::result::Result::Ok(())
        }
        fn apply(&mut self, __patch: ContactDiff) -> ContactDiff {
            ContactDiff {
                name: <String as __private::EntityField>::apply_change(
                    &mut self.name,
                    __patch.name,
                ),
                votes: <__private::Counter as __private::Merge<
                    i64,
                >>::apply_change(&mut self.votes, __patch.votes),
                note: <Option<
                    String,
                > as __private::EntityField>::apply_change(&mut self.note, __patch.note),
                done: <bool as __private::EntityField>::apply_change(
                    &mut self.done,
                    __patch.done,
                ),
            }
        }
        fn tighten(&self, __patch: ContactDiff) -> ContactDiff {
            ContactDiff {
                name: <String as __private::EntityField>::tighten_change(
                    &self.name,
                    __patch.name,
                ),
                votes: <__private::Counter as __private::Merge<
                    i64,
                >>::tighten_change(&self.votes, __patch.votes),
                note: <Option<
                    String,
                > as __private::EntityField>::tighten_change(&self.note, __patch.note),
                done: <bool as __private::EntityField>::tighten_change(
                    &self.done,
                    __patch.done,
                ),
            }
        }
    }
    #[automatically_derived]
    impl __private::Patch for ContactDiff {
        fn is_empty(&self) -> bool {
            true && self.name.is_none() && self.votes.is_none() && self.note.is_none()
                && self.done.is_none()
        }
        fn to_value(&self) -> __private::Value {
            let mut __writer = __private::PatchWriter::new();
            <String as __private::EntityField>::write_change(
                "name",
                &self.name,
                &mut __writer,
            );
            <__private::Counter as __private::Merge<
                i64,
            >>::write_change("votes", &self.votes, &mut __writer);
            <Option<
                String,
            > as __private::EntityField>::write_change(
                "note",
                &self.note,
                &mut __writer,
            );
            <bool as __private::EntityField>::write_change(
                "done",
                &self.done,
                &mut __writer,
            );
            __writer.finish()
        }
        fn from_value(
            __value: __private::Value,
        ) -> ::core::result::Result<Self, __private::ShapeError> {
            let mut __reader = __private::PatchReader::new(__value)?;
            let __diff = ContactDiff {
                name: <String as __private::EntityField>::read_change(
                    "name",
                    &mut __reader,
                )?,
                votes: <__private::Counter as __private::Merge<
                    i64,
                >>::read_change("votes", &mut __reader)?,
                note: <Option<
                    String,
                > as __private::EntityField>::read_change("note", &mut __reader)?,
                done: <bool as __private::EntityField>::read_change(
                    "done",
                    &mut __reader,
                )?,
            };
            __reader.finish()?;
            ::core::result::Result::Ok(__diff)
        }
        fn compose(self, __later: Self) -> Self {
            ContactDiff {
                name: <String as __private::EntityField>::compose_change(
                    self.name,
                    __later.name,
                ),
                votes: <__private::Counter as __private::Merge<
                    i64,
                >>::compose_change(self.votes, __later.votes),
                note: <Option<
                    String,
                > as __private::EntityField>::compose_change(self.note, __later.note),
                done: <bool as __private::EntityField>::compose_change(
                    self.done,
                    __later.done,
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
            <__private::Counter as __private::Merge<
                i64,
            >>::overlap_change("votes", &self.votes, &__other.votes, __overlaps);
            <Option<
                String,
            > as __private::EntityField>::overlap_change(
                "note",
                &self.note,
                &__other.note,
                __overlaps,
            );
            <bool as __private::EntityField>::overlap_change(
                "done",
                &self.done,
                &__other.done,
                __overlaps,
            );
        }
    }
    #[automatically_derived]
    impl ::core::default::Default for ContactDiff {
        fn default() -> Self {
            ContactDiff {
                name: ::core::default::Default::default(),
                votes: ::core::default::Default::default(),
                note: ::core::default::Default::default(),
                done: ::core::default::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for ContactDiff {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Debug::fmt(&__private::Patch::to_value(self), __f)
        }
    }
    #[automatically_derived]
    impl ContactDiff {
        ///Sets `name`.
        fn name(mut self, value: impl ::core::convert::Into<String>) -> Self {
            __private::set(&mut self.name, value);
            self
        }
        ///Sets `votes`.
        fn votes(mut self, value: i64) -> Self {
            __private::set(&mut self.votes, value);
            self
        }
        ///Adds to `votes`; a negative number takes away.
        fn votes_add(self, number: impl ::core::convert::Into<i128>) -> Self {
            __private::then(
                self,
                |__later| __later.votes = __private::part(__private::add(number)),
            )
        }
        ///Sets `note`.
        fn note(mut self, value: impl ::core::convert::Into<Option<String>>) -> Self {
            __private::set(&mut self.note, value);
            self
        }
        ///Sets `done`.
        fn done(mut self, value: bool) -> Self {
            __private::set(&mut self.done, value);
            self
        }
    }
    #[automatically_derived]
    impl __private::StructFields for Contact {
        const NAME: &'static str = "Contact";
        const DIFF: &'static str = "ContactDiff";
        const DOCS: &'static str = "";
        const FIELDS: &'static [__private::FieldSchema] = &[
            __private::FieldSchema {
                name: "name",
                kind: <String as __private::EntityField>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "votes",
                kind: <__private::Counter as __private::Merge<i64>>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "note",
                kind: <Option<String> as __private::EntityField>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "done",
                kind: <bool as __private::EntityField>::KIND,
                default: false,
            },
        ];
        const FIELD_DOCS: &'static [&'static str] = &["", "", "", ""];
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::NamedField<{ __private::named("name") }> for Contact
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
    #[diagnostic::do_not_recommend]
    impl __private::NamedField<{ __private::named("done") }> for Contact
    where
        for<'a> bool: __private::MapKey,
    {
        const NAME: &'static str = "done";
        const KIND: __private::Kind = <bool as __private::EntityField>::KIND;
        fn key(&self) -> __private::Key {
            __private::key_of(&self.done)
        }
    }
    #[automatically_derived]
    impl __private::Entity for Contact
    where
        Contact: __private::EntityValue,
    {
        type Diff = ContactDiff;
        const ENTITY: &'static str = "Contact";
        const CONFIG: __private::Config = __private::Config {
            version: 3u32,
            granularity: __private::Granularity::from_millis(3600000u32),
            access: __private::Access::SignedIn,
            retain: __private::Retain::Seconds(7776000u32),
            lines: 32u32,
            ping: 300u32,
            quota: 2000000000u64,
        };
        const MIGRATIONS: &'static [__private::Migration] = &[
            __private::Migration {
                from: 1u32,
                with: ::core::option::Option::None,
            },
            __private::Migration {
                from: 2u32,
                with: __private::step(steps::second),
            },
        ];
        fn normalize(
            &self,
            __touched: ::core::option::Option<&ContactDiff>,
        ) -> ::core::option::Option<ContactDiff> {
            __private::unless_empty(ContactDiff {
                name: <String as __private::EntityField>::normal_change(
                    &self.name,
                    __private::touches(__touched, |__patch| __patch.name.is_some()),
                    &[
                        <String as __private::Normal>::trim,
                        |__value: &mut String| __private::in_place(tidy(__value)),
                    ],
                ),
                votes: <__private::Counter as __private::Merge<
                    i64,
                >>::normal_change(
                    &self.votes,
                    __private::touches(__touched, |__patch| __patch.votes.is_some()),
                    &[|__value: &mut i64| __private::in_place(even(__value))],
                ),
                note: ::core::option::Option::None,
                done: ::core::option::Option::None,
            })
        }
        fn validate(
            &self,
            __touched: ::core::option::Option<&ContactDiff>,
        ) -> ::core::result::Result<(), __private::Invalid> {
            __private::valid_field(
                "name",
                &self.name,
                __private::touches(__touched, |__patch| __patch.name.is_some()),
                |__value: &String| names::check(__value),
            )?;
            __private::valid_field(
                "note",
                &self.note,
                __private::touches(__touched, |__patch| __patch.note.is_some()),
                |__value: &Option<String>| Self::check_note(__value),
            )?;
            __private::valid_entity(self, |__value: &Contact| Self::check(__value))
        }
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
    pub struct ContactObject {
        host: ::core::panic::AssertUnwindSafe<__private::server::EntityHost<Contact>>,
    }
    #[wasm_bindgen::prelude::wasm_bindgen(
        wasm_bindgen = __private::server::class::wasm_bindgen
    )]
    impl ContactObject {
        #[wasm_bindgen(constructor)]
        pub fn new(
            __state: __private::server::class::DurableObjectState,
            __env: __private::server::class::Env,
        ) -> ContactObject {
            let __host = __private::server::EntityHost::new(__state, __env);
            ContactObject {
                host: ::core::panic::AssertUnwindSafe(__host),
            }
        }
        /// Says to the app's own Worker that this class is an entity's: see `server/types.rs`.
        #[allow(non_snake_case)]
        pub fn __entity_Contact() {}
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
const __LENGTH: usize = __private::typescript::struct_length::<Contact>();
const __TEXT: __private::typescript::Text<__LENGTH> = __private::typescript::struct_text::<
    Contact,
    __LENGTH,
>();
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
///The store of the {@link Contact} with this id.
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    js_name = "openContact",
    unchecked_return_type = "TemporalStore<Contact, ContactDiff>"
)]
pub fn __open_contact(
    #[wasm_bindgen(unchecked_param_type = "string")]
    id: &__private::client::wasm_bindgen::JsValue,
) -> ::core::result::Result<
    __private::client::Store,
    __private::client::wasm_bindgen::JsValue,
> {
    __private::client::open::<Contact>(id)
}
