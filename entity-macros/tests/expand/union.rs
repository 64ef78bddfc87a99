const _: () = {
    const _: () = __private::assert_version("0.1.0");
    const __VARIANTS: &[__private::VariantSchema] = &[
        __private::VariantSchema {
            name: "blank",
            content: __private::VariantContent::Unit,
        },
        __private::VariantSchema {
            name: "circle",
            content: __private::VariantContent::Struct(
                &[
                    __private::FieldSchema {
                        name: "radius",
                        kind: <f64 as __private::EntityField>::KIND,
                        default: false,
                    },
                    __private::FieldSchema {
                        name: "filled",
                        kind: <bool as __private::EntityField>::KIND,
                        default: true,
                    },
                ],
            ),
        },
        __private::VariantSchema {
            name: "other",
            content: __private::VariantContent::Newtype(
                <Place as __private::EntityField>::KIND,
            ),
        },
    ];
    const __KIND: &__private::UnionKind = &__private::UnionKind {
        name: "Mark",
        tag: "kind",
        content: ::core::option::Option::None,
        variants: || __VARIANTS,
    };
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::EntityField for Mark
    where
        Mark: __private::EntityValue,
    {
        type Patch = __private::Never;
        const KIND: __private::Kind = __private::Kind::Union(__KIND);
        fn same(&self, __other: &Self) -> bool {
            match (self, __other) {
                (Mark::Blank, Mark::Blank) => true,
                (
                    Mark::Circle { radius: __a0, filled: __a1 },
                    Mark::Circle { radius: __b0, filled: __b1 },
                ) => {
                    true && <f64 as __private::EntityField>::same(__a0, __b0)
                        && <bool as __private::EntityField>::same(__a1, __b1)
                }
                (Mark::Other(__a0), Mark::Other(__b0)) => {
                    true && <Place as __private::EntityField>::same(__a0, __b0)
                }
                _ => false,
            }
        }
        fn copy(&self) -> Self {
            match self {
                Mark::Blank => Mark::Blank,
                Mark::Circle { radius: __a0, filled: __a1 } => {
                    Mark::Circle {
                        radius: <f64 as __private::EntityField>::copy(__a0),
                        filled: <bool as __private::EntityField>::copy(__a1),
                    }
                }
                Mark::Other(__a0) => {
                    Mark::Other(<Place as __private::EntityField>::copy(__a0))
                }
            }
        }
        fn fits(
            &self,
            __patch: &__private::Never,
        ) -> ::core::result::Result<(), __private::Misfit> {
            match *__patch {}
        }
        fn apply(&mut self, __patch: __private::Never) -> __private::Never {
            __patch
        }
    }
    const _: () = __private::beside_tag::<Place>("kind");
    ::temporal_entity::__client_only! {}
};

// Behind __client_only:

use __private::client::wasm_bindgen as wasm_bindgen;
const __LENGTH: usize = __private::typescript::union_length(
    __KIND,
    "What stands on it.",
    &["Nothing.", "", ""],
    __VARIANTS,
);
const __TEXT: __private::typescript::Text<__LENGTH> = __private::typescript::union_text::<
    __LENGTH,
>(__KIND, "What stands on it.", &["Nothing.", "", ""], __VARIANTS);
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
