const _: () = {
    const _: () = __private::assert_version("0.1.0");
    const __KIND: &__private::EnumKind = &__private::EnumKind {
        name: "Progress",
        variants: &["not-yet", "done"],
    };
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::EntityField for Progress
    where
        Progress: __private::EntityValue,
    {
        type Patch = __private::Never;
        const KIND: __private::Kind = __private::Kind::Enum(__KIND);
        fn same(&self, __other: &Self) -> bool {
            ::core::mem::discriminant(self) == ::core::mem::discriminant(__other)
        }
        fn copy(&self) -> Self {
            match self {
                Progress::NotYet => Progress::NotYet,
                Progress::Done => Progress::Done,
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
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::MapKey for Progress
    where
        for<'a> Progress: ::core::cmp::Ord,
    {}
    ::temporal_entity::__client_only! {}
};

// Behind __client_only:

use __private::client::wasm_bindgen as wasm_bindgen;
const __LENGTH: usize = __private::typescript::enum_length(
    __KIND,
    "How far it is.",
    &["Not begun.", ""],
);
const __TEXT: __private::typescript::Text<__LENGTH> = __private::typescript::enum_text::<
    __LENGTH,
>(__KIND, "How far it is.", &["Not begun.", ""]);
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
