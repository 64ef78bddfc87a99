::core::compile_error! {
    "`Card` does not say who may read and write it\nhelp: name a policy in `#[temporal_entity(..)]`: `access = \"signed-in\"`"
}
::core::compile_error! {
    "`fortnight` is no granularity\nhelp: use \"second\", \"minute\", \"hour\", \"day\", or a number of milliseconds"
}
::core::compile_error! {
    "a value outlives every borrow, so its fields own what they hold\nhelp: use `String`"
}
