//! Processor time, steps and memory of a piece of work.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a piece of work took.
#[derive(Clone, Copy, Default)]
pub struct Measured {
    /// Processor time in milliseconds.
    ms: f64,
    /// Steps that were counted; not a number in a build that counts none.
    steps: f64,
    /// By how much the memory that was allocated rose, at the most, in megabytes.
    megabytes: f64,
}

impl Measured {
    pub fn figures(self) -> [(&'static str, f64); 3] {
        [("ms", self.ms), ("steps", self.steps), ("megabytes", self.megabytes)]
    }

    /// Returns the higher of each two figures.
    pub fn max(self, other: Measured) -> Measured {
        Measured {
            ms: self.ms.max(other.ms),
            steps: self.steps.max(other.steps),
            megabytes: self.megabytes.max(other.megabytes),
        }
    }
}

/// Does `work`, and measures it.
pub fn measured<R>(work: impl FnOnce() -> R) -> (R, Measured) {
    let before = ALLOCATED.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let began = processor_time();
    #[cfg(feature = "steps")]
    let (done, steps) = {
        let (done, steps) = temporal_entity_core::steps::of(work);
        (done, steps as f64)
    };
    #[cfg(not(feature = "steps"))]
    let (done, steps) = (work(), f64::NAN);
    let ms = (processor_time() - began) / 1e6;
    let most = MOST.load(Ordering::Relaxed).saturating_sub(before);
    (done, Measured { ms, steps, megabytes: most as f64 / 1e6 })
}

/// Nanoseconds that this thread has run.
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts it");
    let nanos = stat.split_whitespace().next().and_then(|nanos| nanos.parse::<u64>().ok());
    nanos.expect("a number of nanoseconds") as f64
}

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
struct Counted;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

#[expect(unsafe_code, reason = "an allocator is unsafe by its interface")]
// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let allocated = ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(allocated, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }
}
