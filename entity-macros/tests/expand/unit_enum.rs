const _: () = {
    const _: () = ::temporal_entity::__private::assert_version("0.1.0");
    const __KIND: &::temporal_entity::__private::EnumKind = &::temporal_entity::__private::EnumKind {
        name: "Progress",
        variants: &["not-yet", "done"],
    };
    #[automatically_derived]
    impl ::temporal_entity::__private::EntityField for Progress
    where
        Progress: ::temporal_entity::__private::EntityValue,
    {
        type Patch = ::temporal_entity::__private::Never;
        const KIND: ::temporal_entity::__private::Kind = ::temporal_entity::__private::Kind::Enum(
            __KIND,
        );
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
            __patch: &::temporal_entity::__private::Never,
        ) -> ::core::result::Result<(), ::temporal_entity::__private::Misfit> {
            match *__patch {}
        }
        fn apply(
            &mut self,
            __patch: ::temporal_entity::__private::Never,
        ) -> ::temporal_entity::__private::Never {
            __patch
        }
    }
    ::temporal_entity::__client_only! {
        use ::temporal_entity::__private::client::wasm_bindgen as wasm_bindgen; const
        __LENGTH : usize = ::temporal_entity::__private::typescript::enum_length(__KIND,
        "How far it is.", & ["Not begun.", ""]); const __TEXT :
        ::temporal_entity::__private::typescript::Text < __LENGTH > =
        ::temporal_entity::__private::typescript::enum_text:: < __LENGTH > (__KIND,
        "How far it is.", & ["Not begun.", ""]);
        #[::temporal_entity::__private::client::wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen
        = ::temporal_entity::__private::client::wasm_bindgen, typescript_custom_section)]
        const __TYPINGS : & str = __TEXT.as_str();
    }
};

// Behind __client_only:

use ::temporal_entity::__private::client::wasm_bindgen as wasm_bindgen;
const __LENGTH: usize = ::temporal_entity::__private::typescript::enum_length(
    __KIND,
    "How far it is.",
    &["Not begun.", ""],
);
const __TEXT: ::temporal_entity::__private::typescript::Text<__LENGTH> = ::temporal_entity::__private::typescript::enum_text::<
    __LENGTH,
>(__KIND, "How far it is.", &["Not begun.", ""]);
#[::temporal_entity::__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = ::temporal_entity::__private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
