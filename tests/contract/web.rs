//! Who may know whom in `web/src`: the mirror of the server's rules.

use crate::tree;

/// What others may use of a feature without its index, because it is loaded on its own: four dialogs, and the drafts,
/// which the shell forgets at signing out without loading the conversation.
const NAMED_COMPONENTS: [(&str, &str); 5] = [
    ("channels", "DirectDialog.svelte"),
    ("help", "HelpSheet.svelte"),
    ("identity", "StepUpDialog.svelte"),
    ("messages", "drafts"),
    ("switcher", "Switcher.svelte"),
];

/// The forbidden imports of a file (as below `web/src`), each with its line.
fn broken(file: &str, source: &str) -> Vec<String> {
    let mut broken = Vec::new();
    for (line, specifier) in imports(source) {
        let Some(target) = resolve(file, specifier) else { continue };
        if let Some(why) = forbidden(file, &target) {
            broken.push(format!("{file}:{line}: {specifier}: {why}"));
        }
    }
    broken
}

/// What follows `from`, `import` and `import(`, with its line.
fn imports(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (quote, _) in source.match_indices(['\'', '"']) {
        let before = source[..quote].trim_end();
        let before = before.strip_suffix('(').map_or(before, str::trim_end);
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let mark = &source[quote..=quote];
        if !matches!(word, "from" | "import") {
            continue;
        }
        if let Some((specifier, _)) = source[quote + 1..].split_once(mark) {
            found.push((source[..quote].matches('\n').count() + 1, specifier));
        }
    }
    found
}

/// The file that a relative import means, as below `web/src`; `None` for packages and what lies outside.
fn resolve(file: &str, specifier: &str) -> Option<String> {
    if !specifier.starts_with('.') {
        return None;
    }
    let mut path: Vec<&str> = file.split('/').collect();
    path.pop();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()?),
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

fn forbidden(file: &str, target: &str) -> Option<String> {
    let (area, to) = (area(file), area(target));
    let allowed = match area.0 {
        // The shell puts everything together.
        "app" => return enters_by_the_door(area, to, target),
        "features" => matches!(to.0, "ui" | "api" | "base" | "features"),
        "ui" => matches!(to.0, "ui" | "base"),
        "api" => matches!(to.0, "api" | "base"),
        "base" => to.0 == "base",
        // main.ts and other files at the top.
        _ => true,
    };
    if allowed { enters_by_the_door(area, to, target) } else { Some(format!("`{}` knows nothing of `{}`", area.0, to.0)) }
}

/// The part of the house, and within the features which one.
fn area(path: &str) -> (&str, &str) {
    let mut parts = path.split('/');
    let area = parts.next().unwrap_or_default();
    (area, if area == "features" { parts.next().unwrap_or_default() } else { "" })
}

fn enters_by_the_door(area: (&str, &str), to: (&str, &str), target: &str) -> Option<String> {
    if to.0 != "features" || area == to {
        return None;
    }
    let within = target.trim_start_matches("features/").trim_start_matches(to.1).trim_start_matches('/');
    let door = matches!(within, "" | "index" | "index.ts" | "index.js");
    let named = NAMED_COMPONENTS.iter().any(|(feature, component)| *feature == to.1 && *component == within);
    (!door && !named).then(|| format!("the feature `{}` is entered through its index", to.1))
}

#[test]
fn imports_run_one_way() {
    let files = tree::files("web/src", &[".ts", ".svelte"]);
    let broken: Vec<_> = files.iter().flat_map(|(file, source)| broken(file, source)).collect();
    assert!(broken.is_empty(), "below web/src:\n{}", broken.join("\n"));
}

#[test]
fn forbidden_edges_are_seen() {
    let cases = [
        ("ui/Button.svelte", "import { x } from '../features/search';", "`ui` knows nothing of `features`"),
        ("api/client.ts", "import { x } from \"../ui/index.ts\";", "`api` knows nothing of `ui`"),
        ("features/search/Page.svelte", "import x from '../messages/store.ts';", "`messages` is entered through its index"),
        ("features/search/deep/Page.ts", "const x = import('../../messages/Row.svelte');", "`messages` is entered through"),
        ("features/search/Page.ts", "export * from '../../app/router';", "`features` knows nothing of `app`"),
        ("app/App.svelte", "import Row from '../features/messages/Row.svelte';", "`messages` is entered through its index"),
    ];
    for (file, source, why) in cases {
        let found = broken(file, source).join("\n");
        assert!(found.contains(why), "{file} {source}: {found}");
    }
    assert_eq!(broken("ui/a.ts", "\nimport '../app/x';"), ["ui/a.ts:2: ../app/x: `ui` knows nothing of `app`"]);
}

#[test]
fn allowed_edges_pass() {
    let cases = [
        ("features/search/Page.svelte", "import { a } from '../messages';\nimport { b } from '../messages/index.ts';"),
        ("features/search/Page.svelte", "import { t } from '../../base/i18n.ts';\nimport Button from '../../ui/Button.svelte';"),
        ("features/search/Page.svelte", "import Row from './Row.svelte';\nimport { mount } from 'svelte';"),
        ("base/i18n.ts", "import en from '../../messages/en.json';"),
        ("main.ts", "import App from './app/App.svelte';"),
        ("ui/a.ts", "const text = 'from there'; // not '../features/x'"),
    ];
    for (file, source) in cases {
        assert_eq!(broken(file, source), Vec::<String>::new(), "{file} {source}");
    }
}
