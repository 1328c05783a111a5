//! `cargo xtask dev`: the server, and in front of it the web development server that reloads what is edited.

use std::process::Child;
use std::time::Duration;

use crate::demo::{self, Data};
use crate::run::build_server;
use crate::shell::{Outcome, built, command};
use crate::web;

const LISTEN: &str = "127.0.0.1:8080";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    build_server()?;
    let data = Data::of_environment();
    demo::ensure(&data)?;
    demo::print_accounts(&data)?;
    let origin = format!("http://{LISTEN}");
    let mut serve = command(built("egida"), ["--data"]);
    let server = serve.arg(data.folder()).args(["serve", "--listen", LISTEN]).spawn();
    let web = web::npm(["run", "dev", "--"]).args(arguments).env("EGIDA_ORIGIN", origin).spawn();
    let (mut server, mut web) = (Running::new("the server", server)?, Running::new("the web development server", web)?);
    loop {
        server.check()?;
        web.check()?;
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// A child that doesn't outlive us.
struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    fn new(name: &'static str, child: std::io::Result<Child>) -> Outcome<Self> {
        let child = child.map_err(|error| format!("{name} could not be started: {error}"))?;
        Ok(Self { name, child })
    }

    fn check(&mut self) -> Outcome {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(format!("{} has ended: {status}", self.name)),
            Err(error) => Err(format!("{}: {error}", self.name)),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
