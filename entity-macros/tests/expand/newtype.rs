const _: () = {
    const _: () = __private::assert_version("0.1.0");
    const _: () = __private::assert_field::<String>();
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::EntityField for Label
    where
        Label: __private::EntityValue,
        for<'a> String: __private::EntityField,
    {
        type Patch = <String as __private::EntityField>::Patch;
        const KIND: __private::Kind = <String as __private::EntityField>::KIND;
        fn same(&self, __other: &Self) -> bool {
            <String as __private::EntityField>::same(&self.0, &__other.0)
        }
        fn copy(&self) -> Self {
            Label(<String as __private::EntityField>::copy(&self.0))
        }
        fn diff(&self, __to: &Self) -> ::core::option::Option<__private::Change<Self>> {
            __private::wrapped(
                <String as __private::EntityField>::diff(&self.0, &__to.0),
                Label,
            )
        }
        fn fits(
            &self,
            __patch: &Self::Patch,
        ) -> ::core::result::Result<(), __private::Misfit> {
            <String as __private::EntityField>::fits(&self.0, __patch)
        }
        fn apply(&mut self, __patch: Self::Patch) -> Self::Patch {
            <String as __private::EntityField>::apply(&mut self.0, __patch)
        }
        fn tighten(&self, __patch: Self::Patch) -> Self::Patch {
            <String as __private::EntityField>::tighten(&self.0, __patch)
        }
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::MapKey for Label
    where
        for<'a> Label: ::core::cmp::Ord,
        for<'a> String: __private::MapKey,
    {}
};
