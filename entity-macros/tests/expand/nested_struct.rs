///Changes between two values of [`Address`].
pub struct Move {
    /// Where it is.
    pub city: ::core::option::Option<app::entities::__private::Change<String>>,
}
const _: () = {
    const _: () = app::entities::__private::assert_version("0.1.0");
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl app::entities::__private::EntityField for Address
    where
        Address: app::entities::__private::EntityValue,
    {
        type Patch = Move;
        const KIND: app::entities::__private::Kind = app::entities::__private::Kind::Struct(
            &app::entities::__private::StructKind {
                name: <Address as app::entities::__private::StructFields>::NAME,
                diff: <Address as app::entities::__private::StructFields>::DIFF,
                fields: || <Address as app::entities::__private::StructFields>::FIELDS,
            },
        );
        fn same(&self, __other: &Self) -> bool {
            true
                && <String as app::entities::__private::EntityField>::same(
                    &self.city,
                    &__other.city,
                )
        }
        fn copy(&self) -> Self {
            Address {
                city: <String as app::entities::__private::EntityField>::copy(&self.city),
            }
        }
        fn diff(
            &self,
            __to: &Self,
        ) -> ::core::option::Option<app::entities::__private::Change<Self>> {
            app::entities::__private::patch_change(Move {
                city: <String as app::entities::__private::EntityField>::diff(
                    &self.city,
                    &__to.city,
                ),
            })
        }
        fn fits(
            &self,
            __patch: &Move,
        ) -> ::core::result::Result<(), app::entities::__private::Misfit> {
            <String as app::entities::__private::EntityField>::fits_change(
                &self.city,
                "city",
                &__patch.city,
            )?;
            ::core::result::Result::Ok(())
        }
        fn apply(&mut self, __patch: Move) -> Move {
            Move {
                city: <String as app::entities::__private::EntityField>::apply_change(
                    &mut self.city,
                    __patch.city,
                ),
            }
        }
        fn tighten(&self, __patch: Move) -> Move {
            Move {
                city: <String as app::entities::__private::EntityField>::tighten_change(
                    &self.city,
                    __patch.city,
                ),
            }
        }
    }
    #[automatically_derived]
    impl app::entities::__private::Patch for Move {
        fn is_empty(&self) -> bool {
            true && self.city.is_none()
        }
        fn to_value(&self) -> app::entities::__private::Value {
            let mut __writer = app::entities::__private::PatchWriter::new();
            <String as app::entities::__private::EntityField>::write_change(
                "city",
                &self.city,
                &mut __writer,
            );
            __writer.finish()
        }
        fn from_value(
            __value: app::entities::__private::Value,
        ) -> ::core::result::Result<Self, app::entities::__private::ShapeError> {
            let mut __reader = app::entities::__private::PatchReader::new(__value)?;
            let __diff = Move {
                city: <String as app::entities::__private::EntityField>::read_change(
                    "city",
                    &mut __reader,
                )?,
            };
            __reader.finish()?;
            ::core::result::Result::Ok(__diff)
        }
        fn compose(self, __later: Self) -> Self {
            Move {
                city: <String as app::entities::__private::EntityField>::compose_change(
                    self.city,
                    __later.city,
                ),
            }
        }
        fn overlap(
            &self,
            __other: &Self,
            __overlaps: &mut app::entities::__private::Overlaps,
        ) {
            <String as app::entities::__private::EntityField>::overlap_change(
                "city",
                &self.city,
                &__other.city,
                __overlaps,
            );
        }
    }
    #[automatically_derived]
    impl ::core::default::Default for Move {
        fn default() -> Self {
            Move {
                city: ::core::default::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for Move {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Debug::fmt(
                &app::entities::__private::Patch::to_value(self),
                __f,
            )
        }
    }
    #[automatically_derived]
    impl Move {
        ///Sets `city`.
        pub fn city(mut self, value: impl ::core::convert::Into<String>) -> Self {
            app::entities::__private::set(&mut self.city, value);
            self
        }
    }
    #[automatically_derived]
    impl app::entities::__private::StructFields for Address {
        const NAME: &'static str = "Address";
        const DIFF: &'static str = "Move";
        const DOCS: &'static str = "";
        const FIELDS: &'static [app::entities::__private::FieldSchema] = &[
            app::entities::__private::FieldSchema {
                name: "city",
                kind: <String as app::entities::__private::EntityField>::KIND,
                default: false,
            },
        ];
        const FIELD_DOCS: &'static [&'static str] = &["Where it is."];
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl app::entities::__private::NamedField<
        { app::entities::__private::named("city") },
    > for Address
    where
        for<'a> String: app::entities::__private::MapKey,
    {
        const NAME: &'static str = "city";
        const KIND: app::entities::__private::Kind = <String as app::entities::__private::EntityField>::KIND;
        fn key(&self) -> app::entities::__private::Key {
            app::entities::__private::key_of(&self.city)
        }
    }
    app::entities::__client_only! {}
};

// Behind __client_only:

use app::entities::__private::client::wasm_bindgen as wasm_bindgen;
const __LENGTH: usize = app::entities::__private::typescript::struct_length::<Address>();
const __TEXT: app::entities::__private::typescript::Text<__LENGTH> = app::entities::__private::typescript::struct_text::<
    Address,
    __LENGTH,
>();
#[app::entities::__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = app::entities::__private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
