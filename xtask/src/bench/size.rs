//! Sizes of what is deployed and of what a browser loads, raw and gzipped.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::project::Project;
use crate::setup::Setup;
use crate::{assemble, process};

/// Upper bounds for the gzipped sizes, in bytes.
const BROWSER_WASM_GOAL: usize = 120_000;
const TAB_SCRIPT_GOAL: usize = 15_000;

struct Row {
    what: &'static str,
    raw: usize,
    gzipped: usize,
    goal: Option<usize>,
}

/// Builds both sides and prints the table.
pub fn measure(project: &Project) -> Result<Value> {
    let library = {
        let setup = Setup::begin(project)?;
        assemble::everything(&setup)?;
        assemble::worker_unwind(&setup)?;
        bundled_library(&setup)?
    };
    let (board, pkg) = (project.board(), project.board_pkg());
    let rows = [
        Row::of("worker wasm", &[board.join("build/index_bg.wasm")], None)?,
        Row::of("worker wasm that unwinds", &[board.join("build-release/index_bg.wasm")], None)?,
        Row::of("worker script", &[board.join("build/index.js")], None)?,
        Row::of("browser wasm", &[pkg.join("board_bg.wasm")], Some(BROWSER_WASM_GOAL))?,
        Row::of("SharedWorker script", &[pkg.join("hub.js")], None)?,
        Row::of("tab script, library alone", &[library], Some(TAB_SCRIPT_GOAL))?,
        Row::of("tab script, the board's page", &page_scripts(&board.join("web/dist"))?, None)?,
    ];
    print(&rows);
    Ok(rows.iter().map(|row| (row.what.to_owned(), row.json())).collect())
}

/// What our library adds to a page: tab.js with the glue it imports, as a bundler would pack it.
fn bundled_library(setup: &Setup) -> Result<PathBuf> {
    let output = setup.project.scratch().join("tab-library.js");
    let entry = setup.project.board_pkg().join("tab.js");
    process::run(setup.packages()?.bundle(&entry, &output)?.arg("--minify"))?;
    Ok(output)
}

/// All scripts that Vite made but the SharedWorker's, which is loaded once per browser.
fn page_scripts(dist: &Path) -> Result<Vec<PathBuf>> {
    let folder = dist.join("assets");
    let entries = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    let mut scripts: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    scripts.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".js") && !name.starts_with("hub")
    });
    Ok(scripts)
}

impl Row {
    fn of(what: &'static str, files: &[PathBuf], goal: Option<usize>) -> Result<Self> {
        let (mut raw, mut gzipped) = (0, 0);
        for file in files {
            let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
            raw += bytes.len();
            gzipped += gzip(&bytes)?;
        }
        Ok(Self { what, raw, gzipped, goal })
    }

    fn json(&self) -> Value {
        json!({ "raw": self.raw, "gzipped": self.gzipped, "goal": self.goal })
    }
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn print(rows: &[Row]) {
    println!("{:<30} {:>10} {:>10} {:>10}", "bytes", "raw", "gzipped", "goal");
    for row in rows {
        let goal = match row.goal {
            None => String::new(),
            Some(goal) if row.gzipped <= goal => format!("{goal:>10}  met"),
            Some(goal) => format!("{goal:>10}  missed by {}", row.gzipped - goal),
        };
        println!("{:<30} {:>10} {:>10} {goal}", row.what, row.raw, row.gzipped);
    }
}
