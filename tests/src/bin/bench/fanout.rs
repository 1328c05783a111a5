//! Two hundred members in one channel: a steady flow, and as much as goes. Egida beside the bare-bones echo.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use support::server_process::{Launch, ServerProcess, program};
use tokio::time::{MissedTickBehavior, interval};

use crate::crowd::{Crowd, Place, Tally};
use crate::report::{Limit, Report, quantile};
use crate::seed::{self, Seeded};
use crate::{Run, seed::Size};

const MEMBERS: usize = 200;
/// Messages a second in the steady flow.
const RATE: u32 = 20;
/// Sockets that post in the steady flow, each far below the server's limit of frames.
const STEADY_POSTERS: usize = 4;
/// Sockets that post in the burst, each as soon as its answer has come.
const BURST_POSTERS: usize = 8;
/// Posts under way in the burst at most: not yet answered, or not yet with all members.
const BURST_WINDOW: usize = 8;
/// Length of a `message` frame until one of Egida's has been seen (bytes).
const USUAL_FRAME: usize = 1100;

/// The figures of one server in one run.
struct Figures {
    /// Seconds of CPU.
    cpu: f64,
    deliveries: f64,
    /// Seconds.
    took: f64,
    p50: f64,
    p99: f64,
}

impl Figures {
    fn cpu_per_million(&self) -> f64 {
        self.cpu / self.deliveries * 1e6
    }

    fn rate(&self) -> f64 {
        self.deliveries / self.took
    }
}

/// Echo and Egida, and what the echo has learned of Egida's frames.
pub(crate) struct Bench {
    seeded: Seeded,
    frame_bytes: usize,
}

impl Bench {
    /// Prepares the seeded folder and learns how long Egida's `message` frames are, so that the echo's are the same.
    ///
    /// # Errors
    /// When Egida can't be seeded, started or posted to.
    pub(crate) async fn prepare(run: &Run) -> Result<Self> {
        let seeded =
            seed::folder(run, Size { accounts: MEMBERS, messages: 2_000, rooms: 0, practices: 0, campaigns: 0, cards: 0 })?;
        let mut bench = Self { seeded, frame_bytes: USUAL_FRAME };
        let (server, place) = bench.egida(run, None)?;
        let tally = Tally::new(1, 1);
        let mut crowd = Crowd::new();
        crowd.listen(&place, &tally).await?;
        let posters = crowd.posters(&place, 1, &tally).await?;
        tally.post(&posters[0], &place.channel).await?;
        tally.settled().await?;
        bench.frame_bytes = tally.frame_bytes();
        drop(server);
        eprintln!("  a message frame has {} bytes", bench.frame_bytes);
        Ok(bench)
    }

    /// One round of the steady flow: first the echo, then Egida.
    ///
    /// # Errors
    /// When a server fails or anything is not delivered.
    pub(crate) async fn steady(&self, run: &Run, report: &mut Report) -> Result<()> {
        let seconds = if run.quick { 3 } else { 10 };
        let (server, place) = self.echo()?;
        let echo = steady(&server, &place, seconds).await?;
        drop(server);
        let (server, place) = self.egida(run, None)?;
        let egida = steady(&server, &place, seconds).await?;
        report.add("steady: CPU of a million deliveries, echo", "s", Limit::None, echo.cpu_per_million());
        report.add("steady: CPU of a million deliveries", "s", Limit::None, egida.cpu_per_million());
        report.add("steady: CPU against echo", "x", Limit::AtMost(1.5), egida.cpu_per_million() / echo.cpu_per_million());
        report.add("steady: delivery p50, echo", "us", Limit::None, echo.p50);
        report.add("steady: delivery p50", "us", Limit::None, egida.p50);
        report.add("steady: delivery p50 against echo", "x", Limit::AtMost(1.5), egida.p50 / echo.p50);
        report.add("steady: delivery p99, echo", "us", Limit::None, echo.p99);
        report.add("steady: delivery p99", "us", Limit::None, egida.p99);
        report.add("steady: delivery p99 against echo", "x", Limit::AtMost(2.5), egida.p99 / echo.p99);
        Ok(())
    }

    /// One round of the burst: first the echo, then Egida.
    ///
    /// # Errors
    /// When a server fails or anything is not delivered.
    pub(crate) async fn burst(&self, run: &Run, report: &mut Report) -> Result<()> {
        let length = Duration::from_secs(if run.quick { 2 } else { 5 });
        let (server, place) = self.echo()?;
        let echo = burst(&server, &place, length).await?;
        drop(server);
        let (server, place) = self.egida(run, Some(100_000))?;
        let egida = burst(&server, &place, length).await?;
        report.add("burst: deliveries, echo", "/s", Limit::None, echo.rate());
        report.add("burst: deliveries", "/s", Limit::None, egida.rate());
        report.add("burst: deliveries against echo", "x", Limit::AtLeast(0.25), egida.rate() / echo.rate());
        report.add("burst: CPU of a million deliveries, echo", "s", Limit::None, echo.cpu_per_million());
        report.add("burst: CPU of a million deliveries", "s", Limit::None, egida.cpu_per_million());
        report.add("burst: CPU against echo", "x", Limit::AtMost(2.5), egida.cpu_per_million() / echo.cpu_per_million());
        Ok(())
    }

    fn echo(&self) -> Result<(ServerProcess, Place)> {
        let server =
            Launch::of(program("egida-echo")?).argument("--frame-bytes").argument(self.frame_bytes.to_string()).start()?;
        let place = Place { server: server.address(), channel: "echo".into(), tokens: vec!["none".into(); MEMBERS] };
        Ok((server, place))
    }

    fn egida(&self, run: &Run, frames_per_second: Option<u32>) -> Result<(ServerProcess, Place)> {
        let data = self.seeded.copy(run)?;
        let mut launch = Launch::egida(&data)?;
        if let Some(frames) = frames_per_second {
            launch = launch.environment("EGIDA_LIMITS_FRAMES_PER_SECOND", &frames.to_string());
        }
        let server = launch.start()?;
        let place = self.seeded.place(server.address());
        Ok((server, place))
    }
}

async fn steady(server: &ServerProcess, place: &Place, seconds: u32) -> Result<Figures> {
    let tally = Tally::new(MEMBERS, 0);
    let mut crowd = Crowd::new();
    crowd.listen(place, &tally).await?;
    let posters = crowd.posters(place, STEADY_POSTERS, &tally).await?;
    let mut ticks = interval(Duration::from_secs(1) / RATE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for poster in posters.iter().cycle().take(RATE as usize) {
        ticks.tick().await;
        tally.post(poster, &place.channel).await?;
    }
    tally.settled().await?;
    tally.restart();
    let (begun, cpu) = (Instant::now(), server.cpu()?);
    for poster in posters.iter().cycle().take((RATE * seconds) as usize) {
        ticks.tick().await;
        tally.post(poster, &place.channel).await?;
    }
    tally.settled().await?;
    figures(server, &tally, begun, cpu, (RATE * seconds) as usize)
}

async fn burst(server: &ServerProcess, place: &Place, length: Duration) -> Result<Figures> {
    let tally = Tally::new(MEMBERS, BURST_WINDOW);
    let mut crowd = Crowd::new();
    crowd.listen(place, &tally).await?;
    let posters = crowd.posters(place, BURST_POSTERS, &tally).await?;
    pour(&tally, &posters, place, length / 5).await?;
    tally.settled().await?;
    tally.restart();
    let before = tally.posted();
    let (begun, cpu) = (Instant::now(), server.cpu()?);
    pour(&tally, &posters, place, length).await?;
    tally.settled().await?;
    figures(server, &tally, begun, cpu, tally.posted() - before)
}

/// Posts for `length`, each as soon as the window has room for it.
async fn pour(tally: &Rc<Tally>, posters: &[Rc<crate::raw::Writer>], place: &Place, length: Duration) -> Result<()> {
    let begun = Instant::now();
    for poster in posters.iter().cycle() {
        if begun.elapsed() >= length {
            break;
        }
        let Ok(credit) = tally.credits.acquire().await else { break };
        // It comes back when the post has reached everybody.
        credit.forget();
        tally.post(poster, &place.channel).await?;
    }
    tally.check()
}

fn figures(server: &ServerProcess, tally: &Tally, begun: Instant, cpu: Duration, posts: usize) -> Result<Figures> {
    let cpu = server.cpu()?.saturating_sub(cpu).as_secs_f64();
    let took = begun.elapsed().as_secs_f64();
    ensure!(tally.delivered() == posts * MEMBERS, "{} deliveries of {posts} posts to {MEMBERS}", tally.delivered());
    let mut latencies = tally.latencies();
    let deliveries = f64::from(u32::try_from(latencies.len())?);
    Ok(Figures { cpu, deliveries, took, p50: quantile(&mut latencies, 0.5), p99: quantile(&mut latencies, 0.99) })
}
