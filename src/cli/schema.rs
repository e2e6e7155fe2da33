//! `flatcert schema`: what the JSON of a command looks like, derived from the types that are printed.
//!
//! The types derive `JsonSchema`, so a field and its doc comment are the schema's; `docs/schemas` holds what this
//! command writes, and a test compares. Two things are added here: objects are closed, so that a validator finds
//! fields that are not documented, and the field `schema` must be the name of the version.

use super::arguments::Schema;
use super::{Found, Outcome, figures, files, nightly, output};
use flatcert::nightly::Night;
use flatcert::report::split::{ClaimFile, FigureFile, Index, ProofFile};
use flatcert::{Error, Result, follow, inspect};
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

/// What `nightly --json` prints: a night, or with `--status` what a ledger holds.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "for its schema")]
enum Nightly<'a> {
    Night(Box<Night>),
    Standing(nightly::Standing<'a>),
}

/// A schema, by the name of what prints it.
struct Named {
    /// What is typed after `schema`.
    name: &'static str,
    /// The `schema` that the JSON itself names.
    version: &'static str,
    /// Makes the schema of the type that is printed.
    make: fn(SchemaGenerator) -> schemars::Schema,
}

/// All schemas, in the order in which they are listed.
const NAMED: [Named; 8] = [
    Named { name: "evidence", version: "flatcert.evidence/2", make: of::<Index> },
    Named { name: "claim", version: "flatcert.claim/1", make: of::<ClaimFile> },
    Named { name: "proof", version: "flatcert.proof/1", make: of::<ProofFile> },
    Named { name: "figure", version: "flatcert.figure/2", make: of::<FigureFile> },
    Named { name: "inspect", version: "flatcert.inspect/2", make: of::<files::With<'static, inspect::Inspection>> },
    Named { name: "flow", version: "flatcert.flow/2", make: of::<files::With<'static, follow::Account>> },
    Named { name: "figures", version: "flatcert.figures/1", make: of::<figures::Account<'static>> },
    Named { name: "nightly", version: "flatcert.nightly/1", make: of::<Nightly<'static>> },
];

/// The schema of a type and of all that it refers to.
fn of<T: JsonSchema>(generator: SchemaGenerator) -> schemars::Schema {
    generator.into_root_schema_for::<T>()
}

impl Named {
    /// Such as `inspect-2.json`: the name, and the number of the version.
    fn file_name(&self) -> String {
        let version = self.version.rsplit('/').next().unwrap_or_default();
        format!("{}-{version}.json", self.name)
    }

    /// The schema: every field is documented, and no other may occur.
    ///
    /// # Errors
    /// It is no JSON: a bug.
    fn text(&self) -> Result<String> {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let mut schema = (self.make)(settings.into_generator());
        RecursiveTransform(closed).transform(&mut schema);
        let mut value = schema.to_value();
        value["title"] = json!(self.version);
        tagged(&mut value, self.version);
        serde_json::to_string_pretty(&value).map(|s| s + "\n").map_err(|e| Error::internal(format!("schema: {e}")))
    }
}

/// An object has no fields but those that it is documented with.
///
/// Objects that say themselves what further fields are (maps) stay as they are.
fn closed(schema: &mut schemars::Schema) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema.insert("additionalProperties".into(), Value::Bool(false));
    }
}

/// The JSON says which schema it follows: at its root, or, where it is one of several shapes, in each of those.
fn tagged(value: &mut Value, version: &str) {
    let name = |schema: &mut Value| {
        if let Some(own) = schema.get_mut("properties").and_then(|p| p.get_mut("schema")) {
            *own = json!({"const": version});
        }
    };
    name(value);
    let definitions = value.get_mut("$defs").and_then(Value::as_object_mut).into_iter().flatten();
    definitions.filter(|(shape, _)| ["Night", "Standing"].contains(&shape.as_str())).for_each(|(_, shape)| name(shape));
}

/// Prints one schema, or writes all of them.
///
/// Without a name and a folder it lists names and versions.
///
/// # Errors
/// No such name; the folder cannot be written.
pub fn schema(a: &Schema) -> Outcome {
    match (&a.name, &a.out) {
        (Some(name), _) => {
            let known = || NAMED.iter().map(|n| n.name).collect::<Vec<_>>().join(", ");
            let named = NAMED.iter().find(|n| n.name == name);
            let named = named.ok_or_else(|| Error::usage(format!("no schema '{name}': there are {}", known())))?;
            output::print(&named.text()?)?;
        }
        (None, Some(folder)) => {
            std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
            for named in &NAMED {
                output::replace(&folder.join(named.file_name()), &named.text()?)?;
            }
        }
        (None, None) => {
            output::print(&NAMED.iter().map(|n| format!("{:10}{}\n", n.name, n.version)).collect::<String>())?;
        }
    }
    Ok(Found::AsRecorded)
}
