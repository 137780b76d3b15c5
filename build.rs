//! Builds the playground's full page with npm, where npm is present. Without it the binary holds the
//! small page alone, which needs nothing. `GONGTU_PLAYGROUND=off` asks for that.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

/// What the page is made of, in `playground/`. The examples are not: the server embeds them itself.
const SOURCES: [&str; 6] =
    [".npmrc", "build.mjs", "package-lock.json", "package.json", "small", "src"];

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() -> ExitCode {
    println!("cargo:rerun-if-env-changed=GONGTU_PLAYGROUND");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=playground/examples");
    for source in SOURCES {
        println!("cargo:rerun-if-changed=playground/{source}");
    }

    let Err(problem) = playground() else { return ExitCode::SUCCESS };
    for line in problem.message.lines() {
        println!("cargo:warning={line}");
    }
    if problem.is_fatal {
        eprintln!("{}", problem.message);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

struct Problem {
    message: String,
    is_fatal: bool,
}

/// Leaves the page in `OUT_DIR/playground`, or leaves that folder empty.
fn playground() -> Result<(), Problem> {
    let source =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("playground");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let page = out.join("playground");
    let stamp = out.join("playground.stamp");
    let workplace = out.join("playground-build");
    let is_release = env::var("PROFILE").is_ok_and(|it| it == "release");
    let fail = |what: &str| Problem {
        message: format!(
            "The full playground page was not built: {what}\n\
             To try again: touch playground/package.json. To do without it: GONGTU_PLAYGROUND=off."
        ),
        is_fatal: is_release,
    };

    let is_off = env::var("GONGTU_PLAYGROUND").is_ok_and(|it| it == "off");
    let fingerprint = fingerprint(&source).map_err(|it| fail(&it.to_string()))?;
    if !is_off && fs::read_to_string(&stamp).is_ok_and(|it| it == fingerprint) {
        return Ok(());
    }

    let _ = fs::remove_file(&stamp);
    replace_folder(&page).map_err(|it| fail(&it.to_string()))?;
    if is_off {
        return Ok(());
    }
    if !is_npm_present() {
        return Err(Problem {
            is_fatal: false,
            ..fail("npm is not installed. The small page stands in.")
        });
    }

    replace_folder(&workplace)
        .and_then(|()| {
            SOURCES.iter().try_for_each(|it| copy(&source.join(it), &workplace.join(it)))
        })
        .map_err(|it| fail(&it.to_string()))?;
    // A debug build with no network goes on soon; a release build waits for a slow one.
    let patience: &[&str] =
        if is_release { &[] } else { &["--fetch-retries=1", "--fetch-retry-mintimeout=1000"] };
    let result = npm(&["ci", "--prefer-offline", "--no-progress"], patience, &workplace, &page)
        .and_then(|()| npm(&["run", "build"], &[], &workplace, &page));
    // Two hundred megabytes that the page does not need.
    let _ = fs::remove_dir_all(&workplace);
    if let Err(message) = result {
        replace_folder(&page).map_err(|it| fail(&it.to_string()))?;
        return Err(fail(&message));
    }
    fs::write(&stamp, fingerprint).map_err(|it| fail(&it.to_string()))
}

fn is_npm_present() -> bool {
    Command::new(NPM).arg("--version").output().is_ok_and(|it| it.status.success())
}

/// Runs npm quietly: it is heard only when it fails.
fn npm(command: &[&str], options: &[&str], workplace: &Path, page: &Path) -> Result<(), String> {
    let output = Command::new(NPM)
        .args(command)
        .args(options)
        .current_dir(workplace)
        .env("GONGTU_PLAYGROUND_OUT", page)
        .output()
        .map_err(|it| format!("npm {}: {it}", command.join(" ")))?;
    if output.status.success() {
        return Ok(());
    }
    let heard = [output.stdout, output.stderr].concat();
    let heard = String::from_utf8_lossy(&heard);
    let lines: Vec<&str> = heard.lines().filter(|it| !it.trim().is_empty()).collect();
    let tail = lines[lines.len().saturating_sub(15)..].join("\n");
    Err(format!("npm {} failed ({}):\n{tail}", command.join(" "), output.status))
}

/// What the sources say: a build script that runs again for another reason does not build the page again.
fn fingerprint(source: &Path) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for name in SOURCES {
        for file in files(&source.join(name))? {
            file.strip_prefix(source).expect("it is inside").hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut entries =
        fs::read_dir(path)?.map(|it| Ok(it?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let nested = entries.iter().map(|it| files(it)).collect::<io::Result<Vec<_>>>()?;
    Ok(nested.concat())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for file in files(from)? {
        let target = if from.is_dir() {
            to.join(file.strip_prefix(from).expect("it is inside"))
        } else {
            to.into()
        };
        fs::create_dir_all(target.parent().expect("it is in a folder"))?;
        fs::copy(&file, &target)?;
    }
    Ok(())
}

fn replace_folder(path: &Path) -> io::Result<()> {
    if path.exists() {
        fs::remove_dir_all(path)?;
    }
    fs::create_dir_all(path)
}
