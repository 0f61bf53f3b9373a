//! Conflicts of a server-side apply: which fields it would set, and which managers own them.

use crate::text::safe;
use serde_json::Value;

/// One line for each field that others manage: `.spec.replicas: "hpa", "kubectl-edit" using apps/v1`. Empty when `status`
/// is about something else.
pub(super) fn fields(status: &Value) -> Vec<String> {
    let causes = status.pointer("/details/causes").and_then(Value::as_array);
    let text =
        |cause: &Value, name: &str| safe(cause.get(name).and_then(Value::as_str).unwrap_or_default()).into_owned();
    let conflict = |cause: &&Value| text(cause, "reason") == "FieldManagerConflict";
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for cause in causes.into_iter().flatten().filter(conflict) {
        let (field, said) = (text(cause, "field"), text(cause, "message"));
        let manager = said.strip_prefix("conflict with ").unwrap_or(&said).to_owned();
        match fields.iter_mut().find(|(name, _)| *name == field) {
            Some((_, managers)) => managers.push(manager),
            None => fields.push((field, vec![manager])),
        }
    }
    fields.into_iter().map(|(field, managers)| format!("{field}: {}", managers.join(", "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::gate::{Problem, Trouble};
    use serde_json::json;

    #[test]
    fn each_field_is_told_with_all_its_managers() {
        let cause = |manager: &str, field: &str| json!({"reason": "FieldManagerConflict", "message": format!("conflict with {manager}"), "field": field});
        let causes = [
            cause("\"hpa\" using apps/v1", ".spec.replicas"),
            cause("\"helm\"", ".spec.replicas"),
            cause("\"ci\"", ".metadata.labels.a"),
        ];
        let status = json!({"reason": "Conflict", "message": "Apply failed", "details": {"causes": causes}});
        let problem = Problem::of_answer(409, &status);
        // Not `Conflict`: to plan anew does not help.
        assert_eq!(problem.trouble, Trouble::Refused(409));
        assert_eq!(problem.sentence, "2 fields are managed by others, who set something else");
        assert_eq!(problem.details, [".spec.replicas: \"hpa\" using apps/v1, \"helm\"", ".metadata.labels.a: \"ci\""]);
        assert_eq!(
            fields(&json!({"details": {"causes": [{"reason": "FieldValueInvalid", "field": "spec"}]}})),
            [""; 0]
        );
    }
}
