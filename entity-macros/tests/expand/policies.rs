///Changes between two values of [`Vote`].
struct VoteDiff {
    pub count: ::core::option::Option<__private::Change<i64, __private::Add>>,
    body: ::core::option::Option<__private::Change<String, __private::TextPatch>>,
    place: ::core::option::Option<__private::Change<Place, __private::Never>>,
    steps: ::core::option::Option<
        __private::Change<
            Vec<Step>,
            __private::KeyedPatch<
                __private::By<Vote, Step, { __private::named("steps") }>,
            >,
        >,
    >,
    labels: ::core::option::Option<__private::Change<BTreeSet<Label>>>,
    limits: ::core::option::Option<__private::Change<BTreeMap<String, u32>>>,
    r#type: ::core::option::Option<__private::Change<Kind>>,
}
const _: () = {
    const _: () = __private::assert_version("0.1.0");
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::EntityField for Vote
    where
        Vote: __private::EntityValue,
    {
        type Patch = VoteDiff;
        const KIND: __private::Kind = __private::Kind::Struct(
            &__private::StructKind {
                name: <Vote as __private::StructFields>::NAME,
                diff: <Vote as __private::StructFields>::DIFF,
                fields: || <Vote as __private::StructFields>::FIELDS,
            },
        );
        fn same(&self, __other: &Self) -> bool {
            true && <i64 as __private::EntityField>::same(&self.count, &__other.count)
                && <String as __private::EntityField>::same(&self.body, &__other.body)
                && <Place as __private::EntityField>::same(&self.place, &__other.place)
                && <Vec<
                    Step,
                > as __private::EntityField>::same(&self.steps, &__other.steps)
                && <BTreeSet<
                    Label,
                > as __private::EntityField>::same(&self.labels, &__other.labels)
                && <BTreeMap<
                    String,
                    u32,
                > as __private::EntityField>::same(&self.limits, &__other.limits)
                && <Kind as __private::EntityField>::same(&self.r#type, &__other.r#type)
        }
        fn copy(&self) -> Self {
            Vote {
                count: <i64 as __private::EntityField>::copy(&self.count),
                body: <String as __private::EntityField>::copy(&self.body),
                place: <Place as __private::EntityField>::copy(&self.place),
                steps: <Vec<Step> as __private::EntityField>::copy(&self.steps),
                labels: <BTreeSet<Label> as __private::EntityField>::copy(&self.labels),
                limits: <BTreeMap<
                    String,
                    u32,
                > as __private::EntityField>::copy(&self.limits),
                r#type: <Kind as __private::EntityField>::copy(&self.r#type),
            }
        }
        fn diff(&self, __to: &Self) -> ::core::option::Option<__private::Change<Self>> {
            __private::patch_change(VoteDiff {
                count: <__private::Counter as __private::Merge<
                    i64,
                >>::diff(&self.count, &__to.count),
                body: <__private::Text as __private::Merge<
                    String,
                >>::diff(&self.body, &__to.body),
                place: <__private::Atomic as __private::Merge<
                    Place,
                >>::diff(&self.place, &__to.place),
                steps: <__private::Keyed<
                    __private::By<Vote, Step, { __private::named("steps") }>,
                > as __private::Merge<Vec<Step>>>::diff(&self.steps, &__to.steps),
                labels: <BTreeSet<
                    Label,
                > as __private::EntityField>::diff(&self.labels, &__to.labels),
                limits: <BTreeMap<
                    String,
                    u32,
                > as __private::EntityField>::diff(&self.limits, &__to.limits),
                r#type: <Kind as __private::EntityField>::diff(
                    &self.r#type,
                    &__to.r#type,
                ),
            })
        }
        fn fits(
            &self,
            __patch: &VoteDiff,
        ) -> ::core::result::Result<(), __private::Misfit> {
            <__private::Counter as __private::Merge<
                i64,
            >>::fits_change(&self.count, "count", &__patch.count)?;
            <__private::Text as __private::Merge<
                String,
            >>::fits_change(&self.body, "body", &__patch.body)?;
            <__private::Atomic as __private::Merge<
                Place,
            >>::fits_change(&self.place, "place", &__patch.place)?;
            <__private::Keyed<
                __private::By<Vote, Step, { __private::named("steps") }>,
            > as __private::Merge<
                Vec<Step>,
            >>::fits_change(&self.steps, "steps", &__patch.steps)?;
            <BTreeSet<
                Label,
            > as __private::EntityField>::fits_change(
                &self.labels,
                "labels",
                &__patch.labels,
            )?;
            <BTreeMap<
                String,
                u32,
            > as __private::EntityField>::fits_change(
                &self.limits,
                "limits",
                &__patch.limits,
            )?;
            <Kind as __private::EntityField>::fits_change(
                &self.r#type,
                "type",
                &__patch.r#type,
            )?;
            ::core::result::Result::Ok(())
        }
        fn apply(&mut self, __patch: VoteDiff) -> VoteDiff {
            VoteDiff {
                count: <__private::Counter as __private::Merge<
                    i64,
                >>::apply_change(&mut self.count, __patch.count),
                body: <__private::Text as __private::Merge<
                    String,
                >>::apply_change(&mut self.body, __patch.body),
                place: <__private::Atomic as __private::Merge<
                    Place,
                >>::apply_change(&mut self.place, __patch.place),
                steps: <__private::Keyed<
                    __private::By<Vote, Step, { __private::named("steps") }>,
                > as __private::Merge<
                    Vec<Step>,
                >>::apply_change(&mut self.steps, __patch.steps),
                labels: <BTreeSet<
                    Label,
                > as __private::EntityField>::apply_change(
                    &mut self.labels,
                    __patch.labels,
                ),
                limits: <BTreeMap<
                    String,
                    u32,
                > as __private::EntityField>::apply_change(
                    &mut self.limits,
                    __patch.limits,
                ),
                r#type: <Kind as __private::EntityField>::apply_change(
                    &mut self.r#type,
                    __patch.r#type,
                ),
            }
        }
        fn tighten(&self, __patch: VoteDiff) -> VoteDiff {
            VoteDiff {
                count: <__private::Counter as __private::Merge<
                    i64,
                >>::tighten_change(&self.count, __patch.count),
                body: <__private::Text as __private::Merge<
                    String,
                >>::tighten_change(&self.body, __patch.body),
                place: <__private::Atomic as __private::Merge<
                    Place,
                >>::tighten_change(&self.place, __patch.place),
                steps: <__private::Keyed<
                    __private::By<Vote, Step, { __private::named("steps") }>,
                > as __private::Merge<
                    Vec<Step>,
                >>::tighten_change(&self.steps, __patch.steps),
                labels: <BTreeSet<
                    Label,
                > as __private::EntityField>::tighten_change(
                    &self.labels,
                    __patch.labels,
                ),
                limits: <BTreeMap<
                    String,
                    u32,
                > as __private::EntityField>::tighten_change(
                    &self.limits,
                    __patch.limits,
                ),
                r#type: <Kind as __private::EntityField>::tighten_change(
                    &self.r#type,
                    __patch.r#type,
                ),
            }
        }
    }
    #[automatically_derived]
    impl __private::Patch for VoteDiff {
        fn is_empty(&self) -> bool {
            true && self.count.is_none() && self.body.is_none() && self.place.is_none()
                && self.steps.is_none() && self.labels.is_none() && self.limits.is_none()
                && self.r#type.is_none()
        }
        fn to_value(&self) -> __private::Value {
            let mut __writer = __private::PatchWriter::new();
            <__private::Counter as __private::Merge<
                i64,
            >>::write_change("count", &self.count, &mut __writer);
            <__private::Text as __private::Merge<
                String,
            >>::write_change("body", &self.body, &mut __writer);
            <__private::Atomic as __private::Merge<
                Place,
            >>::write_change("place", &self.place, &mut __writer);
            <__private::Keyed<
                __private::By<Vote, Step, { __private::named("steps") }>,
            > as __private::Merge<
                Vec<Step>,
            >>::write_change("steps", &self.steps, &mut __writer);
            <BTreeSet<
                Label,
            > as __private::EntityField>::write_change(
                "labels",
                &self.labels,
                &mut __writer,
            );
            <BTreeMap<
                String,
                u32,
            > as __private::EntityField>::write_change(
                "limits",
                &self.limits,
                &mut __writer,
            );
            <Kind as __private::EntityField>::write_change(
                "type",
                &self.r#type,
                &mut __writer,
            );
            __writer.finish()
        }
        fn from_value(
            __value: __private::Value,
        ) -> ::core::result::Result<Self, __private::ShapeError> {
            let mut __reader = __private::PatchReader::new(__value)?;
            let __diff = VoteDiff {
                count: <__private::Counter as __private::Merge<
                    i64,
                >>::read_change("count", &mut __reader)?,
                body: <__private::Text as __private::Merge<
                    String,
                >>::read_change("body", &mut __reader)?,
                place: <__private::Atomic as __private::Merge<
                    Place,
                >>::read_change("place", &mut __reader)?,
                steps: <__private::Keyed<
                    __private::By<Vote, Step, { __private::named("steps") }>,
                > as __private::Merge<Vec<Step>>>::read_change("steps", &mut __reader)?,
                labels: <BTreeSet<
                    Label,
                > as __private::EntityField>::read_change("labels", &mut __reader)?,
                limits: <BTreeMap<
                    String,
                    u32,
                > as __private::EntityField>::read_change("limits", &mut __reader)?,
                r#type: <Kind as __private::EntityField>::read_change(
                    "type",
                    &mut __reader,
                )?,
            };
            __reader.finish()?;
            ::core::result::Result::Ok(__diff)
        }
        fn compose(self, __later: Self) -> Self {
            VoteDiff {
                count: <__private::Counter as __private::Merge<
                    i64,
                >>::compose_change(self.count, __later.count),
                body: <__private::Text as __private::Merge<
                    String,
                >>::compose_change(self.body, __later.body),
                place: <__private::Atomic as __private::Merge<
                    Place,
                >>::compose_change(self.place, __later.place),
                steps: <__private::Keyed<
                    __private::By<Vote, Step, { __private::named("steps") }>,
                > as __private::Merge<
                    Vec<Step>,
                >>::compose_change(self.steps, __later.steps),
                labels: <BTreeSet<
                    Label,
                > as __private::EntityField>::compose_change(
                    self.labels,
                    __later.labels,
                ),
                limits: <BTreeMap<
                    String,
                    u32,
                > as __private::EntityField>::compose_change(
                    self.limits,
                    __later.limits,
                ),
                r#type: <Kind as __private::EntityField>::compose_change(
                    self.r#type,
                    __later.r#type,
                ),
            }
        }
        fn overlap(&self, __other: &Self, __overlaps: &mut __private::Overlaps) {
            <__private::Counter as __private::Merge<
                i64,
            >>::overlap_change("count", &self.count, &__other.count, __overlaps);
            <__private::Text as __private::Merge<
                String,
            >>::overlap_change("body", &self.body, &__other.body, __overlaps);
            <__private::Atomic as __private::Merge<
                Place,
            >>::overlap_change("place", &self.place, &__other.place, __overlaps);
            <__private::Keyed<
                __private::By<Vote, Step, { __private::named("steps") }>,
            > as __private::Merge<
                Vec<Step>,
            >>::overlap_change("steps", &self.steps, &__other.steps, __overlaps);
            <BTreeSet<
                Label,
            > as __private::EntityField>::overlap_change(
                "labels",
                &self.labels,
                &__other.labels,
                __overlaps,
            );
            <BTreeMap<
                String,
                u32,
            > as __private::EntityField>::overlap_change(
                "limits",
                &self.limits,
                &__other.limits,
                __overlaps,
            );
            <Kind as __private::EntityField>::overlap_change(
                "type",
                &self.r#type,
                &__other.r#type,
                __overlaps,
            );
        }
    }
    #[automatically_derived]
    impl ::core::default::Default for VoteDiff {
        fn default() -> Self {
            VoteDiff {
                count: ::core::default::Default::default(),
                body: ::core::default::Default::default(),
                place: ::core::default::Default::default(),
                steps: ::core::default::Default::default(),
                labels: ::core::default::Default::default(),
                limits: ::core::default::Default::default(),
                r#type: ::core::default::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for VoteDiff {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Debug::fmt(&__private::Patch::to_value(self), __f)
        }
    }
    #[automatically_derived]
    impl VoteDiff
    where
        for<'a> Place: __private::EntityField,
        for<'a> Step: __private::EntityField,
        for<'a> Label: __private::MapKey,
        for<'a> Kind: __private::EntityField,
    {
        ///Sets `count`.
        pub fn count(mut self, value: i64) -> Self {
            __private::set(&mut self.count, value);
            self
        }
        ///Adds to `count`; a negative number takes away.
        pub fn count_add(self, number: impl ::core::convert::Into<i128>) -> Self {
            __private::then(
                self,
                |__later| __later.count = __private::part(__private::add(number)),
            )
        }
        ///Sets `body`.
        fn body(mut self, value: impl ::core::convert::Into<String>) -> Self {
            __private::set(&mut self.body, value);
            self
        }
        ///Puts `inserted` in place of `removed` characters of `body`, counted in Unicode scalar values.
        fn body_splice(
            self,
            at: usize,
            removed: usize,
            inserted: impl ::core::convert::Into<::std::string::String>,
        ) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.body = __private::part(
                        __private::TextPatch::splice(at, removed, inserted),
                    );
                },
            )
        }
        ///Sets `place`.
        fn place(mut self, value: impl ::core::convert::Into<Place>) -> Self {
            __private::set(&mut self.place, value);
            self
        }
        ///Sets `steps`.
        fn steps(mut self, value: impl ::core::convert::Into<Vec<Step>>) -> Self {
            __private::set(&mut self.steps, value);
            self
        }
        ///Puts an element at the end of `steps`.
        fn steps_push(self, element: Step) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.steps = __private::part(__private::KeyedPatch::push(element));
                },
            )
        }
        ///Puts an element at the beginning of `steps`.
        fn steps_insert_first(self, element: Step) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.steps = __private::part(__private::insert_first(element));
                },
            )
        }
        ///Puts an element into `steps`, behind the one with the key `after`.
        fn steps_insert_after<__Key: __private::MapKey>(
            self,
            after: &__Key,
            element: Step,
        ) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.steps = __private::part(
                        __private::insert_after(after, element),
                    );
                },
            )
        }
        ///Takes the element with this key out of `steps`.
        fn steps_remove<__Key: __private::MapKey>(self, key: &__Key) -> Self {
            __private::then(
                self,
                |__later| __later.steps = __private::part(__private::remove_by(key)),
            )
        }
        ///Changes the element of `steps` with this key.
        fn steps_change<__Key: __private::MapKey>(
            self,
            key: &__Key,
            patch: <Step as __private::EntityField>::Patch,
        ) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.steps = __private::part(__private::change_by(key, patch));
                },
            )
        }
        ///Moves the element of `steps` with this key to the beginning.
        fn steps_move_first<__Key: __private::MapKey>(self, key: &__Key) -> Self {
            __private::then(
                self,
                |__later| __later.steps = __private::part(__private::move_first(key)),
            )
        }
        ///Moves the element of `steps` with this key behind the one with the key `after`.
        fn steps_move_after<__Key: __private::MapKey>(
            self,
            key: &__Key,
            after: &__Key,
        ) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.steps = __private::part(__private::move_after(key, after));
                },
            )
        }
        ///Sets `labels`.
        fn labels(mut self, value: impl ::core::convert::Into<BTreeSet<Label>>) -> Self {
            __private::set(&mut self.labels, value);
            self
        }
        ///Puts an element into `labels`.
        fn labels_insert(self, element: impl ::core::convert::Into<Label>) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.labels = __private::part(__private::insert_element(element));
                },
            )
        }
        ///Takes an element out of `labels`.
        fn labels_remove(self, element: impl ::core::convert::Into<Label>) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.labels = __private::part(__private::remove_element(element));
                },
            )
        }
        ///Sets `limits`.
        fn limits(
            mut self,
            value: impl ::core::convert::Into<BTreeMap<String, u32>>,
        ) -> Self {
            __private::set(&mut self.limits, value);
            self
        }
        ///Puts a value into `limits` under this key.
        fn limits_insert(
            self,
            key: impl ::core::convert::Into<String>,
            value: u32,
        ) -> Self {
            __private::then(
                self,
                |__later| {
                    __later.limits = __private::part(__private::insert_entry(key, value));
                },
            )
        }
        ///Takes the entry with this key out of `limits`.
        fn limits_remove(self, key: impl ::core::convert::Into<String>) -> Self {
            __private::then(
                self,
                |__later| __later.limits = __private::part(__private::remove_entry(key)),
            )
        }
        ///Sets `type`.
        fn r#type(mut self, value: impl ::core::convert::Into<Kind>) -> Self {
            __private::set(&mut self.r#type, value);
            self
        }
        ///Changes a part of `type`.
        fn type_change(self, patch: <Kind as __private::EntityField>::Patch) -> Self {
            __private::then(self, |__later| __later.r#type = __private::part(patch))
        }
    }
    #[automatically_derived]
    impl __private::StructFields for Vote {
        const NAME: &'static str = "Vote";
        const DIFF: &'static str = "VoteDiff";
        const DOCS: &'static str = "";
        const FIELDS: &'static [__private::FieldSchema] = &[
            __private::FieldSchema {
                name: "count",
                kind: <__private::Counter as __private::Merge<i64>>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "body",
                kind: <__private::Text as __private::Merge<String>>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "place",
                kind: <__private::Atomic as __private::Merge<Place>>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "steps",
                kind: <__private::Keyed<
                    __private::By<Vote, Step, { __private::named("steps") }>,
                > as __private::Merge<Vec<Step>>>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "labels",
                kind: <BTreeSet<Label> as __private::EntityField>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "limits",
                kind: <BTreeMap<String, u32> as __private::EntityField>::KIND,
                default: false,
            },
            __private::FieldSchema {
                name: "type",
                kind: <Kind as __private::EntityField>::KIND,
                default: false,
            },
        ];
        const FIELD_DOCS: &'static [&'static str] = &["", "", "", "", "", "", ""];
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __private::NamedField<{ __private::named("type") }> for Vote
    where
        for<'a> Kind: __private::MapKey,
    {
        const NAME: &'static str = "type";
        const KIND: __private::Kind = <Kind as __private::EntityField>::KIND;
        fn key(&self) -> __private::Key {
            __private::key_of(&self.r#type)
        }
    }
    #[automatically_derived]
    impl __private::KeyedField<Step, { __private::named("steps") }> for Vote {
        const KEY: __private::KeyField<Step> = __private::key_field::<
            _,
            { __private::named("id") },
        >();
    }
    ::temporal_entity::__client_only! {}
};

// Behind __client_only:

use __private::client::wasm_bindgen as wasm_bindgen;
const __LENGTH: usize = __private::typescript::struct_length::<Vote>();
const __TEXT: __private::typescript::Text<__LENGTH> = __private::typescript::struct_text::<
    Vote,
    __LENGTH,
>();
#[__private::client::wasm_bindgen::prelude::wasm_bindgen(
    wasm_bindgen = __private::client::wasm_bindgen,
    typescript_custom_section
)]
const __TYPINGS: &str = __TEXT.as_str();
