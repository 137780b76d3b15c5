use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

/// Documents that clients were built with: whoever knows the id of one may ask for it by that.
#[derive(Debug, Clone, Default)]
pub struct Trusted {
    /// Their texts by their ids.
    pub documents: BTreeMap<String, String>,
    /// No other document runs.
    pub only: bool,
}

/// The format of Apollo's manifest, as it calls itself.
const APOLLO: &str = "apollo-persisted-query-manifest";

#[derive(Deserialize)]
struct Manifest {
    version: u32,
    operations: Vec<Operation>,
}

/// Of the name and the type the document itself speaks.
#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

/// Reads a manifest as Apollo's tools or Relay's compiler write it.
///
/// # Errors
///
/// When it is neither, or has two texts of one id.
pub fn documents(manifest: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let manifest: Value = serde_json::from_str(manifest).context("it is not JSON")?;
    if manifest["format"] != APOLLO {
        return serde_json::from_value(manifest)
            .context("it is neither a manifest of Apollo nor texts by ids, as Relay writes them");
    }
    let Manifest { version, operations } =
        serde_json::from_value(manifest).context("its operations cannot be read")?;
    if version != 1 {
        bail!("its version is {version}, not 1");
    }
    let mut documents = BTreeMap::new();
    for Operation { id, body } in operations {
        if documents.get(&id).is_some_and(|it| *it != body) {
            bail!("it has two documents of the id {id}");
        }
        documents.insert(id, body);
    }
    Ok(documents)
}
