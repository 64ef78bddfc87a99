//! Input that is made to be slow.

use temporal_entity_core::value::Value;

use crate::build::{
    behind, counted, done, element, from, gone, items, keyed, keyed_by, list, list_of, many, maps,
    name, nested, numbers, objects, ordered, placed, rows, rows_of, sets, text,
};
use crate::operations::Case;
use crate::typed::Row;

type Shape = (&'static str, fn(usize) -> Case);

pub const SHAPES: &[Shape] = &[
    ("text, many splices", |n| {
        text(&"abcd".repeat(n), many(n, 4, 0, "x"), many(n, 5, 2, "yz"), many(n, 4, 1, ""))
    }),
    ("text, many splices in other characters", |n| {
        text(&"äöüß".repeat(n), many(n, 4, 1, "é"), many(n, 4, 2, "🙂"), many(n, 4, 2, ""))
    }),
    ("text, one long insertion and many splices in it", |n| {
        text("", vec![(0, 0, "é".repeat(8 * n))], many(n, 8, 1, "y"), vec![(0, 0, "z".repeat(n))])
    }),
    ("text, one long insertion and many insertions in it", |n| {
        text("ab", vec![(1, 0, "x".repeat(8 * n))], many(n, 8, 0, "y"), vec![(1, 1, "z".repeat(n))])
    }),
    ("text, one long insertion and many deletions in it", |n| {
        text("", vec![(0, 0, "x".repeat(8 * n))], many(n, 8, 3, ""), vec![])
    }),
    ("text, deletions", |n| {
        text(&"abcd".repeat(n), many(n, 4, 2, ""), many(n, 2, 0, "x"), many(n, 4, 1, ""))
    }),
    ("text, deletions in many insertions", |n| {
        text(
            &"ab".repeat(n),
            many(n, 2, 0, "xyz"),
            many(n, 5, 4, ""),
            vec![(0, 2 * n, String::new())],
        )
    }),
    ("text, one character repeated", |n| {
        let splices = (0..40).map(|at| (n / 10 * at, 1, "x".to_owned())).collect();
        text(&" ".repeat(4 * n), splices, many(n, 4, 1, "-"), many(n, 4, 1, "+"))
    }),
    ("list, many splices", |n| list(4 * n, many(n, 4, 0, 1), many(n, 5, 2, 2), many(n, 4, 1, 3))),
    ("list, one long insertion and many splices in it", |n| {
        list(0, vec![(0, 0, 8 * n, 1)], many(n, 8, 1, 2), vec![(0, 0, n, 3)])
    }),
    ("list, deletions", |n| list(4 * n, gone(n, 4, 2), many(n, 2, 0, 1), gone(n, 4, 1))),
    ("list, numbers repeated", |n| {
        let splices = (0..40).map(|at| (n / 10 * at, 1, 1, 7)).collect();
        list_of(vec![0; 4 * n], splices, many(n, 4, 1, 8), many(n, 4, 1, 9))
    }),
    ("set, elements come and leave", |n| {
        let set = |from: usize, step: usize| sets((0..n).map(|at| from + at * step));
        from(set(0, 4), set(2, 4), set(2, 8), set(3, 2))
    }),
    ("set, all leave", |n| {
        from(sets(0..2 * n), sets(0..0), sets(0..n), sets((0..n).map(|at| at * 4)))
    }),
    ("map, entries come and leave", |n| {
        let map = |from: usize, step: usize| maps((0..n).map(|at| from + at * step), "");
        from(map(0, 4), map(2, 4), map(2, 8), map(3, 2))
    }),
    ("map, entries leave", |n| {
        from(maps(0..2 * n, ""), maps(0..0, ""), maps(0..n, ""), maps((0..n).map(|at| 4 * at), ""))
    }),
    ("map, entries change", |n| from(maps(0..n, ""), maps(0..n, "a"), maps(0..n, "b"), counted(n))),
    ("map, counters", |n| from(maps(0..n, ""), counted(n), counted(2 * n), counted(n / 2))),
    ("map of numbers", |n| {
        from(numbers(n, 4, 0), numbers(n, 4, 2), numbers(n, 8, 2), numbers(n, 2, 3))
    }),
    ("JSON, objects", |n| {
        from(objects(n, 2, 0), objects(n, 2, 1), objects(n, 4, 1), objects(n, 3, 0))
    }),
    ("JSON, nested objects and arrays", |n| {
        from(nested(n, 0), nested(n, 1), nested(n, 2), nested(n, 3))
    }),
    ("rows, all at the beginning, then each behind one of them", |n| {
        let (new, more) = (rows(n, "n"), rows(n, "m"));
        keyed(vec![], &[(None, &new)], &behind(&new, &more), &[(None, &rows(n, "o"))])
    }),
    ("rows, each behind another one", |n| {
        let (old, new) = (rows(n, "r"), rows(n, "n"));
        let (more, others) = (rows(n, "m"), rows(n, "o"));
        keyed(rows(n, "r"), &behind(&old, &new), &behind(&new, &more), &behind(&old, &others))
    }),
    ("rows, each behind another one, and then again", |n| {
        let (old, new) = (rows(n, "r"), rows(n, "n"));
        let (more, others) = (rows(n, "m"), rows(n, "n"));
        keyed(rows(n, "r"), &behind(&old, &new), &behind(&old, &more), &behind(&old, &others))
    }),
    ("rows, moved", |n| {
        let order = |order: &dyn Fn(usize) -> usize| ordered(n, order, "");
        from(
            order(&|at| at),
            order(&|at| n - 1 - at),
            order(&|at| (at + n / 2) % n),
            order(&|at| at ^ 1),
        )
    }),
    ("rows, moved far", |n| {
        let order = |order: &dyn Fn(usize) -> usize| ordered(n, order, "");
        let far = |at: usize| at.reverse_bits() >> (usize::BITS - n.ilog2());
        from(order(&|at| at), order(&far), order(&|at| at), order(&|at| far(n - 1 - at)))
    }),
    ("rows, changed inside and one moved", |n| {
        let one = |at: usize| if at == 0 { n - 1 } else { at - 1 };
        from(
            ordered(n, &|at| at, ""),
            ordered(n, &one, "a"),
            ordered(n, &one, "ab"),
            done(ordered(n, &|at| at ^ 1, "")),
        )
    }),
    ("rows, removed", |n| {
        let some = |keep: usize| {
            rows_of(
                rows(n, "r")
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| at % 4 != keep)
                    .map(|(_, row)| row),
            )
        };
        from(some(9), some(0), some(1), done(some(9)))
    }),
    ("rows, removed, others moved behind them", |n| {
        let halves = |at: usize| if at < n { 2 * at } else { 2 * (at - n) + 1 };
        let half = rows_of(rows(2 * n, "r").into_iter().step_by(2));
        from(
            ordered(2 * n, &|at| at, ""),
            half,
            ordered(n, &|at| n - 1 - at, ""),
            ordered(2 * n, &halves, ""),
        )
    }),
    ("rows, items placed in each", |n| from(items(n, 0), items(n, 1), items(n, 2), items(n, 3))),
    ("rows, behind a very long key", |n| {
        let mut old = rows(n, "r");
        old[0].id = "k".repeat(32 * n);
        let (new, others) = (rows(n, "n"), rows(n, "o"));
        let anchor = old[0].id.clone();
        let case = |rows: &[Row]| {
            vec![(Some(anchor.clone()), rows.iter().map(|row| row.id.clone()).collect())]
        };
        keyed_by(old, (&new, case(&new)), (&[], vec![]), (&others, case(&others)))
    }),
    ("unordered maps", |n| {
        let map = |first: usize, value: &str| {
            let key = |at: usize| name(2 * (at * 7_919 % n) + first);
            Value::Map((0..n).map(|at| (key(at).into(), Value::from(value))).collect())
        };
        Case {
            kind: None,
            value: map(0, "a"),
            first: map(1, "b"),
            later: map(0, "c"),
            other: map(1, "d"),
        }
    }),
    ("conflicts under a very long key", |n| {
        let under = |value: &str| {
            let inner = (0..n).map(|at| (Value::from(format!("{at:06}")), Value::from(value)));
            let inner = Value::Map(inner.collect());
            Value::Map(vec![(Value::from("k".repeat(64 * n)), inner)])
        };
        Case {
            kind: None,
            value: under("a"),
            first: under("b"),
            later: under("c"),
            other: under("d"),
        }
    }),
    ("lists under a very long key", |n| {
        let under = |change: &dyn Fn(usize) -> Value| {
            let inner = (0..n).map(|at| (Value::from(format!("{at:06}")), change(at)));
            Value::Map(vec![(Value::from("k".repeat(64 * n)), Value::Map(inner.collect()))])
        };
        let place = |key: &'static str| {
            move |_: usize| placed("id", &[(None, vec![key.to_owned()])], &[(key.to_owned(), None)])
        };
        let value = under(&|_| Value::Array(vec![element("a", None), element("b", None)]));
        Case {
            kind: None,
            value,
            first: under(&place("c")),
            later: under(&place("d")),
            other: under(&place("e")),
        }
    }),
];
