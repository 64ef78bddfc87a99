//! Who is logged in, as the tabs hear of it.

use temporal_entity_core::message::Method;
use temporal_entity_core::store::TabEffect;

use super::browser::{Browser, note};

fn who(browser: &Browser, tab: usize) -> (Option<String>, bool, bool) {
    let status = browser.tabs[tab].status(&note());
    (status.person, status.signed_out, status.connected)
}

fn ada() -> Option<String> {
    Some("ada".to_owned())
}

#[test]
fn every_tab_knows_who_is_logged_in() {
    let mut browser = Browser::new(2);
    assert_eq!(who(&browser, 0), (None, false, false));
    browser.welcome("ada");
    browser.read(r#"{"title": "a"}"#);
    assert_eq!(who(&browser, 0), (ada(), false, true));
    assert_eq!(who(&browser, 1), (ada(), false, true));
    browser.lost();
    assert_eq!(who(&browser, 1), (ada(), false, false));
}

#[test]
fn the_end_of_the_session_is_told_and_the_next_login_as_well() {
    let mut browser = Browser::live(2);
    browser.hub.socket_closed(browser.now, 4401);
    browser.settle();
    assert_eq!(who(&browser, 0), (ada(), true, false));
    assert_eq!(who(&browser, 1), (ada(), true, false));
    // Somebody logs in on another page.
    browser.tabs[1].attached();
    browser.settle();
    browser.welcome("bob");
    assert_eq!(who(&browser, 0), (Some("bob".to_owned()), false, true));
}

#[test]
fn so_is_the_end_of_a_session_before_the_first_connection() {
    let mut browser = Browser::new(1);
    browser.hub.socket_closed(browser.now, 4401);
    browser.settle();
    assert_eq!(who(&browser, 0), (None, true, false));
}

#[test]
fn calls_of_the_person_before_are_answered() {
    let mut browser = Browser::live(1);
    let calls = [Method::Delete, Method::PatchUndelete]
        .map(|method| browser.tabs[0].call(note().into(), method, None));
    browser.settle();
    browser.lost();
    browser.wait();
    let welcome = temporal_entity_core::message::Downstream::Welcome { person: "bob".to_owned() };
    browser.hub.socket_frame(browser.now, &welcome.encode().unwrap());
    let mut answered: Vec<_> = browser
        .answers(0)
        .into_iter()
        .map(|effect| match effect {
            TabEffect::Answered { call, result: Err(problem) } => (call, problem.status),
            other => panic!("{other:?}"),
        })
        .collect();
    answered.sort_unstable();
    assert_eq!(answered, calls.map(|call| (call, 401)));
}
