::core::compile_error! {
    "`Card` does not say who may read and write it\nhelp: name a policy in `#[temporal_entity(..)]`: `access = \"signed-in\"`"
}
::core::compile_error! {
    "`fortnight` is no granularity\nhelp: use \"second\", \"minute\", \"hour\", \"day\", or a number of milliseconds"
}
::core::compile_error! {
    "a value outlives every borrow, so its fields own what they hold\nhelp: use `String`"
}
///Changes between two values of [`Card`].
struct CardDiff {
    title: ::core::option::Option<::temporal_entity::__private::Change<String>>,
}
const _: () = {
    const _: () = ::temporal_entity::__private::assert_version("0.1.0");
    #[automatically_derived]
    impl ::temporal_entity::__private::EntityField for Card
    where
        Card: ::temporal_entity::__private::EntityValue,
    {
        type Patch = CardDiff;
        const KIND: ::temporal_entity::__private::Kind = ::temporal_entity::__private::Kind::Struct(
            &::temporal_entity::__private::StructKind {
                name: <Card as ::temporal_entity::__private::StructFields>::NAME,
                diff: <Card as ::temporal_entity::__private::StructFields>::DIFF,
                fields: || <Card as ::temporal_entity::__private::StructFields>::FIELDS,
            },
        );
        fn same(&self, __other: &Self) -> bool {
            true
                && <String as ::temporal_entity::__private::EntityField>::same(
                    &self.title,
                    &__other.title,
                )
        }
        fn copy(&self) -> Self {
            ::core::unimplemented!()
        }
        fn diff(
            &self,
            __to: &Self,
        ) -> ::core::option::Option<::temporal_entity::__private::Change<Self>> {
            ::temporal_entity::__private::patch_change(CardDiff {
                title: <String as ::temporal_entity::__private::EntityField>::diff(
                    &self.title,
                    &__to.title,
                ),
            })
        }
        fn fits(
            &self,
            __patch: &CardDiff,
        ) -> ::core::result::Result<(), ::temporal_entity::__private::Misfit> {
            <String as ::temporal_entity::__private::EntityField>::fits_change(
                &self.title,
                "title",
                &__patch.title,
            )?;
            ::core::result::Result::Ok(())
        }
        fn apply(&mut self, __patch: CardDiff) -> CardDiff {
            CardDiff {
                title: <String as ::temporal_entity::__private::EntityField>::apply_change(
                    &mut self.title,
                    __patch.title,
                ),
            }
        }
    }
    #[automatically_derived]
    impl ::temporal_entity::__private::Patch for CardDiff {
        fn is_empty(&self) -> bool {
            true && self.title.is_none()
        }
        fn to_value(&self) -> ::temporal_entity::__private::Value {
            let mut __writer = ::temporal_entity::__private::PatchWriter::new();
            <String as ::temporal_entity::__private::EntityField>::write_change(
                "title",
                &self.title,
                &mut __writer,
            );
            __writer.finish()
        }
        fn from_value(
            __value: ::temporal_entity::__private::Value,
        ) -> ::core::result::Result<Self, ::temporal_entity::__private::ShapeError> {
            let mut __reader = ::temporal_entity::__private::PatchReader::new(__value)?;
            let __diff = CardDiff {
                title: <String as ::temporal_entity::__private::EntityField>::read_change(
                    "title",
                    &mut __reader,
                )?,
            };
            __reader.finish()?;
            ::core::result::Result::Ok(__diff)
        }
    }
    #[automatically_derived]
    impl ::core::default::Default for CardDiff {
        fn default() -> Self {
            CardDiff {
                title: ::core::default::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for CardDiff {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Debug::fmt(
                &::temporal_entity::__private::Patch::to_value(self),
                __f,
            )
        }
    }
    #[automatically_derived]
    impl ::temporal_entity::__private::StructFields for Card {
        const NAME: &'static str = "Card";
        const DIFF: &'static str = "CardDiff";
        const DOCS: &'static str = "";
        const FIELDS: &'static [::temporal_entity::__private::FieldSchema] = &[
            ::temporal_entity::__private::FieldSchema {
                name: "title",
                docs: "",
                kind: <String as ::temporal_entity::__private::EntityField>::KIND,
                default: false,
            },
        ];
    }
    #[automatically_derived]
    impl ::temporal_entity::__private::Entity for Card
    where
        Card: ::temporal_entity::__private::EntityValue,
    {
        type Diff = CardDiff;
        const ENTITY: &'static str = "Card";
        const CONFIG: ::temporal_entity::__private::Config = ::temporal_entity::__private::Config {
            version: 1u32,
            granularity: ::temporal_entity::__private::Granularity::from_millis(
                3600000u32,
            ),
            access: ::temporal_entity::__private::Access::SignedIn,
        };
    }
};
