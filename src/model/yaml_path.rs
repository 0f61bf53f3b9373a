//! Where one is in YAML that somebody writes: the names of the fields around a line, by how far it is indented. The text
//! need not be whole, so it is not parsed.

/// The fields that lead to line `row` of `lines`, from outside to inside; those of the nearest line above that has one.
pub fn at(lines: &[String], row: usize) -> Vec<String> {
    let mut path = Vec::new();
    // A field is around what was found so far if its key stands left of this column.
    let mut limit = usize::MAX;
    for line in lines.iter().take(row + 1).rev() {
        let Some(Place { dash, column, key }) = place(line) else { continue };
        if column < limit {
            path.push(key.to_owned());
            limit = column;
        }
        // The list that holds this element stands where its dash stands, or left of it.
        if let Some(dash) = dash.filter(|_| column == limit) {
            limit = dash + 1;
        }
    }
    path.reverse();
    path
}

/// The value of the field `name` of the object itself.
pub fn top<'a>(lines: &'a [String], name: &str) -> Option<&'a str> {
    lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::trim))
}

/// The key on a line.
struct Place<'a> {
    /// The column of the first dash before it.
    dash: Option<usize>,
    /// Its column.
    column: usize,
    key: &'a str,
}

fn place(line: &str) -> Option<Place<'_>> {
    let mut rest = line.trim_start_matches(' ');
    let indent = line.len() - rest.len();
    let dash = rest.starts_with("- ").then_some(indent);
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start_matches(' ');
    }
    let end = rest.find(": ").or_else(|| rest.trim_end().strip_suffix(':').map(str::len))?;
    let key = rest.get(..end)?.trim_matches(['"', '\'']);
    (!key.is_empty() && !rest.starts_with('#')).then_some(Place { dash, column: line.len() - rest.len(), key })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<String> {
        let text = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - env:\n        \
                    - name: A\n          value: b\n        image: nginx:1\n        name: web\n\n      - name: other\n      \
                    # a: comment\n  replicas: 2\nstatus: {}\n";
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn each_line_knows_the_fields_around_it() {
        let path = |row: usize| at(&lines(), row).join(".");
        assert_eq!(path(0), "apiVersion");
        assert_eq!(path(6), "spec.template.spec.containers.env");
        assert_eq!(path(8), "spec.template.spec.containers.env.value");
        assert_eq!(path(10), "spec.template.spec.containers.name");
        assert_eq!(path(11), "spec.template.spec.containers.name", "an empty line belongs to what stands above");
        assert_eq!(path(12), "spec.template.spec.containers.name");
        assert_eq!((path(14), path(15)), ("spec.replicas".to_owned(), "status".to_owned()));
        assert_eq!(path(99), "status");
        assert_eq!((top(&lines(), "kind"), top(&lines(), "name")), (Some("Deployment"), None));
        let deep: Vec<String> = "a:\n  - b:\n      - c: 1\n".lines().map(str::to_owned).collect();
        assert_eq!(at(&deep, 2), ["a", "b", "c"]);
    }
}
