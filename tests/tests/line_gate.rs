//! The gate of direct lines: tickets are used once, a browser has one line, a person has a few and one pace, and what
//! waits to be read is bounded.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Downstream, Reply};
use temporal_entity_core::object::{
    LineGate, LineLimits, LineOutcome, LineRefused, LineUnread, TICKET_SECONDS,
};
use temporal_entity_core::steps;
use temporal_entity_tests::notation::BASE;

fn at(seconds: u64) -> Stamp {
    Stamp::from_micros(BASE + seconds * 1_000_000).unwrap()
}

fn gate() -> LineGate {
    LineGate::new(at(0), LineLimits::default())
}

/// The refusal that is sent in place of something.
fn instead(outcome: LineOutcome) -> Reply {
    let LineOutcome::Instead(bytes) = outcome else { panic!("{outcome:?}") };
    let Downstream::Reply(reply) = Downstream::decode(&bytes).unwrap() else { panic!() };
    reply
}

#[test]
fn a_ticket_is_used_once() {
    let mut gate = gate();
    assert_eq!(gate.open(at(1), 1, ("ada", "laptop"), at(0)), Ok(None));
    assert_eq!(gate.open(at(1), 2, ("ada", "laptop"), at(0)), Err(LineRefused::Used));
    // Also after its line is closed, for as long as it is good.
    gate.closed(1);
    let late = at(TICKET_SECONDS);
    assert_eq!(gate.open(late, 2, ("ada", "laptop"), at(0)), Err(LineRefused::Used));
    assert_eq!(gate.open(late, 2, ("ada", "phone"), at(0)), Ok(None), "one of another browser");
    assert_eq!(gate.open(late, 3, ("ada", "laptop"), at(2)), Ok(None), "a later one");
    assert_eq!(
        gate.open(late, 4, ("ada", "laptop"), at(1)),
        Err(LineRefused::Used),
        "an older one"
    );
}

#[test]
fn a_ticket_is_used_once_whatever_the_object_forgets() {
    // Its line is open still, and has it in its attachment.
    let mut gate = LineGate::new(at(2), LineLimits::default());
    gate.woke(1, "ada", "laptop", Some(at(0)));
    assert_eq!(gate.open(at(2), 2, ("ada", "laptop"), at(0)), Err(LineRefused::Used));
    // Its line was closed: an object sleeps only when it was quiet for longer than this ticket is old.
    let mut gate = LineGate::new(at(12), LineLimits::default());
    assert_eq!(gate.open(at(12), 2, ("ada", "laptop"), at(0)), Err(LineRefused::Used));
    // One that was issued a moment before the object woke is what woke it.
    assert_eq!(gate.open(at(12), 2, ("ada", "laptop"), at(11)), Ok(None));
}

#[test]
fn a_browser_has_one_line_and_a_person_a_few() {
    let mut gate = gate();
    assert_eq!(gate.open(at(1), 1, ("ada", "laptop"), at(1)), Ok(None));
    assert_eq!(gate.open(at(2), 2, ("ada", "laptop"), at(2)), Ok(Some(1)), "the older is closed");
    gate.closed(1);
    assert_eq!(gate.open(at(3), 3, ("ada", "laptop"), at(3)), Ok(Some(2)));
    for number in 1..16 {
        let browser = format!("browser{number}");
        assert_eq!(gate.open(at(4), 100 + number, ("ada", &browser), at(4)), Ok(None));
    }
    assert_eq!(gate.open(at(5), 200, ("ada", "one more"), at(5)), Err(LineRefused::TooMany));
    assert_eq!(gate.open(at(5), 201, ("ben", "laptop"), at(5)), Ok(None), "another person");
    gate.closed(3);
    assert_eq!(gate.open(at(6), 202, ("ada", "one more"), at(6)), Ok(None));
}

#[test]
fn lines_that_come_and_go_are_paced_and_leave_nothing_behind() {
    let mut gate = gate();
    let opened = (0..4_000_u32).filter(|number| {
        let opened = gate.open(at(1), *number, ("eve", "laptop"), at(1).plus(u64::from(*number)));
        gate.closed(*number);
        opened.is_ok()
    });
    assert_eq!(opened.count(), 32);
    for number in 0..10_000_u32 {
        let now = at(2 + u64::from(number));
        assert!(gate.open(now, number, (&format!("p{number}"), "laptop"), now).is_ok());
        gate.closed(number);
    }
    assert!(gate.persons_len() <= 200, "{}", gate.persons_len());
}

#[test]
fn a_person_has_one_pace_on_all_its_lines() {
    let mut gate = gate();
    for (line, browser) in [(1, "laptop"), (2, "phone")] {
        gate.open(at(1), line, ("eve", browser), at(1)).unwrap();
    }
    gate.open(at(1), 3, ("ben", "laptop"), at(1)).unwrap();
    let frame = b"\xa1\x62id\x18\x2a";
    let passed = (0..100).filter(|n| gate.frame(at(1), 1 + n % 2, frame) == LineOutcome::Passes);
    assert_eq!(passed.count(), 100);
    let refused = instead(gate.frame(at(1), 1, frame));
    assert_eq!((refused.id, refused.status), (Some(42), 429));
    assert!(refused.retry_after.is_some());
    assert_eq!(gate.frame(at(1), 3, frame), LineOutcome::Passes, "another person");
    // A new line has no new pace, and who goes on is let go.
    gate.closed(1);
    gate.open(at(1), 4, ("eve", "laptop"), at(1).plus(1)).unwrap();
    assert!(matches!(gate.frame(at(1), 4, frame), LineOutcome::Instead(_)));
    let outcomes: Vec<_> = (0..2_000).map(|_| gate.frame(at(1), 4, frame)).collect();
    assert!(matches!(outcomes.last(), Some(LineOutcome::Close(4429, _))));
    let large = [frame.as_slice(), &[0; 5_000]].concat();
    assert_eq!(instead(gate.frame(at(1), 3, &large)).status, 413);
}

#[test]
fn an_answer_is_bounded_by_what_its_reader_takes() {
    let mut gate = gate();
    gate.open(at(1), 1, ("eve", "laptop"), at(1)).unwrap();
    let room = gate.unread_bound();
    assert_eq!(gate.request(1, room), LineOutcome::Passes);
    let refused = instead(gate.request(5, room + 1));
    assert_eq!((refused.id, refused.status, refused.retry_after), (Some(5), 429, Some(1_000_000)));
    assert!(matches!(gate.request(1, 2 * room + 1), LineOutcome::Close(4408, _)));
    // What others of the same person do not read counts, and what everybody does not read.
    let (large, small) = (7 << 20, 1_000);
    let nothing = LineUnread { of_person: 0, of_all: 0 };
    let of_person = LineUnread { of_person: 9 << 20, of_all: 9 << 20 };
    let of_all = LineUnread { of_person: 0, of_all: 33 << 20 };
    assert_eq!(gate.answer(large, nothing), LineOutcome::Passes);
    for no_room in [of_person, of_all] {
        assert!(matches!(gate.answer(large, no_room), LineOutcome::Close(4408, _)));
        assert_eq!(gate.answer(small, no_room), LineOutcome::Passes);
    }
}

#[test]
fn twice_the_lines_take_twice_the_steps() {
    let steps = |lines: u32| {
        let mut gate = gate();
        let work = || {
            for line in 0..lines {
                let person = format!("p{}", line / 8);
                let opened = gate.open(at(1), line, (&person, &format!("b{line}")), at(1));
                assert!(opened.is_ok());
                gate.frame(at(1), line, b"\xa1\x62id\x01");
            }
            (0..lines).for_each(|line| gate.closed(line));
        };
        steps::of(work).1
    };
    let counted: Vec<_> = [500, 1_000, 2_000, 4_000].map(steps).into();
    assert!(counted.windows(2).all(|two| two[1] as f64 <= 2.3 * two[0] as f64), "{counted:?}");
}
