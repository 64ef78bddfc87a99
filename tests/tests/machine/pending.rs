//! What the design asks for and the machine does not do yet. Where one of these is false the runs leave it out, or take
//! both answers.

/// A change keeps who acted in the person's name, and joins only what the same two made.
pub const IMPERSONATORS_ARE_KEPT: bool = true;

/// The last version of every snapshot is known, also when it is older than the recent changes.
pub const ENDS_OF_SNAPSHOTS_ARE_KNOWN: bool = true;

/// The last 64 requests of a browser are remembered for a day, also when they are older than the recent changes.
pub const REQUESTS_OUTLIVE_THE_LOG: bool = true;

/// A `delete` of what is deleted names a version it knows as `since`, or none.
pub const SINCE_IS_A_VERSION: bool = true;

/// `previousValues` is told in `history` and with `asOf`, and not by `changes`.
pub const CHANGES_TELL_NO_PREVIOUS_VALUES: bool = true;

/// A text or counter that two writers replace by the same has it once.
pub const THE_SAME_REPLACEMENT_IS_ONE: bool = true;

/// An element that is moved to where it is does not conflict with what others do with it.
pub const MOVES_TO_THE_SAME_PLACE_ARE_NONE: bool = true;

/// A diff that does not fit the version that it names is refused, also where it fits the current one.
pub const MISFITS_ARE_REFUSED: bool = true;

/// A list of which a part is replaced by the same is not changed.
pub const SPLICED_TO_THE_SAME_IS_NONE: bool = true;
