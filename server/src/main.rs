//! The `egida` command.

fn main() -> std::process::ExitCode {
    egida::cli::main()
}
